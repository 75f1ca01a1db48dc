"""Narrowing the inbox, and what a person wants by e-mail."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms

from gongkai.kernel.notices.kinds import kind_label, kind_labels
from gongkai.kernel.notices.selectors import LEVELS


class FilterForm(forms.Form):
    """Which notices to show."""

    state = forms.ChoiceField(label="状态", required=False, choices=[("", "全部"), ("unread", "未读")])
    kind = forms.ChoiceField(label="类别", required=False)
    level = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), *LEVELS])

    def __init__(self, *args: Any, kinds: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "全部"), *((kind, kind_label(kind)) for kind in kinds)]


class EmailForm(forms.Form):
    """The kinds of notices that a person wants by e-mail."""

    wanted = forms.MultipleChoiceField(
        label="发送邮件的通知类别",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="不勾选的类别只在站内收到。",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wanted"].choices = list(kind_labels().items())

    def declined(self) -> set[str]:
        """Return the kinds that were not chosen."""
        return set(kind_labels()) - set(self.cleaned_data["wanted"])
