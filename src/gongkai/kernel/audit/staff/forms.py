"""What the audit screen may be narrowed by."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.kernel.audit.actions import action_labels, target_label
from gongkai.kernel.audit.selectors import Filters, target_types


class FilterForm(forms.Form):
    """Who, what, when, which object; every field may stay empty."""

    actor_name = forms.CharField(label="人员", required=False, max_length=50)
    action = forms.ChoiceField(label="动作", required=False)
    target_type = forms.ChoiceField(label="对象类型", required=False)
    target_id = forms.CharField(label="对象编号", required=False, max_length=100)
    words = forms.CharField(label="摘要包含", required=False, max_length=50)
    first = forms.DateField(label="起始日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="截止日期", required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["action"].choices = [("", "全部"), *((code, label) for code, label in action_labels().items())]
        self.fields["target_type"].choices = [("", "全部"), *((kind, target_label(kind)) for kind in target_types())]

    def clean(self) -> dict[str, Any]:
        """Refuse a first day after the last one."""
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first"), values.get("last")
        if first and last and first > last:
            self.add_error("first", "起始日期晚于截止日期，请核对。")
        return values

    def filters(self) -> Filters:
        """Return what was filled in and can be used."""
        if not self.is_valid():
            return Filters()
        return Filters(**{name: value for name, value in self.cleaned_data.items() if value})
