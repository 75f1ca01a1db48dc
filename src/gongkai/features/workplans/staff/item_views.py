"""One item: everything about it, and what this actor may do with it now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.domain.ledger import VERB_NAMES, Light, State, Verb
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.staff.item_forms import (
    VERB_FORMS,
    CheckForm,
    DutyEndForm,
    DutyForm,
    EvidenceForm,
    NoticeForm,
    RemoveForm,
)
from gongkai.features.workplans.staff.pages import LEDGER, REFUSED, attempt, form_errors, ledger_view

STEPS: dict[Verb, Callable[..., Any]] = {
    Verb.START: services.item_start,
    Verb.REPORT: services.item_report_progress,
    Verb.SUBMIT: services.item_submit,
    Verb.ACCEPT: services.item_accept,
    Verb.RETURN: services.item_return,
    Verb.CLOSE: services.item_close,
    Verb.REOPEN: services.item_reopen,
    Verb.CHANGE_DUE: services.item_change_due,
    Verb.CANCEL: services.item_cancel,
}
BUTTONS = {**VERB_NAMES, Verb.ACCEPT: "验收通过"}
MAIN = (Verb.START, Verb.REPORT, Verb.SUBMIT, Verb.ACCEPT, Verb.RETURN, Verb.CLOSE, Verb.REOPEN)
"""Everyday steps; the other verbs change the task itself and stand apart."""
DANGEROUS = (Verb.CANCEL,)
WAITING = ("open", "missed")
"""Checks that want somebody's eye; the others are folded away."""
ALWAYS, NEVER = 10_000, -1
"""From how many working days on the badge is yellow, so that it says the same as the ledger's light."""


