"""Narrowing the ledger, and one action on many items."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from gongkai.domain.ledger import STATE_NAMES, State, Verb
from gongkai.features.workplans.staff.fields import DateField, ReasonField, TextField

ROLES = [("", "任何角色"), ("lead", "牵头"), ("responsible", "责任"), ("cooperating", "配合")]
ORDERS = [
    ("due", "时限：先到的在前"),
    ("-due", "时限：后到的在前"),
    ("plan", "按方案和序号"),
    ("changed", "最近有变动的在前"),
]
SUPERVISE = "supervise"
BULK_NAMES: Mapping[str, str] = {
    Verb.START.value: "开始办理",
    Verb.REPORT.value: "报告进展",
    Verb.ACCEPT.value: "验收通过",
    Verb.RETURN.value: "退回",
    Verb.CLOSE.value: "销号",
    Verb.CHANGE_DUE.value: "调整时限",
    Verb.REOPEN.value: "重启",
    Verb.CANCEL.value: "取消",
    SUPERVISE: "发督办单",
}


class LedgerFilterForm(forms.Form):
    """What the ledger may be narrowed by; the names are those that ``ItemFilters.from_query`` reads."""

    text = forms.CharField(label="任务、条款或序号", required=False, max_length=100)
    plan_id = forms.ChoiceField(label="方案", required=False)
    unit_id = forms.ChoiceField(label="单位", required=False)
    role = forms.ChoiceField(label="单位的角色", required=False, choices=ROLES)
    states = forms.ChoiceField(label="状态", required=False)
    year = forms.IntegerField(label="年度", required=False, widget=forms.NumberInput(attrs={"inputmode": "numeric"}))
    due_from = DateField(label="时限自", required=False)
    due_to = DateField(label="时限至", required=False)
    order = forms.ChoiceField(label="排序", required=False, choices=ORDERS)
    mine = forms.BooleanField(label="只看本单位", required=False)
    unassigned = forms.BooleanField(label="只看待交办", required=False)
    carried_over = forms.BooleanField(label="只看挂账（往年未完成）", required=False)
    archived = forms.BooleanField(label="包括已归档方案", required=False)

    def __init__(self, *args: Any, plans: list[tuple[int, str]], units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["plan_id"].choices = [("", "全部"), *plans]
        self.fields["unit_id"].choices = [("", "全部"), *units]
        states = [("", "全部"), *((state.value, name) for state, name in STATE_NAMES.items())]
        open_ones = ",".join(s.value for s in State if s not in (State.ACCEPTED, State.CLOSED, State.CANCELED))
        states.insert(1, (open_ones, "未完成的"))
        self.fields["states"].choices = states


class BulkForm(forms.Form):
    """Base of what goes with an action on many items."""

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)


class BulkTextForm(BulkForm):
    """Words for every item."""

    text = TextField(label="进展（每项任务都记同样的话）")
    percent = forms.IntegerField(label="完成比例（%）", required=False, min_value=0, max_value=100)


class BulkAcceptForm(BulkForm):
    """An opinion, if there is one."""

    text = TextField(label="验收意见", required=False)


class BulkReasonForm(BulkForm):
    """A reason for every item."""

    reason = ReasonField()


class BulkCloseForm(BulkForm):
    """A reason where evidence is missing."""

    reason = ReasonField(
        label="销号说明", required=False, help_text="没有佐证材料、需要长期坚持或者检查没有落实的，必须写明理由。"
    )


class BulkDueForm(BulkForm):
    """A new date for every item."""

    due_on = DateField(label="新的完成时限")
    reason = ReasonField()


class BulkSuperviseForm(BulkForm):
    """A notice for the units that owe each item."""

    color = forms.ChoiceField(label="级别", choices=[("blue", "蓝色"), ("yellow", "黄色"), ("red", "红色")])
    reason = ReasonField(label="督办事由")
    requirement = TextField(label="办理要求")
    answer_due_on = DateField(label="答复期限")


BULK_FORMS: Mapping[str, type[BulkForm]] = {
    Verb.START.value: BulkForm,
    Verb.REPORT.value: BulkTextForm,
    Verb.ACCEPT.value: BulkAcceptForm,
    Verb.RETURN.value: BulkReasonForm,
    Verb.CLOSE.value: BulkCloseForm,
    Verb.CHANGE_DUE.value: BulkDueForm,
    Verb.REOPEN.value: BulkReasonForm,
    Verb.CANCEL.value: BulkReasonForm,
    SUPERVISE: BulkSuperviseForm,
}
