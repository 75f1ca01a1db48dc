"""Steps for many cases: choosing the step, its form, the trial, how far it is, what became of each case."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from gongkai.features.foi import permissions
from gongkai.features.foi.selectors import batches as selectors
from gongkai.features.foi.selectors.batch_letters import letters_for
from gongkai.features.foi.selectors.batches import UNDER_WAY
from gongkai.features.foi.selectors.selection import selection_look
from gongkai.features.foi.services import batch_exports, batches
from gongkai.features.foi.services.batch_steps import JOIN, LEAVE, LETTER, step_name
from gongkai.features.foi.staff.batch_pick import Picked, kept_fields, pick, step_form, steps_for
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view, is_missing, page_number, press
from gongkai.kernel.errors import NotPermitted, Refused

REFRESH = "5"
TRY = "try"
LINE_STATES = (("", "全部"), ("refused", "不能办理"), ("passed", "可以办理"), ("done", "已办理"), ("waiting", "等待"))


@require_GET
@found_view
def batch_list(request: HttpRequest) -> HttpResponse:
    """Show the batches of the actor's units, the newest first."""
    page = selectors.batch_list(actor=request.actor, number=page_number(request))
    context = {
        "page_title": "批量办理",
        "breadcrumbs": [crumbs()[0], {"label": "批量办理", "url": ""}],
        "page_obj": page,
    }
    response = render(request, "foi/staff/batch_list.html", context)
    if any(run.state in UNDER_WAY for run in page):
        response["Refresh"] = REFRESH
    return response


def crumbs() -> list[dict[str, str]]:
    """Lead back to the list and the board."""
    return [
        board_crumb(),
        {"label": "批量办理", "url": reverse("foi:staff:batch_list")},
    ]


@require_POST
@found_view
def batch_new(request: HttpRequest) -> HttpResponse:
    """Ask what a step for the chosen cases needs, then try it on all of them."""
    try:
        picked = pick(request)
    except Refused as refused:
        if isinstance(refused, NotPermitted) or is_missing(refused):
            raise
        return _back(request, refused.sentences(), "foi:staff:board")
    actor, today, selection = request.actor, timezone.localdate(), picked.selection
    step = request.POST.get("step", "")
    if not step:
        return _back(request, ["请先选择要办理的事项。"], picked.back)
    if step not in dict(steps_for(actor=actor, unit_id=selection.unit_id, member=selection.campaign_id is not None)):
        raise NotPermitted(ability="批量办理")
    look = selection_look(actor=actor, selection=selection, today=today)
    if not look.number:
        return _back(request, ["没有选中任何申请，请勾选，或者换个条件。"], picked.back)
    trying = request.POST.get("do") == TRY
    asked = request.POST if trying or step == LETTER else None
    form = step_form(step=step, actor=actor, picked=picked, look=look, data=asked, today=today)
    if form is not None and trying and form.is_valid():
        run = attempt(form, lambda: _ask(request, picked, step, form))
        if run is not None:
            return _after(request, run)
    context = {
        "page_title": f"批量办理：{step_name(step)}",
        "breadcrumbs": [*crumbs(), {"label": step_name(step), "url": ""}],
        "step": step,
        "at_once": step in batches.AT_ONCE,
        "look": look,
        "form": form,
        "letter": request.POST.get("letter", ""),
        "letters": letters_for(results=look.dispositions, on=today) if form is None else [],
        "kept": kept_fields(request),
        "picked": picked,
        "leaves": step == LEAVE,
    }
    status = REFUSED if form is not None and form.is_bound and form.errors else 200
    return render(request, "foi/staff/batch_new.html", context, status=status)


def _back(request: HttpRequest, sentences: list[str], to: str) -> HttpResponse:
    for sentence in sentences:
        messages.error(request, sentence)
    return redirect(to)


def _ask(request: HttpRequest, picked: Picked, step: str, form: Any) -> Any:
    actor, now, selection = request.actor, timezone.now(), picked.selection
    if step == JOIN:
        return batches.batch_join(
            actor=actor,
            selection=selection,
            campaign_id=form.cleaned_data.get("campaign"),
            name=form.cleaned_data["name"],
            like=picked.like,
            now=now,
        )
    return batches.batch_ask(
        actor=actor,
        selection=selection,
        step=step,
        values=form.step_values(timezone.localdate()),
        title=form.title(),
        campaign_id=selection.campaign_id,
        now=now,
    )


