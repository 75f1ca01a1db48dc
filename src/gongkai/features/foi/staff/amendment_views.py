"""Requests to amend one's own record in the back office: board, entry, one request with its steps, its letter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.amendment import AMENDMENT_VERB_NAMES, AmendmentVerb
from gongkai.domain.foi.model import Delivery
from gongkai.domain.issues import Severity
from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.amendments import (
    AMENDMENT_BOARD_NAMES,
    AmendmentBoard,
    AmendmentDetail,
    amendment_counts,
    amendment_detail,
    amendment_figures,
    amendment_of_paper,
    amendment_page,
)
from gongkai.features.foi.selectors.office import office_on
from gongkai.features.foi.selectors.retention import amendment_retention
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.features.foi.services.amendment_letters import (
    amendment_letter_form,
    amendment_letter_issues,
    amendment_letter_known,
)
from gongkai.features.foi.staff.amendment_forms import AmendmentEntryForm, AmendmentStepForm
from gongkai.features.foi.staff.case_forms import IdentityForm, OpenForm
from gongkai.features.foi.staff.crumbs import Crumb, board_crumb
from gongkai.features.foi.staff.letter_form import LetterFields, letter_preview
from gongkai.kernel.accounts.pages import (
    REFUSED,
    attachment,
    attempt,
    form_errors,
    found_view,
    page_number,
    show_form,
)
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.sealed.services import unmask_all
from gongkai.rulebook.messages import describe

PREVIEW = "preview"
_NEXT = (
    AmendmentVerb.RECEIVE_EVIDENCE,
    AmendmentVerb.CHECK,
    AmendmentVerb.DECIDE,
    AmendmentVerb.TELL,
    AmendmentVerb.ARCHIVE,
)
PERSON = ("name", "id_number", "org_code", "representative", "contact_name", "phone", "email", "address")
TEXTS = ("wrong", "wanted")


@require_GET
@found_view
def amendments(request: HttpRequest) -> HttpResponse:
    """Show the requests of the actor's units."""
    asked, today = request.GET.get("board", ""), timezone.localdate()
    board = AmendmentBoard(asked) if asked in set(AmendmentBoard) else AmendmentBoard.OPEN
    counts = amendment_counts(actor=request.actor)
    units = permissions.units_seen(request.actor)
    context = {
        "page_title": "更正申请",
        "breadcrumbs": [board_crumb(), {"label": "更正申请", "url": ""}],
        "board": board,
        "boards": [(one, name, counts[one]) for one, name in AMENDMENT_BOARD_NAMES.items()],
        "page": amendment_page(actor=request.actor, board=board, number=page_number(request), today=today),
        "figures": amendment_figures(year=today.year, unit_ids=units),
        "year": today.year,
        "may_enter": bool(permissions.units_handled(request.actor)),
    }
    return render(request, "foi/staff/amendments.html", context)


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@found_view
def amendment_new(request: HttpRequest) -> HttpResponse:
    """Enter a request; number and query code are shown once to be handed to the applicant."""
    handled, today = permissions.units_handled(request.actor), timezone.localdate()
    units = [unit for unit in receiving_units(on=today) if unit.pk in handled]
    if not units:
        raise NotPermitted(ability="登记更正申请")
    form = AmendmentEntryForm(request.POST or None, request.FILES or None, units=units, today=today)
    if request.method == "POST" and form.is_valid():
        taken = attempt(
            form, lambda: services.amendment_submit(actor=request.actor, now=timezone.now(), **form.arguments())
        )
        if taken is not None:
            context = {
                "page_title": "已登记",
                "breadcrumbs": [*_crumbs(), {"label": "已登记", "url": ""}],
                "row": taken.amendment,
                "code": services.code_shown(taken.query_code),
            }
            response = render(request, "foi/staff/amendment_entered.html", context)
            response["Cache-Control"] = "no-store"
            return response
    here = [*_crumbs(), {"label": "登记更正申请", "url": ""}]
    return show_form(request, "foi/staff/amendment_new.html", form, page_title="登记更正申请", breadcrumbs=here)


