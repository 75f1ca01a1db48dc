"""The page on which a day of service is put right: what would change is shown first, then confirmed."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.letters import day_words
from gongkai.features.foi import services
from gongkai.features.foi.selectors.detail import CaseDetail, case_detail
from gongkai.features.foi.selectors.service_days import ServiceFigures, proof_papers, service_figures
from gongkai.features.foi.staff.crumbs import case_crumbs
from gongkai.features.foi.staff.service_form import NAME, STEP, ServiceDayForm
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view
from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import Refused
from gongkai.rulebook.messages import describe

_TRYING = "（看变化）"


@require_http_methods(["GET", "POST"])
@found_view
def service_day(request: HttpRequest, application_id: int) -> HttpResponse:
    """Show what a corrected day of service would change, and correct it once that was seen."""
    today, now = timezone.localdate(), timezone.now()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    if STEP not in detail.verbs:
        messages.error(request, f"案件现在是“{detail.stage_name}”，不能{NAME}。")
        return redirect("foi:staff:case", application_id)
    form = ServiceDayForm(
        request.POST or None,
        request.FILES or None,
        today=today,
        seen=detail.application.event_count,
        papers=proof_papers(application_id=application_id),
    )
    look = None
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        # What was looked at is what is confirmed: another day is shown first.
        if "save" in request.POST and request.POST.get("looked") == data["served_on"].isoformat():
            done = _correct(request, form, application_id, data, now)
            if done is not None:
                messages.success(request, f"已更正，送达日期现在是{day_words(data['served_on'])}。")
                for issue in done[0]:
                    messages.warning(request, describe(issue))
                return redirect("foi:staff:case", application_id)
        look = _look(form, detail, data, now)
    context = {
        "page_title": NAME,
        "breadcrumbs": case_crumbs(application_id, detail.application.register_no, NAME),
        "detail": detail,
        "application": detail.application,
        "form": form,
        "look": look,
        "now": service_figures(course=detail.course, state=detail.course.state),
        "corrections": detail.course.state.service_corrections,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    response = render(request, "foi/staff/service_day.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _correct(request: HttpRequest, form: ServiceDayForm, application_id: int, data: dict[str, Any], now: Any) -> Any:
    paper_id = data.pop("paper")
    return attempt(
        form,
        lambda: (
            services.service_correct(
                actor=request.actor, application_id=application_id, paper_id=paper_id, now=now, **data
            ),
        ),
    )


def _look(form: ServiceDayForm, detail: CaseDetail, data: dict[str, Any], now: Any) -> dict[str, Any] | None:
    """Return what would change, line by line, with what to look at; None where the day cannot be. The proof may come later."""
    command = c.CorrectService(on=data["on"], served_on=data["served_on"], reason=data["reason"], proof=_TRYING)
    after, issues = services.case_after(course=detail.course, command=command, now=now)
    if after is None:
        if not form.errors:
            show_refusal(form, Refused(issues))
        return None
    course = detail.course
    return {
        "day": data["served_on"].isoformat(),
        "lines": _lines(
            service_figures(course=course, state=course.state), service_figures(course=course, state=after)
        ),
        "issues": [describe(one) for one in issues],
    }


def _lines(before: ServiceFigures, after: ServiceFigures) -> list[tuple[str, str, str, bool]]:
    """(what, as it is, as it would be, whether that differs)."""
    told = [("送达日期", _day(before.served_on), _day(after.served_on))]
    told.append(("答复日期", _day(before.replied_on), _day(after.replied_on)))
    told.append(("是否按期", _timely(before), _timely(after)))
    told.append(("计入哪一年的统计", _year(before), _year(after)))
    ends = {one.title: _day(one.due_on) for one in before.periods}
    told += [(f"{one.title}的期限", ends.get(one.title, "—"), _day(one.due_on)) for one in after.periods]
    return [(what, was, will, was != will) for what, was, will in told]


def _day(day: Any) -> str:
    return day_words(day) if day is not None else "—"


def _year(figures: ServiceFigures) -> str:
    return f"{figures.year} 年" if figures.year is not None else "—"


def _timely(figures: ServiceFigures) -> str:
    if figures.replied_on is None:
        return "不是答复，不计期限"
    return f"逾期 {figures.late_days} 个工作日" if figures.late_days else "按期"
