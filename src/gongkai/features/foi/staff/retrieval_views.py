"""Asking divisions for records: the desk of a division, one retrieval with what can be done, and the register of divisions."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.retrieval import ACT_NAMES, Act, Outcome
from gongkai.features.foi import permissions
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.selectors.divisions import divisions_of
from gongkai.features.foi.selectors.retrievals import (
    DESK_NAMES,
    Desk,
    RetrievalDetail,
    desk_counts,
    division_register,
    offered_day,
    retrieval_desk,
    retrieval_detail,
)
from gongkai.features.foi.services import retrievals as services
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.features.foi.staff.retrieval_forms import SEARCH_FIELDS, AnswerForm, HandOnForm, SendForm, WordsForm
from gongkai.kernel.accounts.pages import REFUSED, attempt, form_errors, found_view, page_number

# The act that usually comes next stands open; the others fold.
_FIRST = (Act.ACCEPT, Act.CLARIFY, Act.ANSWER)
_DONE = {
    Act.ACCEPT: "已签收，请在期限内答复。",
    Act.ANSWER: "已答复，材料存入案卷。",
    Act.ASK_BACK: "已退回并说明。",
    Act.CLARIFY: "已补充说明。",
    Act.HAND_ON: "已转交。",
    Act.RECALL: "已通知不再需要。",
}


@require_GET
@found_view
def retrievals(request: HttpRequest) -> HttpResponse:
    """Show what divisions are asked to look for, by their own due day."""
    today = timezone.localdate()
    asked = request.GET.get("desk", "")
    desk = Desk(asked) if asked in set(Desk) else Desk.OPEN
    page = retrieval_desk(actor=request.actor, desk=desk, number=page_number(request), today=today)
    counts = desk_counts(actor=request.actor, today=today)
    office = bool(permissions.units_handled(request.actor))
    context = {
        "page_title": "调取信息",
        "breadcrumbs": [*([board_crumb()] if office else []), {"label": "调取信息", "url": ""}],
        "page": page,
        "desk": desk,
        "desks": [(one, name, counts.get(one)) for one, name in DESK_NAMES.items()],
        "counts": counts,
        "late": counts[Desk.LATE],
        "waiting": counts[Desk.OPEN],
        "office": office,
        "today": today,
    }
    return render(request, "foi/staff/retrievals.html", context)


@require_GET
@found_view
def divisions(request: HttpRequest) -> HttpResponse:
    """Show the divisions of the actor's units, who answers there, and what they have open."""
    context = {
        "page_title": "内设机构",
        "breadcrumbs": [board_crumb(), _desk(), {"label": "内设机构", "url": ""}],
        "divisions": division_register(actor=request.actor, today=timezone.localdate()),
    }
    return render(request, "foi/staff/divisions.html", context)


@require_GET
@found_view
def retrieval(request: HttpRequest, retrieval_id: int) -> HttpResponse:
    """Show one retrieval."""
    return _show(request, retrieval_id)


