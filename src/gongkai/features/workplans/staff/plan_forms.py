"""The forms of a plan: finding one, showing it to the public, archiving it, adding a task."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.features.workplans.staff.fields import DateField, ReasonField, UnitsField

STATES = [("", "全部"), ("draft", "草稿"), ("active", "执行中"), ("archived", "已归档")]
VISIBILITIES = [
    ("progress", "公开进度：任务、单位、时限、状态"),
    ("progress_and_notes", "公开进度和说明：另公开最近一次进展说明"),
]


class PlanFilterForm(forms.Form):
    """What the list of plans may be narrowed by."""

    text = forms.CharField(label="标题或文号", required=False, max_length=100)
    year = forms.IntegerField(
        label="年度",
        required=False,
        min_value=2000,
        max_value=2199,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    state = forms.ChoiceField(label="状态", required=False, choices=STATES)


class PublishForm(forms.Form):
    """How much the public sees."""

    visibility = forms.ChoiceField(label="公开范围", choices=VISIBILITIES, widget=forms.RadioSelect)


class ReasonForm(forms.Form):
    """Something that needs a reason and nothing else."""

    reason = ReasonField()


class NewItemForm(forms.Form):
    """A task that the document does not have."""

    title = forms.CharField(label="任务名称", max_length=300)
    text = forms.CharField(
        label="任务要求", required=False, max_length=20_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    lead_ids = UnitsField(label="牵头单位", required=False)
    responsible_ids = UnitsField(label="责任单位", required=False)
    due_on = DateField(label="完成时限", required=False)
    standing = forms.BooleanField(label="长期坚持", required=False)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("lead_ids", "responsible_ids"):
            self.fields[name].offer(units)
