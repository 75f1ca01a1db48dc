"""Entering an application that came in on paper, by fax, by e-mail or by word of mouth."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from gongkai.features.foi import permissions, services
from gongkai.features.foi.selectors.units import receiving_units
from gongkai.features.foi.staff.crumbs import board_crumb
from gongkai.features.foi.staff.entry_form import EntryForm
from gongkai.kernel.accounts.pages import attempt, found_view, show_form
from gongkai.kernel.errors import NotPermitted


@require_http_methods(["GET", "POST"])
@sensitive_post_parameters()
@found_view
def application_new(request: HttpRequest) -> HttpResponse:
    """Enter an application; the sheet with number and query code is shown once to be handed to the applicant."""
    handled = permissions.units_handled(request.actor)
    units = [unit for unit in receiving_units(on=timezone.localdate()) if unit.pk in handled]
    if not units:
        raise NotPermitted(ability="登记公开申请")
    today = timezone.localdate()
    form = EntryForm(request.POST or None, request.FILES or None, units=units, today=today)
    if request.method == "POST" and form.is_valid():
        taken = attempt(
            form, lambda: services.application_submit(actor=request.actor, now=timezone.now(), **form.arguments())
        )
        if taken is not None:
            context = {
                "page_title": "已登记",
                "breadcrumbs": [board_crumb(), {"label": "已登记", "url": ""}],
                "application": taken.application,
                "code": services.code_shown(taken.query_code),
            }
            response = render(request, "foi/staff/entered.html", context)
            response["Cache-Control"] = "no-store"
            return response
    here = [board_crumb(), {"label": "登记申请", "url": ""}]
    return show_form(request, "foi/staff/entry.html", form, page_title="登记申请", breadcrumbs=here)
