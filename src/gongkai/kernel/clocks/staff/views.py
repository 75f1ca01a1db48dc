"""The working-day calendar: a year at a glance, and importing the yearly notice after seeing what was understood."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.domain.issues import Issue, has_errors
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.clocks import selectors, services
from gongkai.kernel.clocks.grid import balance, year_grid
from gongkai.kernel.clocks.permissions import can_import_calendar
from gongkai.kernel.clocks.staff.forms import NoticeForm
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.rulebook import statutory_days

FIRST_YEAR, LAST_YEAR = 2000, 2100


@require_GET
@staff_view
def calendar_year(request: HttpRequest) -> HttpResponse:
    """Show one year, its holidays and balance, and every version on file."""
    today = timezone.localdate()
    on_file = selectors.calendar_years(actor=request.actor)
    calendar = selectors.calendar_current()
    year = _year(request, today.year)
    published = year in calendar.published_years
    found = calendar.year(year) if published else None
    granted = statutory_days(year)
    context = {
        "page_title": f"工作日历 {year}年",
        "year": year,
        "years": sorted({one.year.year for one in on_file} | {today.year, today.year + 1}),
        "found": found,
        "months": year_grid(calendar, year),
        "working_days": sum(month.working_days for month in year_grid(calendar, year)),
        "balance": balance(found, granted.total if granted else None) if found else None,
        "history": [one for one in on_file if one.year.year == year],
        "missing": (missing := selectors.calendar_missing(today=today)),
        "missing_tone": "red" if missing == today.year else "yellow",
        "may_import": can_import_calendar(request.actor),
    }
    return render(request, "clocks/staff/calendar.html", context)


def _year(request: HttpRequest, default: int) -> int:
    asked = request.GET.get("year", "")
    return int(asked) if asked.isdecimal() and FIRST_YEAR <= int(asked) <= LAST_YEAR else default


@require_http_methods(["GET", "POST"])
@staff_view
def calendar_import(request: HttpRequest) -> HttpResponse:
    """Take a notice, show what was understood, and put it on file when that is confirmed."""
    if not can_import_calendar(request.actor):
        raise NotPermitted(ability="导入节假日安排通知")
    sent = request.POST if request.method == "POST" else None
    form = NoticeForm(sent)
    context = {
        "page_title": "导入节假日安排通知",
        "form": form,
        "breadcrumbs": [("工作日历", reverse("clocks:staff:calendar")), ("导入通知", "")],
    }
    if sent is None or not form.is_valid():
        return render(request, "clocks/staff/calendar_import.html", context)
    text = form.cleaned_data["text"]
    if "confirm" in sent:
        try:
            saved = services.calendar_year_import(actor=request.actor, text=text, now=timezone.now())
        except NotPermitted:
            raise
        except Refused as refusal:
            issues = _at_the_text(refusal.issues)
            return render(request, "clocks/staff/calendar_import.html", {**context, "issues": issues})
        messages.success(request, f"{saved.year}年节假日安排已导入，有关期限已重新计算。")
        return redirect(f"{reverse('clocks:staff:calendar')}?year={saved.year}")
    preview = selectors.calendar_preview(actor=request.actor, text=text)
    context.update(issues=_at_the_text(preview.issues), reading=preview.reading)
    if preview.year is not None and not has_errors(preview.issues):
        granted = statutory_days(preview.year.year)
        calendar = selectors.calendar_current().with_year(preview.year)
        months = year_grid(calendar, preview.year.year)
        context.update(
            found=preview.year,
            year=preview.year.year,
            months=months,
            working_days=sum(month.working_days for month in months),
            balance=balance(preview.year, granted.total if granted else None),
            clocks=selectors.open_clock_count(),
        )
    return render(request, "clocks/staff/calendar_import.html", context)


def _at_the_text(issues: Iterable[Issue]) -> list[Issue]:
    """Let issues that name a festival lead to the one field there is: the pasted text."""
    return [replace(issue, field="text") for issue in issues]
