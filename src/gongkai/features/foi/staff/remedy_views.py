"""Reconsiderations and suits in the back office: the board, one of them with its steps, the list of evidence."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.domain.foi.defense import DEFENSE_VERB_NAMES, DefenseVerb
from gongkai.features.foi import services
from gongkai.features.foi.selectors.remedies import (
    REMEDY_BOARD_NAMES,
    RemedyBoard,
    RemedyDetail,
    remedy_counts,
    remedy_detail,
    remedy_page,
)
from gongkai.features.foi.staff.crumbs import Crumb, board_crumb, case_crumb
from gongkai.features.foi.staff.remedy_forms import DEFENSE_FORMS
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view, page_number

# The step that usually comes next stands open; the others fold below it.
_NEXT = (DefenseVerb.NOTIFY, DefenseVerb.ANSWER, DefenseVerb.REDO, DefenseVerb.RECEIVE_DECISION)


@require_GET
@found_view
def remedies(request: HttpRequest) -> HttpResponse:
    """Show the reconsiderations and suits of the actor's units."""
    asked = request.GET.get("board", "")
    board = RemedyBoard(asked) if asked in set(RemedyBoard) else RemedyBoard.ANSWER
    counts = remedy_counts(actor=request.actor)
    page = remedy_page(actor=request.actor, board=board, number=page_number(request), today=timezone.localdate())
    context = {
        "page_title": "复议诉讼",
        "breadcrumbs": [board_crumb(), {"label": "复议诉讼", "url": ""}],
        "board": board,
        "boards": [(one, name, counts[one]) for one, name in REMEDY_BOARD_NAMES.items()],
        "page": page,
    }
    return render(request, "foi/staff/remedies.html", context)


@require_GET
@found_view
def remedy(request: HttpRequest, remedy_id: int) -> HttpResponse:
    """Show one reconsideration or suit."""
    return _show(request, remedy_id)


@require_POST
@found_view
def remedy_step(request: HttpRequest, remedy_id: int, verb: str) -> HttpResponse:
    """Record a step."""
    if verb not in set(DefenseVerb):
        raise Http404(verb)
    step, today = DefenseVerb(verb), timezone.localdate()
    detail = remedy_detail(actor=request.actor, remedy_id=remedy_id, today=today)
    form = DEFENSE_FORMS[step](request.POST, request.FILES, detail=detail, today=today)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.remedy_step(
                actor=request.actor,
                remedy_id=remedy_id,
                command=form.command(request.actor.name),
                now=timezone.now(),
                **form.more(),
            ),
        )
        if done is not None:
            messages.success(request, f"已记录：{DEFENSE_VERB_NAMES[step]}。")
            return redirect("foi:staff:remedy", remedy_id)
    return _show(request, remedy_id, opened=step, form=form, status=REFUSED)


@require_GET
@found_view
def evidence_list(request: HttpRequest, remedy_id: int) -> HttpResponse:
    """Show the list of evidence that goes with the answer, to be printed."""
    detail = remedy_detail(actor=request.actor, remedy_id=remedy_id, today=timezone.localdate())
    context = {
        "page_title": "证据目录",
        "breadcrumbs": [*_crumbs(detail), {"label": "证据目录", "url": ""}],
        "detail": detail,
        "papers": detail.handed_in or [paper for paper in detail.papers if not paper.sealed and paper.kind != "remedy"],
    }
    return render(request, "foi/staff/remedy_evidence.html", context)


def _show(
    request: HttpRequest, remedy_id: int, *, opened: DefenseVerb | None = None, form: Any = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    detail = remedy_detail(actor=request.actor, remedy_id=remedy_id, today=today)
    cards = [
        (
            verb,
            DEFENSE_VERB_NAMES[verb],
            form if verb is opened else DEFENSE_FORMS[verb](detail=detail, today=today),
        )
        for verb in DefenseVerb
        if verb in detail.steps or verb is opened
    ]
    first = opened or next((verb for verb in _NEXT if verb in detail.steps), None)
    row = detail.course.row
    context = {
        "page_title": f"{row.get_kind_display()}{f' {row.ref}' if row.ref else ''}",
        "breadcrumbs": [*_crumbs(detail)[:-1], {"label": row.get_kind_display(), "url": ""}],
        "detail": detail,
        "row": row,
        "application": detail.application,
        "next_card": next((card for card in cards if card[0] is first), None),
        "cards": [card for card in cards if card[0] is not first],
        "today": today,
    }
    response = render(request, "foi/staff/remedy.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _crumbs(detail: RemedyDetail) -> list[Crumb]:
    row = detail.course.row
    return [
        board_crumb(),
        {"label": "复议诉讼", "url": reverse("foi:staff:remedies")},
        case_crumb(detail.application.pk, detail.application.register_no),
        {"label": row.get_kind_display(), "url": reverse("foi:staff:remedy", args=[row.pk])},
    ]
