"""Proposals to disclose proactively: the list, the evidence, and the evaluation with its result."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from gongkai.features.foi.selectors.proposals import ProposalDetail, proposal_detail, proposal_list
from gongkai.features.foi.services import proposals as services
from gongkai.features.foi.staff.after_forms import AcceptForm, AlreadyForm, AssignForm, RefuseForm
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.kernel.accounts.pages import REFUSED, attempt, form_errors, found_view, page_number

TITLE = "转主动公开建议"
_STEPS: dict[str, tuple[Callable[..., Any], str]] = {
    "assign": (services.proposal_assign, "已确定评估人。"),
    "accept": (services.proposal_accept, "已转为公开信息的拟稿。请确定公开属性，再送审。"),
    "already": (services.proposal_already, "已记录：已经主动公开。"),
    "refuse": (services.proposal_refuse, "已记录：不主动公开。"),
}


@require_GET
@found_view
def proposals(request: HttpRequest) -> HttpResponse:
    """Show the proposals of the actor's units, those to evaluate first."""
    decided = request.GET.get("decided") == "1"
    number = page_number(request)
    lines, more, open_count = proposal_list(
        actor=request.actor, decided=decided, number=number, today=timezone.localdate()
    )
    context = {
        "page_title": TITLE,
        "breadcrumbs": [board_crumb(), {"label": TITLE, "url": ""}],
        "lines": lines,
        "decided": decided,
        "open_count": open_count,
        "number": number,
        "more": more,
    }
    return render(request, "foi/staff/proposals.html", context)


@require_GET
@found_view
def proposal(request: HttpRequest, proposal_id: int) -> HttpResponse:
    """Show a proposal with its evidence."""
    return _show(request, _detail(request, proposal_id))


@require_POST
@found_view
def proposal_step(request: HttpRequest, proposal_id: int, step: str) -> HttpResponse:
    """Say who evaluates, or what came of it."""
    if step not in _STEPS:
        raise Http404(step)
    detail = _detail(request, proposal_id)
    service, told = _STEPS[step]
    form = _forms(detail, step, request.POST)[step]
    if form.is_valid():
        done = attempt(
            form,
            lambda: _run(service, request, proposal_id, form),
        )
        if done is not None:
            messages.success(request, told)
            return redirect("foi:staff:proposal", proposal_id)
    return _show(request, detail, opened=step, form=form, status=REFUSED)


def _run(service: Callable[..., Any], request: HttpRequest, proposal_id: int, form: forms.Form) -> Any:
    data = dict(form.cleaned_data)
    if "evaluator" in data:
        data["evaluator_id"] = data.pop("evaluator")
    return service(actor=request.actor, proposal_id=proposal_id, now=timezone.now(), **data)


def _detail(request: HttpRequest, proposal_id: int) -> ProposalDetail:
    return proposal_detail(actor=request.actor, proposal_id=proposal_id, now=timezone.now(), today=timezone.localdate())


def _forms(detail: ProposalDetail, step: str = "", data: Any = None) -> dict[str, forms.Form]:
    grounds = list(services.refusal_grounds(on=timezone.localdate()).items())

    def posted(name: str) -> Any:
        return data if name == step else None

    one = detail.line.proposal
    return {
        "assign": AssignForm(posted("assign"), people=detail.evaluators, initial={"evaluator": one.evaluator_id}),
        "accept": AcceptForm(posted("accept"), kinds=detail.kinds),
        "already": AlreadyForm(posted("already")),
        "refuse": RefuseForm(posted("refuse"), grounds=grounds),
    }


def _show(
    request: HttpRequest, detail: ProposalDetail, *, opened: str = "", form: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    found = _forms(detail)
    if form is not None:
        found[opened] = form
        if detail.line.proposal.result:
            form_errors(request, form)  # somebody was faster: its form is not on the page any more
    context = {
        "page_title": f"{TITLE}：{detail.line.proposal.subject}",
        "breadcrumbs": [
            board_crumb(),
            {"label": TITLE, "url": reverse("foi:staff:proposals")},
            {"label": str(detail.line.proposal.pk), "url": ""},
        ],
        "detail": detail,
        "proposal": detail.line.proposal,
        "forms": found,
        "opened": opened,
    }
    response = render(request, "foi/staff/proposal.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
