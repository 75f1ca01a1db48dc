"""The form with which the office enters an application."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.receipt import CHANNEL_NAMES, FACT_NAMES, NEEDED, Channel, ReceiptFact
from gongkai.features.foi.asking import AskingForm

BY_OFFICE = [(one.value, CHANNEL_NAMES[one]) for one in Channel if one is not Channel.ONLINE]
DAYS = (ReceiptFact.SIGNED, ReceiptFact.IN_HAND, ReceiptFact.FORM_FILLED)


def _day(label: str, hint: str = "") -> forms.DateField:
    return forms.DateField(
        label=label,
        help_text=hint,
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class EntryForm(AskingForm):
    """An application with its channel and the days that its channel needs (art. 31)."""

    channel = forms.ChoiceField(label="收到的渠道", choices=BY_OFFICE)
    on = _day("提交或者寄出的日期", "当面提交的就是收到申请之日；信件写寄出或者邮戳日期，不清楚写收到日期。")
    signed = _day(FACT_NAMES[ReceiptFact.SIGNED] + "的日期", "挂号信、快递等签收的填写。")
    in_hand = _day(FACT_NAMES[ReceiptFact.IN_HAND] + "的日期", "平常信函、误寄的填写。")
    form_filled = _day(FACT_NAMES[ReceiptFact.FORM_FILLED] + "的日期", "口头申请的填写。")
    confirmed = _day("与申请人确认的日期", "平信、传真、电子邮件、口头申请，与申请人联系确认后填写；没有确认的留空。")
    shown = forms.BooleanField(label="已当面核对身份证件", required=False)

    def __init__(self, *args: Any, units: Sequence[Any], today: date, **kwargs: Any) -> None:
        super().__init__(*args, units=units, **kwargs)
        self.fields["on"].required = True
        self.fields["on"].initial = today

    def clean(self) -> dict[str, Any]:
        """Ask for the day without which the channel tells nothing, and refuse days of other channels."""
        data = super().clean() or self.cleaned_data
        channel = Channel(data["channel"]) if data.get("channel") else None
        for fact in DAYS:
            given = data.get(fact.value)
            if channel is not None and given and fact not in NEEDED[channel]:
                self.add_error(fact.value, f"{CHANNEL_NAMES[channel]}不需要填写{FACT_NAMES[fact]}的日期。")
        return data

    def arguments(self) -> dict[str, Any]:
        """Return the arguments of the service."""
        data = self.cleaned_data
        channel = Channel(data["channel"])
        facts = {fact: data[fact.value] for fact in DAYS if data.get(fact.value) and fact in NEEDED[channel]}
        if data.get("confirmed"):
            both = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
            facts |= {fact: data["confirmed"] for fact in both if fact in NEEDED[channel]}
        return {
            "unit_id": data["unit"],
            "channel": channel,
            "person": self.person(),
            "request": self.request(),
            "on": data["on"],
            "facts": facts,
            "identity": data.get("identity"),
            "shown": data["shown"],
            "no_log": data["no_log"],
        }
