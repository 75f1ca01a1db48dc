"""Renaming, merging, splitting and dissolving a unit: a form, a page that names the consequences, then the change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.orgs import selectors, services
from gongkai.kernel.orgs.staff.forms import DissolveForm, MergeForm, RenameForm, SplitForm
from gongkai.kernel.orgs.staff.pages import crumbs, find_unit, need_keeper, show_form, try_change


@require_http_methods(["GET", "POST"])
@staff_view
def unit_rename(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Give a unit a new name from a day on."""
    unit = _unit(request, unit_id, "单位更名")
    initial = {"kind": unit.kind, "on": timezone.localdate()}
    form = RenameForm(request.POST or None, initial=initial)

    def change() -> Any:
        values = form.cleaned_data
        return services.unit_rename(actor=request.actor, unit_id=unit_id, now=timezone.now(), **values)

    return _steps(request, unit, form, change, "更名", [])


@require_http_methods(["GET", "POST"])
@staff_view
def unit_merge(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Merge a unit, and others with it, into one that exists or a new one."""
    unit = _unit(request, unit_id, "单位合并")
    form = MergeForm(request.POST or None, on=timezone.localdate(), initial={"on": timezone.localdate()})

    def sources() -> list[int]:
        return list(dict.fromkeys([unit_id, *form.cleaned_data["others"]]))

    def change() -> Any:
        return services.unit_merge(
            actor=request.actor,
            source_ids=sources(),
            into=form.target(unit.kind, unit.parent_id),
            on=form.cleaned_data["on"],
            basis=form.cleaned_data["basis"],
            now=timezone.now(),
        )

    gone = sources() if form.is_bound and form.is_valid() else []
    return _steps(request, unit, form, change, "合并", gone)


@require_http_methods(["GET", "POST"])
@staff_view
def unit_split(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Split a unit into new ones."""
    unit = _unit(request, unit_id, "单位拆分")
    form = SplitForm(request.POST or None, initial={"on": timezone.localdate()})

    def change() -> Any:
        return services.unit_split(
            actor=request.actor,
            source_id=unit_id,
            into=form.targets(unit.kind, unit.parent_id),
            keep=form.cleaned_data["keep"],
            on=form.cleaned_data["on"],
            basis=form.cleaned_data["basis"],
            now=timezone.now(),
        )

    goes = form.is_bound and form.is_valid() and not form.cleaned_data["keep"]
    return _steps(request, unit, form, change, "拆分", [unit_id] if goes else [])


@require_http_methods(["GET", "POST"])
@staff_view
def unit_dissolve(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Dissolve a unit without successor."""
    unit = _unit(request, unit_id, "撤销单位")
    form = DissolveForm(request.POST or None, initial={"on": timezone.localdate()})

    def change() -> Any:
        values = form.cleaned_data
        return services.unit_dissolve(actor=request.actor, unit_id=unit_id, now=timezone.now(), **values)

    return _steps(request, unit, form, change, "撤销", [unit_id])


def _unit(request: HttpRequest, unit_id: int, ability: str) -> Any:
    need_keeper(request, ability)
    return find_unit(request, unit_id)


def _steps(
    request: HttpRequest, unit: Any, form: forms.Form, change: Callable[[], Any], verb: str, gone: Sequence[int]
) -> HttpResponse:
    """Show the form; then, with it, the consequences; then, once confirmed, make the change."""
    preview = None
    if form.is_bound and form.is_valid():
        if "confirm" in request.POST:
            if try_change(form, change) is not None:
                messages.success(request, f"已办理{verb}。")
                return redirect("orgs:staff:unit_detail", unit.pk)
        else:
            on = form.cleaned_data["on"]
            preview = selectors.change_preview(actor=request.actor, unit_ids=gone, on=on)
    return show_form(
        request,
        "orgs/staff/unit_change.html",
        form,
        page_title=f"{verb}：{unit.name}",
        breadcrumbs=crumbs(unit, verb),
        unit=unit,
        verb=verb,
        preview=preview,
        gone=bool(gone),
    )
