"""The log of answers: what may enter it, putting an entry into words, leaving one out, taking one down."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.foi.selectors.log_entries import TABS, LogDetail, log_detail, log_page
from gongkai.features.foi.services import log_entries, log_objections
from gongkai.features.foi.staff.after_forms import LogForm, TakeDownForm, WhyForm
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import REFUSED, attempt, form_errors, found_view, page_number, press

TITLE = "答复公开目录"


@require_GET
@found_view
def log(request: HttpRequest) -> HttpResponse:
    """Show the entries of the actor's units by where they stand."""
    page = log_page(
        actor=request.actor,
        tab=request.GET.get("tab", ""),
        number=page_number(request),
        now=timezone.now(),
        today=timezone.localdate(),
    )
    context = {
        "page_title": TITLE,
        "breadcrumbs": [board_crumb(), {"label": TITLE, "url": ""}],
        "page": page,
        "tabs": [(name, label, page.counts[name]) for name, label in TABS],
    }
    return render(request, "foi/staff/log.html", context)


@require_http_methods(["GET", "POST"])
@found_view
def log_entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Show an entry; put into words it becomes a draft of an item."""
    detail = _detail(request, entry_id)
    form = LogForm(request.POST or None, detail=detail)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: log_entries.log_draft(
                actor=request.actor,
                entry_id=entry_id,
                title=data["title"],
                asked=data["asked"],
                answered=data["answered"],
                paper_ids=data.get("papers", ()),
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "已转为公开信息的拟稿。请确定公开属性，再送审。")
            return redirect("foi:staff:log_entry", entry_id)
    return _show(request, detail, form=form, status=REFUSED if form.is_bound else 200)


def _detail(request: HttpRequest, entry_id: int) -> LogDetail:
    return log_detail(actor=request.actor, entry_id=entry_id, now=timezone.now(), today=timezone.localdate())


def _show(request: HttpRequest, detail: LogDetail, *, status: int = 200, **forms: Any) -> HttpResponse:
    there = {"form": detail.may_draft, "decline_form": detail.may_decline, "down_form": detail.may_take_down}
    for name, form in forms.items():
        if not there[name]:
            form_errors(request, form)  # somebody was faster: its form is not on the page any more
    context = {
        "page_title": f"答复公开：{detail.application.register_no}",
        "breadcrumbs": [
            board_crumb(),
            {"label": TITLE, "url": reverse("foi:staff:log")},
            {"label": detail.application.register_no, "url": ""},
        ],
        "detail": detail,
        "line": detail.line,
        "entry": detail.line.entry,
        "application": detail.application,
        "form": LogForm(detail=detail),
        "decline_form": WhyForm(auto_id="decline-%s"),
        "down_form": TakeDownForm(),
        **forms,
    }
    response = render(request, "foi/staff/log_entry.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@found_view
def log_decline(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Leave an answer out of the log."""
    form = WhyForm(request.POST, auto_id="decline-%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: log_entries.log_decline(actor=request.actor, entry_id=entry_id, reason=reason, now=timezone.now()),
        )
        if done is not None:
            messages.success(request, "已记录：不列入答复公开目录。")
            return redirect("foi:staff:log")
    return _show(request, _detail(request, entry_id), decline_form=form, status=REFUSED)


@require_POST
@found_view
def log_take_down(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take an entry down."""
    form = TakeDownForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        done = attempt(
            form,
            lambda: log_entries.log_take_down(
                actor=request.actor, entry_id=entry_id, reason=reason, now=timezone.now()
            ),
        )
        if done is not None:
            messages.success(request, "已撤下。")
            return redirect("foi:staff:log_entry", entry_id)
    return _show(request, _detail(request, entry_id), down_form=form, status=REFUSED)


@require_POST
@found_view
def log_propose(request: HttpRequest, application_id: int) -> HttpResponse:
    """Propose the answer of a case for the log."""
    return press(
        request,
        lambda: log_entries.log_propose(actor=request.actor, application_id=application_id, now=timezone.now()),
        "已列为答复公开目录候选。",
        "foi:staff:case",
        application_id,
    )


@require_POST
@found_view
def log_object(request: HttpRequest, application_id: int) -> HttpResponse:
    """Write down that the applicant does not want the answer in the log."""
    return press(
        request,
        lambda: log_objections.objection_record(actor=request.actor, application_id=application_id, now=timezone.now()),
        "已记录：申请人不同意列入答复公开目录。",
        "foi:staff:case",
        application_id,
    )
