"""Pages by which a paper goes on elsewhere, and the comparison with a like application from which that starts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.foi.parting import MOST_PARTS, propose_parts
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.features.foi import services
from gongkai.features.foi.selectors.access import application_get
from gongkai.features.foi.selectors.alike import asked_text
from gongkai.features.foi.selectors.comparing import comparison
from gongkai.features.foi.selectors.detail import CaseDetail, case_detail
from gongkai.features.foi.selectors.terms import moved_rule
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.features.foi.staff.crumbs import case_crumbs
from gongkai.features.foi.staff.linked_forms import (
    MergeForm,
    MoveForm,
    PartForms,
    RepeatForm,
    SplitForm,
    parts_of,
)
from gongkai.kernel.accounts.pages import REFUSED, attempt, found_view, whole_numbers

PREFIX = "part"
MORE = "more"


@require_http_methods(["GET", "POST"])
@sensitive_variables("taken")
@found_view
def split(request: HttpRequest, application_id: int) -> HttpResponse:
    """Split a paper; the parts begin with how the applicant numbered them, and more can be added without scripts."""
    detail = _detail(request, application_id)
    if Verb.SPLIT not in detail.verbs:
        return _not_now(request, detail, Verb.SPLIT)
    application = detail.application
    more = request.POST.get("do") == MORE
    form = SplitForm(
        request.POST if request.method == "POST" and not more else None,
        today=timezone.localdate(),
        seen=application.event_count,
        initial={"reason": request.POST.get("reason", "")},
    )
    if request.method == "POST":
        parts = PartForms(_one_more(request.POST) if more else request.POST, prefix=PREFIX)
    else:
        parts = PartForms(prefix=PREFIX, initial=_proposed(detail))
    if request.method == "POST" and not more and all([form.is_valid(), parts.is_valid()]):
        taken = attempt(
            form,
            lambda: services.application_split(
                actor=request.actor,
                application_id=application_id,
                parts=parts_of(parts),
                now=timezone.now(),
                **form.cleaned_data,
            ),
        )
        if taken is not None:
            return _split_done(request, detail, taken)
    context = {
        **_base(detail, Verb.SPLIT),
        "form": form,
        "parts": parts,
        "full": parts.total_form_count() >= MOST_PARTS,
        "asked": asked_text(application),
    }
    refused = request.method == "POST" and not more
    return render(request, "foi/staff/split.html", context, status=REFUSED if refused else 200)


def _proposed(detail: CaseDetail) -> list[dict[str, str]]:
    application = detail.application
    parts = propose_parts(application.subject, application.description, application.doc_no)
    return [{"subject": one.subject, "description": one.description, "doc_no": one.doc_no} for one in parts]


def _one_more(posted: QueryDict) -> QueryDict:
    data = posted.copy()
    written = data.get(f"{PREFIX}-TOTAL_FORMS", "")
    count = int(written) if written.isascii() and written.isdigit() and len(written) < 4 else 2
    data[f"{PREFIX}-TOTAL_FORMS"] = str(min(count + 1, MOST_PARTS))
    return data


@sensitive_variables()
def _split_done(request: HttpRequest, detail: CaseDetail, taken: Any) -> HttpResponse:
    context = {
        **_base(detail, Verb.SPLIT),
        "page_title": f"已拆分为 {len(taken)} 件",
        "taken": [(one.application, services.code_shown(one.query_code)) for one in taken],
    }
    response = render(request, "foi/staff/split_done.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_http_methods(["GET", "POST"])
@found_view
def move(request: HttpRequest, application_id: int) -> HttpResponse:
    """Hand a misdirected paper over."""
    detail = _detail(request, application_id)
    if Verb.MOVE not in detail.verbs:
        return _not_now(request, detail, Verb.MOVE)
    today = timezone.localdate()
    own = detail.application.unit_id
    units = [unit for unit in receiving_units(on=today) if unit.pk != own]
    form = MoveForm(request.POST or None, today=today, seen=detail.application.event_count, units=units)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done = attempt(
            form,
            lambda: (
                services.application_move(
                    actor=request.actor,
                    application_id=application_id,
                    to_unit_id=data["to_unit"],
                    to=data["to"],
                    reason=data["reason"],
                    on=data["on"],
                    seen=data["seen"],
                    now=timezone.now(),
                ),
            ),
        )
        if done is not None:
            messages.success(request, "已移送。请告知申请人；原来的查询页面也会显示移送到哪里。")
            return redirect("foi:staff:case", application_id)
    return _step(request, detail, Verb.MOVE, form)


@require_http_methods(["GET", "POST"])
@found_view
def merge(request: HttpRequest, application_id: int) -> HttpResponse:
    """End a copy that came in twice."""
    detail = _detail(request, application_id)
    if Verb.MERGE not in detail.verbs:
        return _not_now(request, detail, Verb.MERGE)
    form = MergeForm(
        request.POST or None,
        today=timezone.localdate(),
        seen=detail.application.event_count,
        initial={"into": _number_of(request, detail)},
    )
    if request.method == "POST" and form.is_valid():
        done = attempt(
            form,
            lambda: services.application_merge(
                actor=request.actor, application_id=application_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, f"已并入 {form.cleaned_data['into']}。")
            return redirect("foi:staff:case", application_id)
    return _step(request, detail, Verb.MERGE, form)


def _number_of(request: HttpRequest, detail: CaseDetail) -> str:
    """The register number of the case that the comparison led here from."""
    wanted = whole_numbers([request.GET.get("with", "")])
    if not wanted:
        return ""
    other = application_get(actor=request.actor, application_id=wanted[0])
    return other.register_no if other.unit_id == detail.application.unit_id else ""


@require_GET
@found_view
def compare(request: HttpRequest, application_id: int, other_id: int) -> HttpResponse:
    """Show an application beside another one that is like it."""
    return _compared(request, application_id, other_id)


@require_POST
@found_view
def repeat(request: HttpRequest, application_id: int, other_id: int) -> HttpResponse:
    """Draft the reply that the same was answered before."""
    detail = _detail(request, application_id)
    form = RepeatForm(request.POST, today=timezone.localdate(), seen=detail.application.event_count)
    if form.is_valid():
        done = attempt(
            form,
            lambda: services.repeat_draft(
                actor=request.actor,
                application_id=application_id,
                earlier_id=other_id,
                now=timezone.now(),
                **form.cleaned_data,
            ),
        )
        if done is not None:
            messages.success(request, "已按重复申请拟定答复，前次申请和答复已作为依据材料附入案卷。")
            return redirect("foi:staff:case", application_id)
    return _compared(request, application_id, other_id, form=form, status=REFUSED)


def _compared(
    request: HttpRequest, application_id: int, other_id: int, *, form: Any = None, status: int = 200
) -> HttpResponse:
    found = comparison(actor=request.actor, application_id=application_id, other_id=other_id)
    context = {
        "page_title": "比较两件申请",
        "breadcrumbs": case_crumbs(found.mine.pk, found.mine.register_no, "比较两件申请"),
        "found": found,
        "application": found.mine,
        "form": form or RepeatForm(today=timezone.localdate(), seen=found.mine.event_count),
    }
    return render(request, "foi/staff/compare.html", context, status=status)


def _detail(request: HttpRequest, application_id: int) -> CaseDetail:
    detail = case_detail(actor=request.actor, application_id=application_id, today=timezone.localdate())
    if not detail.may_handle:
        raise Http404("case")
    return detail


def _not_now(request: HttpRequest, detail: CaseDetail, verb: Verb) -> HttpResponse:
    messages.error(request, f"案件现在是“{detail.stage_name}”，不能{VERB_NAMES[verb]}。")
    return redirect("foi:staff:case", detail.application.pk)


def _step(request: HttpRequest, detail: CaseDetail, verb: Verb, form: Any) -> HttpResponse:
    status = REFUSED if form.is_bound and form.errors else 200
    context = {**_base(detail, verb), "form": form, "verb": verb, "rule": moved_rule(on=timezone.localdate())}
    return render(request, "foi/staff/linked.html", context, status=status)


def _base(detail: CaseDetail, verb: Verb) -> dict[str, Any]:
    application, name = detail.application, VERB_NAMES[verb]
    return {
        "page_title": name,
        "breadcrumbs": case_crumbs(application.pk, application.register_no, name),
        "application": application,
        "detail": detail,
    }
