"""The processing fee of a case, from the count of the month to the proof of payment, and the fees of a year."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.design.charts import BarChart, Row, Series
from gongkai.domain.foi.fees import FEN, METHOD_NAMES, FeeMethod, Tariff
from gongkai.domain.foi.model import Stage
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.fee_year import FeeYear, fee_csv, fee_year, fee_years
from gongkai.features.foi.selectors.fees import LETTER, FeeSheet, fee_sheet, reckon
from gongkai.features.foi.services import fees as services
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.features.foi.staff.fee_forms import DecideForm, NotifyForm, PayForm
from gongkai.kernel.accounts.pages import REFUSED, attachment, attempt, form_errors, found_view

PREVIEW = "preview"
OPEN_END = 50
"""How many units of a price without end are shown with it."""
_SERIES = (Series("已收", "green"), Series("未收", "yellow"))


@require_GET
@found_view
def fee(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show what the fee of a case rests on, and the next step."""
    return _show(request, application_id)


def _show(
    request: HttpRequest, application_id: int, *, opened: str = "", form: Any = None, status: int = 200, **more: Any
) -> HttpResponse:
    today = timezone.localdate()
    application = application_get(actor=request.actor, application_id=application_id)
    sheet = fee_sheet(actor=request.actor, application_id=application_id, today=today)
    context: dict[str, Any] = {
        "page_title": "信息处理费",
        "breadcrumbs": [
            board_crumb(),
            {"label": application.register_no, "url": reverse("foi:staff:case", args=[application_id])},
            {"label": "信息处理费", "url": ""},
        ],
        "application": application,
        "sheet": sheet,
        "opened": opened,
        "letter": LETTER,
        "not_yet": f"收到申请之日确定后，按它所在的自然月计算；{fee_years(today=today)[-1]}年以前没有这项收费。",
        "today": today,
        **more,
    }
    if sheet is not None:
        context |= _forms(sheet, today, opened, form)
        if form is not None and not context[f"may_{opened}"]:
            form_errors(request, form)  # somebody was faster: its form is not on the page any more
    response = render(request, "foi/staff/fee.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _forms(sheet: FeeSheet, today: Any, opened: str, form: Any) -> dict[str, Any]:
    made: dict[str, forms.Form] = {
        "decide": DecideForm(sheet=sheet),
        "notify": NotifyForm(sheet=sheet, today=today),
        "pay": PayForm(sheet=sheet, today=today),
    }
    if form is not None and opened in made:
        made[opened] = form
    tariffs = [
        (METHOD_NAMES[method], tariff, [str(line) for line in tariff.lines(1, _shown_to(tariff))])
        for method, tariff in sheet.rules.tariffs.items()
    ]
    by_cases = None
    if sheet.before is not None:
        by_cases = reckon(sheet.rules, method=FeeMethod.PER_CASE, before=sheet.before, units=1)
    held = sheet.held
    waiting = sheet.fee is not None and sheet.fee.open and sheet.application.stage == Stage.FEE_WAIT.value
    return {
        "decide_form": made["decide"],
        "notify_form": made["notify"],
        "pay_form": made["pay"],
        "tariffs": tariffs,
        "by_cases": by_cases,
        "held_yuan": _yuan(held.amount_fen) if held is not None else "",
        "held_due": _yuan(held.reckoned_fen) if held is not None else "",
        "waiting": waiting,
        "may_decide": sheet.may_decide,
        "may_notify": sheet.may_notify and sheet.may_decide and held is not None and bool(held.amount_fen),
        "may_pay": waiting and held is not None,
        "decided_before": [(one, _yuan(one.amount_fen)) for one in sheet.earlier],
    }


def _shown_to(tariff: Tariff) -> int:
    """Return how far the prices are shown: two blocks, or the beginning of the last tier."""
    if tariff.blocks is not None:
        return tariff.blocks.first + 2 * tariff.blocks.size - 1
    return tariff.tiers[-1].first + OPEN_END - 1


def _yuan(fen: int) -> str:
    return f"{fen // FEN}" if not fen % FEN else f"{fen // FEN}.{fen % FEN:02d}"


@require_POST
@found_view
def fee_decide(request: HttpRequest, application_id: int) -> HttpResponse:
    """Decide about the fee, or only reckon it to look at."""
    sheet = _sheet(request, application_id)
    form = DecideForm(request.POST, sheet=sheet)
    if form.is_valid() and request.POST.get("do") == PREVIEW and sheet.before is not None:
        found = reckon(sheet.rules, method=form.chosen, before=sheet.before, units=form.units)
        return _show(request, application_id, opened="decide", form=form, preview=found)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.fee_decide(
                actor=request.actor,
                application_id=application_id,
                method=form.chosen,
                units=form.units,
                units_reason=form.cleaned_data["units_reason"],
                amount_fen=form.amount_fen,
                reason=form.cleaned_data["reason"],
                already_public=form.cleaned_data["already_public"],
                decided_by=form.cleaned_data["decided_by"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, f"已决定：收取 {_yuan(done.amount_fen)} 元。")
            return redirect("foi:staff:fee", application_id)
    return _show(request, application_id, opened="decide", form=form, status=REFUSED)


@require_POST
@found_view
def fee_notify(request: HttpRequest, application_id: int) -> HttpResponse:
    """Record that notice was given, with the amount that was decided."""
    sheet = _sheet(request, application_id)
    form = NotifyForm(request.POST, sheet=sheet, today=timezone.localdate())
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.fee_notify(
                actor=request.actor,
                application_id=application_id,
                on=form.cleaned_data["on"],
                seen=form.cleaned_data["seen"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已记录：发出收费通知。送达后请在案件页面记录送达日期，缴费期限从次日起算。")
            return redirect("foi:staff:case", application_id)
    return _show(request, application_id, opened="notify", form=form, status=REFUSED)


@require_POST
@found_view
def fee_pay(request: HttpRequest, application_id: int) -> HttpResponse:
    """Record the payment with its proof."""
    sheet = _sheet(request, application_id)
    form = PayForm(request.POST, request.FILES, sheet=sheet, today=timezone.localdate())
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.fee_pay(
                actor=request.actor,
                application_id=application_id,
                on=form.cleaned_data["on"],
                paid_fen=int(form.cleaned_data["paid"] * FEN),
                receipt_no=form.cleaned_data["receipt_no"],
                upload=form.cleaned_data["upload"],
                seen=form.cleaned_data["seen"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已登记缴费，答复期限从次日起重新计算。")
            return redirect("foi:staff:case", application_id)
    return _show(request, application_id, opened="pay", form=form, status=REFUSED)


def _sheet(request: HttpRequest, application_id: int) -> FeeSheet:
    sheet = fee_sheet(actor=request.actor, application_id=application_id, today=timezone.localdate())
    if sheet is None:
        raise Http404("fee")
    return sheet


@require_GET
@found_view
def fees(request: HttpRequest) -> HttpResponse:
    """Show the fees of a year: by month as chart and table, and every notice."""
    found, years = _year(request)
    rows = tuple(Row(f"{month}月", (paid, unpaid)) for month, paid, unpaid in _paid_of_months(found))
    context = {
        "page_title": f"{found.year} 年信息处理费",
        "breadcrumbs": [board_crumb(), {"label": "信息处理费", "url": ""}],
        "found": found,
        "years": years,
        "chart": BarChart("各月通知的收费（元）", _SERIES, rows, row_heading="月份", unit="元", scaled=True)
        if rows
        else None,
        "any": any((found.total.sent, found.total.paid, found.total.lapsed, found.total.reduced)),
    }
    return render(request, "foi/staff/fees.html", context)


def _paid_of_months(found: FeeYear) -> list[tuple[int, int, int]]:
    """(month, yuan paid by now, yuan not paid) of the notices that went out in each month that has any."""
    sums: dict[int, list[int]] = {}
    for one in found.notices:
        both = sums.setdefault(one.sent_on.month, [0, 0])
        both[0 if one.paid_on is not None else 1] += one.fen // FEN
    return [(month, paid, unpaid) for month, (paid, unpaid) in sorted(sums.items())]


@require_GET
@found_view
def fees_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the months of a year for a spreadsheet program."""
    found, _ = _year(request)
    return attachment(fee_csv(found), f"信息处理费 {found.year}.csv", "text/csv; charset=utf-8")


def _year(request: HttpRequest) -> tuple[FeeYear, range]:
    today = timezone.localdate()
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isascii() and asked.isdigit() and len(asked) == 4 else today.year
    years = fee_years(today=today)
    return fee_year(actor=request.actor, year=min(max(year, years[-1]), years[0]), today=today), years