@require_GET
@found_view
def amendment(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Show one request."""
    return _show(request, amendment_id)


@require_POST
@found_view
def amendment_step(request: HttpRequest, amendment_id: int, verb: str) -> HttpResponse:
    """Do a step."""
    if verb not in set(AmendmentVerb) or verb == AmendmentVerb.RECEIVE.value:
        raise Http404(verb)
    step, today = AmendmentVerb(verb), timezone.localdate()
    detail = amendment_detail(actor=request.actor, amendment_id=amendment_id, today=today)
    form = AmendmentStepForm(step, detail, today, request.POST, request.FILES, units=_others(detail))
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.amendment_do(
                actor=request.actor,
                amendment_id=amendment_id,
                command=form.command(request.actor.name),
                now=timezone.now(),
                **form.more(),
            ),
        )
        if done is not None:
            messages.success(request, f"已记录：{AMENDMENT_VERB_NAMES[step]}。")
            return redirect("foi:staff:amendment", amendment_id)
    return _show(request, amendment_id, opened=step, form=form, status=REFUSED)


@require_POST
@sensitive_post_parameters()
@sensitive_variables("opened", "rows")
@found_view
def amendment_open(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Show who asks and what is wrong once, after writing down who looked and why."""
    detail = amendment_detail(actor=request.actor, amendment_id=amendment_id, today=timezone.localdate())
    form, now = OpenForm(request.POST), timezone.now()
    if form.is_valid():
        rows = attempt(form, lambda: _opened(request, detail, form.cleaned_data["reason"], now))
        if rows is not None:
            return _show(request, amendment_id, opened_rows=rows)
    return _show(request, amendment_id, open_form=form, status=REFUSED)


@sensitive_variables()
def _opened(
    request: HttpRequest, detail: AmendmentDetail, reason: str, now: datetime, *, person: Sequence[str] = PERSON
) -> list[tuple[str, str]]:
    found = []
    for row, names in ((detail.row, TEXTS), (detail.row.applicant, person)):
        values = unmask_all(actor=request.actor, row=row, fields=names, reason=reason, now=now)
        labels = {field.name: field.verbose_name for field in row._meta.fields}
        found += [(str(labels[name]), value) for name, value in values.items() if value]
    return found


@require_POST
@found_view
def amendment_paper(request: HttpRequest, paper_id: int) -> HttpResponse:
    """Hand out a sealed paper, after writing down who asked and why."""
    form = IdentityForm(request.POST)
    amendment_id = amendment_of_paper(actor=request.actor, paper_id=paper_id)
    if form.is_valid():
        found = attempt(
            form,
            lambda: services.amendment_paper_open(
                actor=request.actor, paper_id=paper_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
        if found is not None:
            response = attachment(found[1], found[0], "application/octet-stream")
            response["Cache-Control"] = "no-store"
            return response
    form_errors(request, form)
    return redirect("foi:staff:amendment", amendment_id)


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@found_view
def amendment_letter(request: HttpRequest, amendment_id: int) -> HttpResponse:
    """Ask for what the letter of the outcome needs, show how it will look, and write it."""
    today = timezone.localdate()
    detail = amendment_detail(actor=request.actor, amendment_id=amendment_id, today=today)
    row = detail.row
    if not detail.may_handle or not detail.letter:
        raise Http404("letter")
    letter = amendment_letter_form(row=row, on=today)
    asked = request.POST.get("delivery", Delivery.POST.value)
    delivery = Delivery(asked) if asked in set(Delivery) else Delivery.POST
    known, remedy = amendment_letter_known(row=row, form=letter, on=today, delivery=delivery)
    office = office_on(unit=row.unit, on=today)
    form = LetterFields(
        letter, known, delivery.value, request.POST or None, hints={}, issuers=(), seal=office.entry.seal_name
    )
    preview, told = "", []
    if request.method == "POST" and form.is_valid():
        if request.POST.get("do") == PREVIEW:
            _opened(request, detail, f"预览《{letter.title}》", timezone.now(), person=("name",))
            values = {**form.values(), **known}
            preview = letter_preview(form, values, unit_id=row.unit_id, on=today)
            found = amendment_letter_issues(
                row=row, form=letter, values=values, remedy=remedy, sealed=True, today=today
            )
            told = [(issue.severity is Severity.ERROR, describe(issue)) for issue in found]
        else:
            paper = attempt(
                form,
                lambda: services.amendment_letter_write(
                    actor=request.actor,
                    amendment_id=amendment_id,
                    values=form.values(),
                    delivery=delivery,
                    sealed=form.cleaned_data.get("sealed", False),
                    on=today,
                    now=timezone.now(),
                ),
            )
            if paper is not None:
                messages.success(request, f"已制作《{letter.title}》{paper.letter_no}。送达后请记录告知的日期。")
                return redirect("foi:staff:amendment", amendment_id)
    context = {
        "page_title": letter.title,
        "breadcrumbs": [*_crumbs(row), {"label": letter.title, "url": ""}],
        "row": row,
        "letter": letter,
        "form": form,
        "preview": preview,
        "told": told,
    }
    response = render(
        request, "foi/staff/amendment_letter.html", context, status=REFUSED if form.is_bound and form.errors else 200
    )
    response["Cache-Control"] = "no-store"
    return response


def _show(
    request: HttpRequest,
    amendment_id: int,
    *,
    opened: AmendmentVerb | None = None,
    form: Any = None,
    status: int = 200,
    **more: Any,
) -> HttpResponse:
    today = timezone.localdate()
    detail = amendment_detail(actor=request.actor, amendment_id=amendment_id, today=today)
    others = _others(detail)
    shown = [verb for verb in AmendmentVerb if verb in detail.verbs or verb is opened]
    cards = [
        (
            verb,
            AMENDMENT_VERB_NAMES[verb],
            form if verb is opened else AmendmentStepForm(verb, detail, today, units=others),
        )
        for verb in shown
    ]
    first = opened or next((verb for verb in _NEXT if verb in detail.verbs), None)
    context = {
        "page_title": f"{detail.row.register_no} {detail.row.record}",
        "breadcrumbs": [*_crumbs(), {"label": detail.row.register_no, "url": ""}],
        "detail": detail,
        "row": detail.row,
        "next_card": next((card for card in cards if card[0] is first), None),
        "cards": [card for card in cards if card[0] is not first],
        "open_form": OpenForm(),
        "retention": amendment_retention(actor=request.actor, amendment_id=amendment_id, today=today),
        **more,
    }
    response = render(request, "foi/staff/amendment.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _others(detail: AmendmentDetail) -> list[Any]:
    if AmendmentVerb.DECIDE not in detail.verbs:
        return []
    return [unit for unit in receiving_units(on=timezone.localdate()) if unit.pk != detail.row.unit_id]


def _crumbs(row: Any = None) -> list[Crumb]:
    found = [board_crumb(), {"label": "更正申请", "url": reverse("foi:staff:amendments")}]
    if row is not None:
        found.append({"label": row.register_no, "url": reverse("foi:staff:amendment", args=[row.pk])})
    return found
