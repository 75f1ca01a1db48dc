"""What the unit pages share: finding the unit or 404, showing a form with refusals, the way back."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy

from gongkai.kernel.accounts.web import show_refusal
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs import permissions, selectors

UNITS = {"label": "机构", "url": reverse_lazy("orgs:staff:unit_list")}
GROUPS = {"label": "单位分组", "url": reverse_lazy("orgs:staff:group_list")}


def find_unit(request: HttpRequest, unit_id: int) -> Any:
    """Return the unit, or raise Http404 or NotPermitted."""
    unit = selectors.unit_find(actor=request.actor, unit_id=unit_id)
    if unit is None:
        raise Http404
    return unit


def need_keeper(request: HttpRequest, ability: str) -> None:
    """Raise NotPermitted unless the actor keeps the tree, before a form is shown that could not be sent."""
    if not permissions.can_edit_units(request.actor):
        raise NotPermitted(ability=ability)


def crumbs(unit: Any, label: str) -> list[dict[str, Any]]:
    """Return the way to a page about a unit."""
    return [
        UNITS,
        {"label": unit.name, "url": reverse("orgs:staff:unit_detail", args=[unit.pk])},
        {"label": label, "url": ""},
    ]


def try_change(form: forms.Form, change: Callable[[], Any]) -> Any:
    """Run a service; put a refusal into the form and return None. NotPermitted goes on to the 403 page."""
    try:
        return change()
    except NotPermitted:
        raise
    except Refused as refused:
        show_refusal(form, refused)
        return None


def try_here(request: HttpRequest, change: Callable[[], Any], done: str, to: str, *args: Any) -> HttpResponse:
    """Run a service of a button without form, say what came of it, and go back."""
    try:
        change()
    except NotPermitted:
        raise
    except ObjectDoesNotExist as gone:
        raise Http404 from gone
    except Refused as refused:
        for sentence in refused.sentences():
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect(to, *args)


def show_form(request: HttpRequest, template: str, form: forms.Form, **context: Any) -> HttpResponse:
    """Show a page with a form; a form with errors answers 422, so that nothing takes it for saved."""
    return render(request, template, {"form": form, **context}, status=422 if form.is_bound and form.errors else 200)
