"""Forms of the steps by which a paper goes on elsewhere: split, moved, merged, answered as a repeat."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.intake import LONGEST
from gongkai.domain.foi.parting import MOST_PARTS, Part

COPY_REASON = "同一申请人就同一内容重复提交，属于重复收件。"


def _day() -> forms.DateField:
    return forms.DateField(
        label="办理日期", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), help_text="不能晚于今天。"
    )


class StepForm(forms.Form):
    """The day of the step, and the last event that the clerk had before the eyes."""

    on = _day()
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, today: date, seen: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].initial = today
        self.fields["seen"].initial = seen


class SplitForm(StepForm):
    """What stands beside the parts."""

    reason = forms.CharField(
        label="没有列入的内容和理由",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="原件的每一句话都写进了某一件的，留空。",
    )


class PartForm(forms.Form):
    """One matter of the paper; an empty one is left out."""

    subject = forms.CharField(label="所需信息的名称", max_length=LONGEST["subject"])
    doc_no = forms.CharField(label="文号", required=False, max_length=LONGEST["doc_no"])
    description = forms.CharField(
        label="便于查找的其他特征", max_length=LONGEST["description"], widget=forms.Textarea(attrs={"rows": 3})
    )


PartForms = forms.formset_factory(PartForm, extra=0, min_num=2, max_num=MOST_PARTS, absolute_max=MOST_PARTS)


def parts_of(forms_: Any) -> list[Part]:
    """Return the parts that were filled in; call it on a valid formset."""
    filled = [form.cleaned_data for form in forms_ if form.has_changed() or form.cleaned_data]
    return [Part(one["subject"], one["description"], one.get("doc_no", "")) for one in filled if one]


class MoveForm(StepForm):
    """Where the paper belongs: a unit of this installation, or an organ outside."""

    field_order = ("to_unit", "to", "reason", "on")
    to_unit = forms.TypedChoiceField(
        label="移送给本系统内的单位",
        coerce=int,
        empty_value=None,
        required=False,
        help_text="案件会直接转到这个单位，由它与申请人确认；申请人在原来的查询页面能看到新的编号和查询码。",
    )
    to = forms.CharField(
        label="系统外的机关名称", required=False, max_length=120, help_text="上面没有的才填写；材料要另行寄送。"
    )
    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, units: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].choices = [("", "不在本系统内"), *((unit.pk, unit.name) for unit in units)]

    def clean(self) -> dict[str, Any]:
        """One place, not two."""
        data = super().clean() or self.cleaned_data
        if data.get("to_unit") and data.get("to", "").strip():
            self.add_error("to", "已经选了系统内的单位，这里请留空。")
        return data


class SamePersonForm(StepForm):
    """What a person has to compare where digests tell nothing."""

    same_person = forms.BooleanField(
        label="已核对，是同一申请人",
        required=False,
        help_text="证件号码，或者姓名和电话相同的，系统已经认出，不需要勾选。",
    )


class MergeForm(SamePersonForm):
    """Under which number a copy goes on."""

    field_order = ("into", "same_person", "reason", "on")
    into = forms.CharField(label="并入哪一件（登记编号）", max_length=60)
    reason = forms.CharField(
        label="理由", max_length=500, initial=COPY_REASON, widget=forms.Textarea(attrs={"rows": 2})
    )


class RepeatForm(SamePersonForm):
    """A draft that says that the same was answered before."""
