"""What an office sets up for its letters: courts, body of review, channel, numbers, seal and contact, in versions."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.answers import answer_rows
from gongkai.features.foi.selectors.office import (
    Office,
    office_get,
    office_history,
    office_on,
    offices_seen,
    role_names,
)
from gongkai.features.foi.selectors.templates import template_rows
from gongkai.features.foi.staff.crumbs import Crumb, board_crumb
from gongkai.features.foi.staff.office_form import KIND_NAMES, OfficeForm
from gongkai.kernel.accounts.pages import attempt, found_view, show_form
from gongkai.kernel.errors import NotPermitted


@require_GET
@found_view
def office_list(request: HttpRequest) -> HttpResponse:
    """Show the units of the actor with what is still missing; a single one is opened at once."""
    today = timezone.localdate()
    units = offices_seen(actor=request.actor, on=today)
    if not units:
        raise NotPermitted(ability="查看依申请公开单位设置")
    if len(units) == 1:
        return redirect("foi:staff:office", units[0].pk)
    rows = []
    for unit in units:
        office = office_on(unit=unit, on=today)
        missing = [one.label for one in role_names(office=office, on=today) if one.missing]
        rows.append((office, missing))
    context = {"page_title": "单位设置", "breadcrumbs": [board_crumb(), {"label": "单位设置", "url": ""}], "rows": rows}
    return render(request, "foi/staff/office_list.html", context)


@require_http_methods(["GET", "POST"])
@found_view
def office(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show and change what an office has set up."""
    today = timezone.localdate()
    found = office_get(actor=request.actor, unit_id=unit_id, on=today)
    roles = role_names(office=found, on=today)
    may = permissions.can_set_up(request.actor, unit_id)
    form = OfficeForm(request.POST or None, office=found, roles=roles, today=today)
    if request.method == "POST":
        if not may:
            raise NotPermitted(ability="修改依申请公开单位设置")
        if form.is_valid():
            data = form.cleaned_data
            saved = attempt(
                form,
                lambda: services.office_save(
                    actor=request.actor,
                    unit_id=unit_id,
                    entry=form.entry(),
                    from_on=data["from_on"],
                    note=data["note"],
                    now=timezone.now(),
                ),
            )
            if saved is not None:
                messages.success(request, f"已保存为第{saved.number}版，{saved.from_on.isoformat()}起使用。")
                return redirect("foi:staff:office", unit_id)
    templates = template_rows(unit_id=unit_id, on=today)
    return show_form(
        request,
        "foi/staff/office.html",
        form,
        page_title=f"单位设置：{found.unit.name}",
        breadcrumbs=[board_crumb(), {"label": "单位设置", "url": ""}],
        office=found,
        kind_name=KIND_NAMES[found.kind] if found.kind is not None else "",
        missing=[one.label for one in roles if one.missing],
        sample=found.doc_no(year=today.year, number=1),
        history=office_history(office=found),
        may=may,
        own=sum(1 for row in templates if row.in_use is not None),
        letters=len(templates),
        answers=len(answer_rows(unit_id=unit_id)),
        today=today,
    )


def office_crumbs(found: Office, title: str) -> list[Crumb]:
    """Return the way to a page of what an office has set up."""
    return [
        board_crumb(),
        {"label": "单位设置", "url": reverse("foi:staff:office", args=[found.unit.pk])},
        {"label": title, "url": ""},
    ]