def _after(request: HttpRequest, run: Any) -> HttpResponse:
    """Work off what is small, and show what came of it."""
    batches.batch_hurry(run_id=run.pk, now=timezone.now())
    found = selectors.batch_get(actor=request.actor, run_id=run.pk)
    if found.step in (JOIN, LEAVE) and found.state == found.State.DONE and not found.refused:
        messages.success(request, f"已{'归入' if found.step == JOIN else '移出'} {found.done} 件。")
        return redirect("foi:staff:campaign", found.campaign_id)
    return redirect("foi:staff:batch", run.pk)


@require_GET
@found_view
def batch_page(request: HttpRequest, run_id: int) -> HttpResponse:
    """Show how far a batch is and what its lines say; the page asks for itself again while it is worked on."""
    run = selectors.batch_get(actor=request.actor, run_id=run_id)
    state = request.GET.get("state", "")
    like = request.GET.get("like", "")
    under_way = run.state in UNDER_WAY
    own = steps_for(actor=request.actor, unit_id=run.unit_id, member=run.campaign_id is not None)
    may_handle = permissions.can_handle_case(request.actor, run.unit_id)
    mine = run.created_by_id == request.actor.user_id
    context = {
        "page_title": f"批量办理第 {run.pk} 号：{run.title}",
        "breadcrumbs": [*crumbs(), {"label": f"第 {run.pk} 号", "url": ""}],
        "run": run,
        "step_name": step_name(run.step),
        "under_way": under_way,
        "trial": run.state in (run.State.TRYING, run.State.TRIED),
        "looked": run.total - selectors.lines_left(run=run) if under_way else run.total,
        "mine": mine,
        "left": run.total - run.done,
        "reasons": selectors.reason_groups(run=run, state="refused"),
        "warnings": selectors.reason_groups(run=run, state="passed" if not run.done else "done"),
        "letters": selectors.letter_count(run=run) if run.step == LETTER else 0,
        "steps": _next_steps(run, own),
        "may_handle": may_handle,
        "may_stop": run.finished_at is None and (may_handle or run.step in dict(own)),
        "states": LINE_STATES,
        "state": state,
        "like": like,
        "page_obj": selectors.line_page(
            run=run,
            state=state,
            like=int(like) if like.isascii() and like.isdigit() and len(like) < 16 else None,
            number=page_number(request),
        ),
    }
    response = render(request, "foi/staff/batch.html", context)
    response["Cache-Control"] = "no-store"
    if under_way:
        response["Refresh"] = REFRESH
    return response


def _next_steps(run: Any, own: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Offer what may be done next with the cases of a batch that is over; those that left a campaign are no such group."""
    if run.finished_at is None or not run.done or run.step == LEAVE:
        return []
    return [(code, name) for code, name in own if code != run.step]


@require_POST
@found_view
def batch_start(request: HttpRequest, run_id: int) -> HttpResponse:
    """Do what was tried."""

    def start() -> None:
        batches.batch_start(actor=request.actor, run_id=run_id, now=timezone.now())
        batches.batch_hurry(run_id=run_id, now=timezone.now())

    return press(request, start, "已开始办理。", "foi:staff:batch", run_id)


@require_POST
@found_view
def batch_again(request: HttpRequest, run_id: int) -> HttpResponse:
    """Try again what is left."""

    def again() -> None:
        batches.batch_again(actor=request.actor, run_id=run_id, now=timezone.now())
        batches.batch_hurry(run_id=run_id, now=timezone.now())

    return press(request, again, "已再次试算，已经办好的不变。", "foi:staff:batch", run_id)


@require_POST
@found_view
def batch_stop(request: HttpRequest, run_id: int) -> HttpResponse:
    """Stop a batch; what is done stays done."""
    return press(
        request,
        lambda: batches.batch_stop(actor=request.actor, run_id=run_id, now=timezone.now()),
        "已停止，已经办好的不变。",
        "foi:staff:batch",
        run_id,
    )


@require_POST
@found_view
def batch_letters(request: HttpRequest, run_id: int, kind: str) -> HttpResponseBase:
    """Hand out the letters of a batch; a button, because it is written down."""
    try:
        name, data = batch_exports.batch_letters(actor=request.actor, run_id=run_id, kind=kind, now=timezone.now())
    except Refused as refused:
        if isinstance(refused, NotPermitted) or is_missing(refused):
            raise
        messages.error(request, "\n".join(refused.sentences()))
        return redirect("foi:staff:batch", run_id)
    response = StreamingHttpResponse(data, content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, name) or "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "no-store"
    return response
