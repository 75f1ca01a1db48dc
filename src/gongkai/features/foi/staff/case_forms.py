"""Small forms of the page of a case."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.features.foi.selectors.detail import CaseDetail
from gongkai.features.foi.selectors.papers import PAPER_KINDS


class PaperForm(forms.Form):
    """A paper: a file, or words that stand for one."""

    kind = forms.ChoiceField(label="类别", choices=PAPER_KINDS)
    evidence = forms.ChoiceField(
        label="对应的依据材料", required=False, help_text="拟定答复后，可以注明它是哪一项依据。"
    )
    title = forms.CharField(label="名称", required=False, max_length=200, help_text="留空则用文件名。")
    upload = forms.FileField(label="文件", required=False)
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, detail: CaseDetail, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="paper-%s", **kwargs)
        lines = [(line.item.code, line.item.words) for line in detail.evidence]
        self.fields["evidence"].choices = [("", "不是依据材料"), *lines]


class ReasonForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="理由", max_length=200)


class RemoveForm(ReasonForm):
    """Why a paper is taken out."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=False, **kwargs)


class OpenForm(ReasonForm):
    """Why the applicant's data are needed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="open-%s", **kwargs)
        self.fields["reason"].help_text = "查看会留下记录：谁、什么时候、为什么。"


class IdentityForm(RemoveForm):
    """Why a proof of identity is needed."""
