"""Forms of requests for amendment in the back office: entry, and each step."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.amendment import (
    AMENDMENT_OUTCOME_NAMES,
    LONGEST_TEXT,
    AmendmentCommand,
    AmendmentOutcome,
    AmendmentVerb,
)
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi.amending import AmendingForm
from gongkai.features.foi.selectors.amendments import AmendmentDetail

BY_OFFICE = [(one.value, CHANNEL_NAMES[one]) for one in Channel if one is not Channel.ONLINE]


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class AmendmentEntryForm(AmendingForm):
    """A request that came in on paper or by word of mouth."""

    channel = forms.ChoiceField(label="收到的渠道", choices=BY_OFFICE)
    on = _day("收到的日期")
    shown = forms.BooleanField(label="已当面核对身份证件", required=False)

    def __init__(self, *args: Any, units: Sequence[Any], today: date, **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["on"].initial = today

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the service."""
        data = self.cleaned_data
        more = {"channel": Channel(data["channel"]), "on": data["on"], "shown": data["shown"]}
        return {**super().arguments(), **more}


_TEXTS = {
    AmendmentVerb.ASK_EVIDENCE: ("需要补充的证据", "写明要什么材料、交到哪里；申请人在查询页面能看到。"),
    AmendmentVerb.RECEIVE_EVIDENCE: ("说明", "收到了什么材料；没有扫描件的必须写明。"),
    AmendmentVerb.CHECK: ("核实情况", "调阅了什么记录、与谁核对。"),
    AmendmentVerb.DECIDE: ("理由", "不予更正的必须写明；其他的可以写怎样更正的。申请人在查询页面能看到。"),
    AmendmentVerb.TELL: ("怎样告知的", "如邮寄单号、当面签收。"),
    AmendmentVerb.WITHDRAW: ("申请人撤回的陈述", ""),
}
_NEEDED = frozenset({AmendmentVerb.ASK_EVIDENCE, AmendmentVerb.WITHDRAW})


class AmendmentStepForm(forms.Form):
    """One step: its day, its words, and what only this step needs."""

    on = _day("日期")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(
        self, verb: AmendmentVerb, detail: AmendmentDetail, today: date, *args: Any, units: Sequence[Any], **kwargs: Any
    ) -> None:
        super().__init__(*args, auto_id=f"{verb.value}-%s", **kwargs)
        self.verb = verb
        self.fields["on"].initial = today
        self.fields["seen"].initial = detail.row.event_count
        if verb is AmendmentVerb.DECIDE:
            self.fields["outcome"] = forms.ChoiceField(
                label="处理", choices=[(one.value, name) for one, name in AMENDMENT_OUTCOME_NAMES.items()]
            )
            self.fields["to_unit"] = forms.TypedChoiceField(
                label="转送给本系统内的单位",
                coerce=int,
                empty_value=None,
                required=False,
                choices=[("", "不在本系统内"), *((unit.pk, unit.name) for unit in units)],
                help_text="选“转送”的填写；材料和加密的信息会一并转去，单独立案。",
            )
            self.fields["organ"] = forms.CharField(
                label="系统外的有权机关", required=False, max_length=120, help_text="转送或者告知另行提出的填写。"
            )
        if verb in _TEXTS:
            label, hint = _TEXTS[verb]
            self.fields["text"] = forms.CharField(
                label=label,
                help_text=hint,
                required=verb in _NEEDED,
                max_length=LONGEST_TEXT,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        if verb is AmendmentVerb.RECEIVE_EVIDENCE:
            self.fields["proof"] = forms.FileField(label="证据材料", required=False, help_text="加密保存。")

    def command(self, by: str) -> AmendmentCommand:
        """Return the step that was filled in; call it on a valid form."""
        data = self.cleaned_data
        outcome = data.get("outcome")
        return AmendmentCommand(
            verb=self.verb,
            on=data["on"],
            by=by,
            text=data.get("text", ""),
            evidence=bool(data.get("proof")),
            outcome=AmendmentOutcome(outcome) if outcome else None,
            organ=data.get("organ", ""),
        )

    def more(self) -> dict[str, Any]:
        """Return what goes to the service beside the step."""
        data = self.cleaned_data
        proof = data.get("proof")
        return {"to_unit_id": data.get("to_unit"), "proofs": (proof,) if proof else (), "seen": data.get("seen")}