@require_GET
@ledger_view
def item_detail(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show an item."""
    return item_page(request, item_id)


def item_page(request: HttpRequest, item_id: int, *, opened: str = "", form: Any = None) -> HttpResponse:
    """Show an item; a refused form stands open with what was typed, and the answer is 422."""
    today = timezone.localdate()
    detail = selectors.item_get(actor=request.actor, item_id=item_id, today=today)
    row = detail.row
    title = f"{row.number} {row.title}".strip()
    here = [LEDGER, {"label": detail.plan.title, "url": reverse("workplans:staff:plan_detail", args=[row.plan_id])}]
    if detail.parent is not None:
        here.append(
            {"label": detail.parent.title, "url": reverse("workplans:staff:item_detail", args=[detail.parent.id])}
        )
    labels = (*row.lead, *row.responsible, *row.cooperating)
    context = {
        "page_title": title,
        "breadcrumbs": [*here, {"label": title, "url": ""}],
        "detail": detail,
        "row": row,
        "unit_roles": [("牵头单位", row.lead), ("责任单位", row.responsible), ("配合单位", row.cooperating)],
        "open_units": [label for label in labels if label.open],
        "steps": _verb_cards(detail, opened, form, MAIN),
        "changes": _verb_cards(detail, opened, form, tuple(VERB_FORMS.keys() - set(MAIN))),
        "may_split": Verb.SPLIT in detail.verbs,
        "may_assign": Verb.ASSIGN in detail.verbs,
        "evidence_form": form if opened == "evidence" else EvidenceForm(checks=detail.checks, today=today),
        "duty_form": form if opened == "duty" else DutyForm(today=today),
        "notice_form": _notice_form(request, detail, form if opened == "notice" else None, today)
        if detail.can_issue_notice
        else None,
        "remove_form": RemoveForm(prefix="remove"),
        "checks": [
            (check, form if opened == f"check-{check.id}" else CheckForm(prefix=f"check-{check.id}"))
            for check in detail.checks
            if check.state in WAITING
        ],
        "kept_checks": [(check, None) for check in detail.checks if check.state not in WAITING],
        "history": selectors.item_history(actor=request.actor, item_id=item_id, today=today),
        "opened": opened,
        "today": today,
        "badge": _badge(detail, today),
    }
    return render(request, "workplans/staff/item_detail.html", context, status=REFUSED if form is not None else 200)


def _badge(detail: selectors.ItemDetail, today: date) -> dict[str, Any] | None:
    """Return what the badge of the next day that matters shows, in the colour of the ledger; None for the light alone."""
    row = detail.row
    if row.state is State.CANCELED or (row.state is State.SUBMITTED and row.light is Light.ON_TRACK):
        return None
    trace = []
    if row.due_on is not None and row.due_phrase:
        trace.append(f"方案原文写的是“{row.due_phrase}”，换算为{row.due_on.isoformat()}。")
    due_on = row.attention_on or row.due_on
    if row.attention_on is not None and row.attention_on != row.due_on:
        names = [check.label for check in detail.checks if check.state == "open" and check.due_on == row.attention_on]
        trace.append(f"最先到期的是检查“{'、'.join(names)}”，期限{row.attention_on.isoformat()}。")
    return {
        "due_on": due_on,
        "standing": row.standing,
        "done": row.light is Light.DONE,
        "near": ALWAYS if row.light is Light.NEAR else NEVER,
        "trace": trace,
    }


def _verb_cards(detail: selectors.ItemDetail, opened: str, form: Any, wanted: tuple[Verb, ...]) -> list[dict[str, Any]]:
    """Return a card for each verb that is possible now, its form filled with what stands or was typed."""
    cards = []
    for verb, kind in VERB_FORMS.items():
        if verb not in wanted or (verb not in detail.verbs and opened != verb.value):
            continue
        initial = {"due_on": detail.row.due_on, "standing": detail.row.standing, "percent": detail.row.percent}
        shown = form if opened == verb.value else kind(prefix=verb.value, initial=initial)
        cards.append(
            {
                "verb": verb.value,
                "name": BUTTONS[verb],
                "form": shown,
                "open": opened == verb.value,
                "bare": not shown.fields,
                "danger": verb in DANGEROUS,
            }
        )
    return cards


def concerned_units(request: HttpRequest, detail: selectors.ItemDetail, today: Any) -> list[tuple[int, str]]:
    """Return the units that owe the item today, groups expanded, for a select box; those who do it come first."""
    row = detail.row
    names = {name: pk for pk, name in selectors.unit_choices(actor=request.actor, today=today)}
    found: dict[int, str] = {}
    for label in (*row.responsible, *row.cooperating, *row.lead):
        if label.unit_id is not None:
            found.setdefault(label.unit_id, label.text)
        for member in label.members:
            if member in names:
                found.setdefault(names[member], member)
    return list(found.items())


def _notice_form(request: HttpRequest, detail: selectors.ItemDetail, form: Any, today: Any) -> Any:
    if form is not None:
        return form
    return NoticeForm(prefix="notice", units=concerned_units(request, detail, today))


@require_POST
@ledger_view
def item_do(request: HttpRequest, item_id: int, verb: str) -> HttpResponse:
    """Take one step with the item."""
    if verb not in {known.value for known in STEPS}:
        raise Http404(f"没有“{verb}”这个动作")
    step = Verb(verb)
    form = VERB_FORMS[step](request.POST, prefix=verb)
    if form.is_valid():
        done = attempt(
            form,
            lambda: STEPS[step](actor=request.actor, item_id=item_id, now=timezone.now(), **form.arguments()),
        )
        if done is not None:
            messages.success(request, f"{BUTTONS[step]}：已办理。")
            return redirect("workplans:staff:item_detail", item_id)
    return item_page(request, item_id, opened=verb, form=form)


@require_POST
@ledger_view
def evidence_add(request: HttpRequest, item_id: int) -> HttpResponse:
    """Put evidence on record."""
    today = timezone.localdate()
    detail = selectors.item_get(actor=request.actor, item_id=item_id, today=today)
    form = EvidenceForm(request.POST, request.FILES, checks=detail.checks, today=today)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.evidence_add(actor=request.actor, item_id=item_id, now=timezone.now(), **form.arguments()),
        )
        if done is not None:
            messages.success(request, "已添加佐证材料。")
            return _back(item_id, "evidence")
    return item_page(request, item_id, opened="evidence", form=form)


@require_POST
@ledger_view
def evidence_remove(request: HttpRequest, item_id: int, evidence_id: int) -> HttpResponse:
    """Take evidence off the record, with a reason."""
    form = RemoveForm(request.POST, prefix="remove")
    if form.is_valid():
        attempt(
            form,
            lambda: services.evidence_remove(
                actor=request.actor, evidence_id=evidence_id, reason=form.cleaned_data["reason"], now=timezone.now()
            ),
        )
    if form.errors:
        form_errors(request, form)
    else:
        messages.success(request, "已移除，理由记入历史。")
    return _back(item_id, "evidence")


@require_POST
@ledger_view
def check_record(request: HttpRequest, item_id: int, check_id: int) -> HttpResponse:
    """Record what a check found."""
    form = CheckForm(request.POST, prefix=f"check-{check_id}")
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.check_record(
                actor=request.actor,
                check_id=check_id,
                kept=form.cleaned_data["kept"],
                note=form.cleaned_data["note"],
                now=timezone.now(),
            ),
        )
        if done is not None:
            messages.success(request, "检查结果已记录。")
            return _back(item_id, "checks")
    return item_page(request, item_id, opened=f"check-{check_id}", form=form)


@require_POST
@ledger_view
def duty_add(request: HttpRequest, item_id: int) -> HttpResponse:
    """Add a recurring duty."""
    form = DutyForm(request.POST, today=timezone.localdate())
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.duty_add(actor=request.actor, item_id=item_id, now=timezone.now(), **form.cleaned_data),
        )
        if done is not None:
            messages.success(request, "已设置定期任务，各期检查自动生成。")
            return _back(item_id, "checks")
    return item_page(request, item_id, opened="duty", form=form)


@require_POST
@ledger_view
def duty_end(request: HttpRequest, item_id: int, duty_id: int) -> HttpResponse:
    """Let a duty end."""
    form = DutyEndForm(request.POST)
    if form.is_valid():
        attempt(
            form,
            lambda: services.duty_end(
                actor=request.actor, duty_id=duty_id, ends_on=form.cleaned_data["ends_on"], now=timezone.now()
            ),
        )
    if form.errors:
        form_errors(request, form)
    else:
        messages.success(request, "定期任务已设定结束日期。")
    return _back(item_id, "checks")


@require_POST
@ledger_view
def notice_issue(request: HttpRequest, item_id: int) -> HttpResponse:
    """Issue a supervision notice about the item."""
    today = timezone.localdate()
    detail = selectors.item_get(actor=request.actor, item_id=item_id, today=today)
    form = NoticeForm(request.POST, prefix="notice", units=concerned_units(request, detail, today))
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.supervision_notice_issue(
                actor=request.actor, item_id=item_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, f"已发出督办单 {done.number_text}。")
            return redirect("workplans:staff:notice_detail", done.pk)
    return item_page(request, item_id, opened="notice", form=form)


def _back(item_id: int, anchor: str) -> HttpResponse:
    return redirect(f"{reverse('workplans:staff:item_detail', args=[item_id])}#{anchor}")
