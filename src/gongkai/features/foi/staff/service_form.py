"""The form by which a day of service is put right."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.features.foi.staff.linked_forms import StepForm

STEP = Verb.CORRECT_SERVICE
NAME = VERB_NAMES[STEP]


class ServiceDayForm(StepForm):
    """The right day, why, and the paper that shows it."""

    field_order = ("served_on", "reason", "paper", "upload", "on", "seen")
    served_on = forms.DateField(
        label="更正后的送达日期",
        help_text="送达回证、妥投证明、签收或者查阅记录上的日期。",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    reason = forms.CharField(
        label="更正理由",
        max_length=300,
        help_text="写明怎样记错、以什么为准；和原来的日期一起保留。",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    paper = forms.TypedChoiceField(
        label="凭证：案卷里的材料", coerce=int, empty_value=None, required=False, help_text="和下一项至少填一项。"
    )
    upload = forms.FileField(
        label="凭证：另行上传",
        required=False,
        help_text="案卷里没有的，上传扫描件。看变化时不保存，确认更正时请再选一次。",
    )

    def __init__(self, *args: Any, papers: Sequence[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(paper.pk, f"{paper.get_kind_display()}：{paper.title}") for paper in papers]
        self.fields["paper"].choices = [("", "没有，另行上传"), *choices]
        self.fields["on"].label = "更正日期"