def _show(
    request: HttpRequest, retrieval_id: int, *, opened: str = "", form: Any = None, status: int = 200
) -> HttpResponse:
    today = timezone.localdate()
    detail = retrieval_detail(actor=request.actor, retrieval_id=retrieval_id, today=today)
    cards = [
        (act, ACT_NAMES[act], form if form is not None and opened == act.value else _form(act, detail, request, today))
        for act in detail.acts
    ]
    if form is not None and Act(opened) not in detail.acts:
        form_errors(request, form)  # somebody was faster: its form is not on the page any more
    first = next((act for act in _FIRST if act in detail.acts), None)
    crumbs = [board_crumb()] if detail.case_id is not None else []
    context = {
        "page_title": f"{detail.line.register_no} 调取信息",
        "breadcrumbs": [*crumbs, _desk(), {"label": detail.line.register_no, "url": ""}],
        "detail": detail,
        "row": detail.row,
        "line": detail.line,
        "first": next((card for card in cards if card[0] is first), None),
        "cards": [card for card in cards if card[0] is not first],
        "opened": opened,
        "search_fields": SEARCH_FIELDS,
        "today": today,
    }
    response = render(request, "foi/staff/retrieval.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _form(act: Act, detail: RetrievalDetail, request: HttpRequest, today: date, *given: Any) -> forms.Form | None:
    if act is Act.ANSWER:
        initial = {"search_person": request.actor.name[:60], "search_on": today}
        return AnswerForm(*given, initial=initial)
    if act is Act.HAND_ON:
        return HandOnForm(detail.others, *given[:1])
    return None if act is Act.ACCEPT else WordsForm(act, *given[:1])


@require_POST
@sensitive_variables()
@found_view
def retrieval_act(request: HttpRequest, retrieval_id: int, act: str) -> HttpResponse:
    """Do one thing with a retrieval."""
    if act not in set(Act) or act == Act.SEND.value:
        raise Http404(act)
    asked, now = Act(act), timezone.now()
    detail = retrieval_detail(actor=request.actor, retrieval_id=retrieval_id, today=timezone.localdate())
    form = _form(asked, detail, request, timezone.localdate(), request.POST, request.FILES) or forms.Form(request.POST)
    if form.is_valid():
        done = attempt(form, lambda: _do(request, retrieval_id, asked, form.cleaned_data, form, now))
        if done is not None:
            messages.success(request, _DONE[asked])
            still = asked is not Act.HAND_ON or detail.case_id is not None
            return redirect("foi:staff:retrieval", retrieval_id) if still else redirect("foi:staff:retrievals")
    if asked is Act.ACCEPT:
        for error in form.non_field_errors():
            messages.error(request, str(error))
        return redirect("foi:staff:retrieval", retrieval_id)
    return _show(request, retrieval_id, opened=asked.value, form=form, status=REFUSED)


def _do(
    request: HttpRequest, retrieval_id: int, act: Act, given: dict[str, Any], form: forms.Form, now: datetime
) -> Any:
    who: dict[str, Any] = {"actor": request.actor, "retrieval_id": retrieval_id, "now": now}
    if act is Act.ACCEPT:
        return services.retrieval_accept(**who)
    if act is Act.HAND_ON:
        return services.retrieval_hand_on(**who, division_id=given["division"], words=given["words"])
    if isinstance(form, AnswerForm):
        answer = services.Answer(
            outcome=Outcome(given["outcome"]),
            words=given["answer"],
            search=form.search(),
            files=tuple(given["files"]),
        )
        return services.retrieval_answer(**who, answer=answer)
    service = {
        Act.ASK_BACK: services.retrieval_ask_back,
        Act.CLARIFY: services.retrieval_clarify,
        Act.RECALL: services.retrieval_recall,
    }[act]
    return service(**who, words=given["words"])


@require_http_methods(["GET", "POST"])
@sensitive_variables()
@found_view
def retrieval_new(request: HttpRequest, application_id: int) -> HttpResponse:
    """Ask a division for the records of a case."""
    today = timezone.localdate()
    detail = case_detail(actor=request.actor, application_id=application_id, today=today)
    application = detail.application
    if not detail.may_handle:
        raise Http404("retrieval")
    known = divisions_of(unit_ids=[application.unit_id], on=today)
    wanted = f"{application.subject}（{application.doc_no}）" if application.doc_no else application.subject
    offered = offered_day(today=today, due_on=application.due_on)
    initial = {"wanted": wanted, "due_on": offered.on}
    choices = [(one.pk, one.display_name) for one in known]
    form = SendForm(request.POST or None, initial=initial, divisions=choices)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        sent = attempt(
            form,
            lambda: services.retrieval_send(
                actor=request.actor,
                application_id=application_id,
                division_id=given["division"],
                wanted=given["wanted"],
                question=given["question"],
                due_on=given["due_on"],
                custodian=given["custodian"],
                named_because=given["named_because"],
                now=timezone.now(),
            ),
        )
        if sent is not None:
            messages.success(request, f"已交“{sent.ref}”查找。")
            return redirect("foi:staff:case", application_id)
    context = {
        "page_title": "交内设机构查找",
        "breadcrumbs": [
            board_crumb(),
            {"label": application.register_no, "url": reverse("foi:staff:case", args=[application_id])},
            {"label": "交内设机构查找", "url": ""},
        ],
        "application": application,
        "form": form,
        "divisions": known,
        "offered": offered,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    response = render(request, "foi/staff/retrieval_new.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _desk() -> dict[str, str]:
    return {"label": "调取信息", "url": reverse("foi:staff:retrievals")}
