"""Forms of the processing fee: deciding, giving notice, payment."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.fees import FEN, METHOD_NAMES, FeeMethod
from gongkai.features.foi.selectors.fees import FeeSheet, pages_known

LONG = 2000


def _day(label: str, hint: str = "") -> forms.DateField:
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=hint, widget=box)


def _words(label: str, hint: str) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, help_text=hint, required=False, max_length=LONG, widget=box)


class DecideForm(forms.Form):
    """The method, what is counted, who decided; another amount only with a reason."""

    method = forms.ChoiceField(
        label="收费方式",
        choices=[(one.value, name) for one, name in METHOD_NAMES.items()],
        widget=forms.RadioSelect,
        help_text="一件申请只能选一种，不能并用。",
    )
    parts = forms.IntegerField(
        label="本件计为几件", min_value=1, max_value=999, help_text="按件计收时填写；含多项内容的可按“一事一申请”计。"
    )
    pages = forms.IntegerField(label="提供的页数", min_value=0, max_value=100_000, required=False)
    units_reason = _words("计收数量的说明", "件数多于1件，或者页数与案卷材料不同的，写明依据。")
    already_public = forms.BooleanField(
        label="答复只是告知已公开信息的获取途径", required=False, help_text="这种情况不能按量计收。"
    )
    amount = forms.IntegerField(
        label="收取金额（元）",
        required=False,
        min_value=0,
        max_value=100_000_000,
        help_text="留空为按标准计出的金额；减收的写少收后的金额，不收的写0，并写明理由。",
    )
    reason = _words("减收或者不收的理由", "")
    decided_by = forms.CharField(label="决定人", max_length=60, help_text="收费不是必须的，由决定人逐件决定。")

    def __init__(self, *args: Any, sheet: FeeSheet, **kwargs: Any) -> None:
        held = sheet.held
        known = pages_known(sheet.pages)
        initial = {
            "method": held.method if held is not None else FeeMethod.PER_CASE.value,
            "parts": held.units if held is not None and held.method == FeeMethod.PER_CASE.value else 1,
            "pages": max(known) if known else None,
            "units_reason": held.units_reason if held is not None else "",
        }
        super().__init__(*args, initial=initial, **kwargs)
        told = "、".join(f"《{one.title}》{one.pages}页" for one in sheet.pages)
        hint = f"案卷中的 PDF 材料：{told}。" if told else "案卷中没有可以数页的 PDF 材料。"
        self.fields["pages"].help_text = f"按量计收时填写，怎样算一页见“收费标准”的说明。{hint}"
        if sheet.charged:
            self.fields["method"].choices = [(one.value, METHOD_NAMES[one]) for one in sheet.charged]

    def clean(self) -> dict[str, Any]:
        """Ask for the pages where they are what is counted."""
        given = super().clean() or {}
        if given.get("method") == FeeMethod.PER_PAGE.value and not given.get("pages"):
            self.add_error("pages", "按量计收的，请填写页数。")
        return given

    @property
    def chosen(self) -> FeeMethod:
        """Return the chosen method."""
        return FeeMethod(self.cleaned_data["method"])

    @property
    def units(self) -> int:
        """Return what is counted by the chosen method."""
        return int(self.cleaned_data["parts" if self.chosen is FeeMethod.PER_CASE else "pages"] or 0)

    @property
    def amount_fen(self) -> int | None:
        """Return the amount in fen, None where it is as reckoned."""
        amount = self.cleaned_data["amount"]
        return None if amount is None else int(amount) * FEN


class NotifyForm(forms.Form):
    """The day on which the notice went out; its amount is the decision's."""

    on = _day("发出日期", "收费通知实际发出的日期，不能晚于今天。")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, sheet: FeeSheet, today: date, **kwargs: Any) -> None:
        initial = {"on": today, "seen": sheet.application.event_count}
        super().__init__(*args, auto_id="notify-%s", initial=initial, **kwargs)


class PayForm(forms.Form):
    """The payment with its proof."""

    on = _day("缴费日期")
    paid = forms.DecimalField(label="实缴金额（元）", min_value=0, max_digits=12, decimal_places=2)
    receipt_no = forms.CharField(
        label="财政票据号", required=False, max_length=60, help_text="票据号和缴费凭证至少有一项。"
    )
    upload = forms.FileField(label="缴费凭证", required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, sheet: FeeSheet, today: date, **kwargs: Any) -> None:
        initial = {"on": today, "seen": sheet.application.event_count}
        super().__init__(*args, auto_id="pay-%s", initial=initial, **kwargs)
