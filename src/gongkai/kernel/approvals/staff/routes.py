"""Routes: the list with a tester, one route drawn, editing a new version, and where it holds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain import approval as domain
from gongkai.kernel.accounts.roles import LABELS
from gongkai.kernel.accounts.web import show_refusal, staff_view
from gongkai.kernel.approvals import selectors, services
from gongkai.kernel.approvals.permissions import can_manage_routes
from gongkai.kernel.approvals.staff.forms import PlaceForm, RouteForm, TryForm, step_forms, steps_sent
from gongkai.kernel.approvals.targets import column_choices, kind_choices
from gongkai.kernel.errors import NotPermitted, Refused

ROUTES = ("审批路线", reverse_lazy("approvals:staff:route_list"))
ROLE_LABELS = {role.value: label for role, label in LABELS.items()}


@dataclass(frozen=True, slots=True)
class DrawnStep:
    """A step as drawn."""

    name: str
    kind: str
    tone: str
    who: str
    due: int
    when: str
    form: str
    links: bool


def drawn(route: domain.Route, forms: dict[str, domain.Form]) -> list[tuple[int, list[DrawnStep]]]:
    """Return the stages of a route with their steps in words."""
    tones = {"review": "accent", "sign_off": "accent", "proof": "grey"}
    return [
        (
            stage.order,
            [
                DrawnStep(
                    step.name,
                    domain.KIND_NAMES[step.kind],
                    tones.get(step.kind.value, "yellow"),
                    domain.who_signs(step, ROLE_LABELS),
                    step.due_working_days,
                    domain.when_needed(step),
                    forms[step.form].title if step.form in forms else "",
                    step.links,
                )
                for step in stage.steps
            ],
        )
        for stage in domain.stages(route)
    ]


@require_GET
@staff_view
def route_list(request: HttpRequest) -> HttpResponse:
    """List the routes, and tell which one would hold for a unit, a column and a kind."""
    today = timezone.localdate()
    rows = selectors.route_list(actor=request.actor, on=today)
    asked = "unit" in request.GET
    form = TryForm(request.GET if asked else None, on=today)
    held = None
    if asked and form.is_valid() and form.cleaned_data["unit"] is not None:
        values = form.cleaned_data
        held = selectors.route_for(
            unit_id=values["unit"],
            columns=[values["column"]] if values["column"] else [],
            kind=values["kind"],
            emergency=values["emergency"],
            on=today,
        )
    elif asked and form.is_valid():
        form.add_error("unit", "请选择单位，才能查询适用的路线。")
    assignments: dict[str, int] = {}
    for one in selectors.assignment_list(actor=request.actor):
        assignments[one.route_code] = assignments.get(one.route_code, 0) + 1
    context = {
        "page_title": "审批路线",
        "rows": [(row, domain.stages(row.route), assignments.get(row.route.code, 0)) for row in rows],
        "form": form,
        "held": held,
        "may_manage": can_manage_routes(request.actor),
    }
    return render(request, "approvals/staff/route_list.html", context)


@require_GET
@staff_view
def route_detail(request: HttpRequest, code: str) -> HttpResponse:
    """Show one route drawn, with its separation in words, where it holds and its versions."""
    return _detail(request, code, PlaceForm(on=timezone.localdate()))


def _detail(request: HttpRequest, code: str, form: PlaceForm) -> HttpResponse:
    today = timezone.localdate()
    route = _route(code)
    row = next(one for one in selectors.route_list(actor=request.actor, on=today) if one.route.code == code)
    columns, kinds = dict(column_choices()), dict(kind_choices())
    context = {
        "page_title": route.name,
        "breadcrumbs": [ROUTES, (route.name, "")],
        "route": route,
        "row": row,
        "purpose": domain.PURPOSE_NAMES[route.purpose],
        "stages": drawn(route, selectors.forms(on=today)),
        "separation": domain.separation_sentences(route),
        "assignments": [
            (one, columns.get(one.column, one.column).strip(), kinds.get(one.kind, one.kind))
            for one in selectors.assignment_list(actor=request.actor, code=code)
        ],
        "versions": selectors.route_versions(actor=request.actor, code=code),
        "form": form,
        "may_manage": can_manage_routes(request.actor),
    }
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "approvals/staff/route_detail.html", context, status=status)


def _route(code: str) -> domain.Route:
    try:
        return selectors.route_get(code, on=timezone.localdate())
    except Refused as gone:
        raise Http404 from gone


@require_http_methods(["GET", "POST"])
@staff_view
def route_edit(request: HttpRequest, code: str) -> HttpResponse:
    """Write a new version of a route."""
    return _edit(request, _route(_managed(request, code)), copy=False)


@require_http_methods(["GET", "POST"])
@staff_view
def route_copy(request: HttpRequest, code: str) -> HttpResponse:
    """Write a route of its own, beginning with the steps of another."""
    return _edit(request, _route(_managed(request, code)), copy=True)


def _managed(request: HttpRequest, code: str) -> str:
    if not can_manage_routes(request.actor):
        raise NotPermitted(ability="修改审批路线")
    return code


def _edit(request: HttpRequest, route: domain.Route, *, copy: bool) -> HttpResponse:
    sent: Any = request.POST if request.method == "POST" else None
    initial = {
        "name": f"{route.name}（副本）" if copy else route.name,
        "basis": "\n".join(route.basis),
        "seen": route.number,
    }
    form = RouteForm(sent, initial=initial, new=copy)
    steps = step_forms(route, sent)
    wrong = [step for step in steps if sent is not None and not step.is_valid()]
    if sent is not None and form.is_valid() and not wrong:
        values = form.cleaned_data
        changed = domain.Route(
            code=values["code"] if copy else route.code,
            name=values["name"],
            steps=steps_sent(steps),
            purpose=route.purpose,
            basis=tuple(line.strip() for line in values["basis"].splitlines() if line.strip()),
        )
        try:
            services.route_save(
                actor=request.actor,
                route=changed,
                note=values["note"],
                seen=0 if copy else values["seen"],
                now=timezone.now(),
            )
        except NotPermitted:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已保存为新版本；正在进行的审批仍按原来的步骤办理。")
            return redirect("approvals:staff:route_detail", changed.code)
    title = "另立一条路线" if copy else "修改为新版本"
    here = reverse("approvals:staff:route_detail", args=[route.code])
    context = {
        "page_title": f"{title}：{route.name}",
        "breadcrumbs": [ROUTES, (route.name, here), (title, "")],
        "form": form,
        "steps": list(enumerate(steps, start=1)),
        "known": len(route.steps),
        "purpose": domain.PURPOSE_NAMES[route.purpose],
        "back": here,
    }
    return render(request, "approvals/staff/route_edit.html", context, status=422 if form.is_bound else 200)


@require_POST
@staff_view
def route_assign(request: HttpRequest, code: str) -> HttpResponse:
    """Let the route hold for a unit, a column or a kind."""
    _managed(request, code)
    form = PlaceForm(request.POST, on=timezone.localdate())
    if form.is_valid():
        values = form.cleaned_data
        try:
            services.route_assign(
                actor=request.actor,
                route_code=code,
                unit_id=values["unit"],
                column=values["column"],
                kind=values["kind"],
                now=timezone.now(),
            )
        except NotPermitted:
            raise
        except Refused as refused:
            show_refusal(form, refused)
        else:
            messages.success(request, "已设定。新送审的内容从现在起适用。")
            return redirect("approvals:staff:route_detail", code)
    return _detail(request, code, form)


@require_POST
@staff_view
def route_unassign(request: HttpRequest, code: str, assignment_id: int) -> HttpResponse:
    """Let an assignment end."""
    try:
        services.route_unassign(actor=request.actor, assignment_id=assignment_id, now=timezone.now())
    except NotPermitted:
        raise
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, "已取消这项设定。")
    return redirect("approvals:staff:route_detail", code)
