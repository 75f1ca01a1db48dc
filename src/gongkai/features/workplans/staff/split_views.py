"""Assigning an item to units, and splitting it down to them after a look at what would come of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from gongkai.domain.ledger import Verb
from gongkai.features.workplans import selectors, services
from gongkai.features.workplans.staff.pages import LEDGER, REFUSED, ledger_view, whole_numbers
from gongkai.kernel.errors import NotPermitted, Refused

ROLES = (("lead", "牵头"), ("responsible", "责任"), ("cooperating", "配合"))


@require_http_methods(["GET", "POST"])
@ledger_view
def item_assign(request: HttpRequest, item_id: int) -> HttpResponse:
    """Say which units and groups lead, do and help."""
    today = timezone.localdate()
    detail = selectors.item_get(actor=request.actor, item_id=item_id, today=today)
    _need(detail, Verb.ASSIGN, "交办任务")
    chosen = {role: {label.unit_id for label in getattr(detail.row, role)} for role, _ in ROLES}
    chosen_groups = {role: {label.group_id for label in getattr(detail.row, role)} for role, _ in ROLES}
    issues: Any = ()
    if request.method == "POST":
        units = {role: whole_numbers(request.POST.getlist(role)) for role, _ in ROLES}
        groups = {role: whole_numbers(request.POST.getlist(f"{role}-group")) for role, _ in ROLES}
        try:
            services.item_assign(
                actor=request.actor,
                item_id=item_id,
                lead_ids=units["lead"],
                responsible_ids=units["responsible"],
                cooperating_ids=units["cooperating"],
                groups=groups,
                now=timezone.now(),
            )
        except (NotPermitted, selectors.NotFound):
            raise
        except Refused as refused:
            issues = refused.issues
            chosen = {role: set(ids) for role, ids in units.items()}
            chosen_groups = {role: set(ids) for role, ids in groups.items()}
        else:
            messages.success(request, "已确定单位。")
            return redirect("workplans:staff:item_detail", item_id)
    labels = (*detail.row.lead, *detail.row.responsible, *detail.row.cooperating)
    context = {
        **_common(detail, "确定单位"),
        "issues": issues,
        "roles": ROLES,
        "units": _matrix(selectors.unit_choices(actor=request.actor, today=today), chosen),
        "groups": _matrix(selectors.group_choices(actor=request.actor), chosen_groups),
        "open_phrases": [label.phrase for label in labels if label.open],
    }
    return render(request, "workplans/staff/item_assign.html", context, status=REFUSED if issues else 200)


def _matrix(choices: list[tuple[int, str]], chosen: dict[str, set[Any]]) -> list[dict[str, Any]]:
    """Return a row for each unit with a cell for each role; those chosen come first."""
    rows = [
        {
            "id": pk,
            "name": name,
            "cells": [(role, label, pk in chosen[role]) for role, label in ROLES],
            "any": any(pk in chosen[role] for role, _ in ROLES),
        }
        for pk, name in choices
    ]
    return sorted(rows, key=lambda row: not row["any"])


@require_http_methods(["GET", "POST"])
@ledger_view
def item_split(request: HttpRequest, item_id: int) -> HttpResponse:
    """Choose units and groups, look at the parts, make them."""
    today = timezone.localdate()
    detail = selectors.item_get(actor=request.actor, item_id=item_id, today=today)
    _need(detail, Verb.SPLIT, "分解任务")
    choices = selectors.unit_choices(actor=request.actor, today=today)
    step = request.POST.get("step", "") if request.method == "POST" else ""
    issues: Any = ()
    parts = _parts(request, detail, dict(choices)) if step else []
    if step == "confirm":
        wanted, issues = _wanted(parts)
        if not issues:
            try:
                made = services.item_split(actor=request.actor, item_id=item_id, parts=wanted, now=timezone.now())
            except (NotPermitted, selectors.NotFound):
                raise
            except Refused as refused:
                issues = refused.issues
            else:
                messages.success(request, f"已分解为 {len(made)} 项任务。")
                return redirect(f"{reverse('workplans:staff:item_detail', args=[item_id])}#children")
    elif step == "preview" and not parts:
        issues = ["请至少选择一个单位或一个单位分组。"]
    context = {
        **_common(detail, "分解任务"),
        "issues": issues,
        "parts": parts,
        "previewed": bool(parts) and step in ("preview", "confirm"),
        "own_units": _own_units(detail),
        "own_groups": [label for label in _labels(detail) if label.group_id],
        "others": choices,
    }
    return render(request, "workplans/staff/item_split.html", context, status=REFUSED if issues else 200)


def _labels(detail: selectors.ItemDetail) -> list[selectors.UnitLabel]:
    return [*detail.row.responsible, *detail.row.cooperating, *detail.row.lead]


def _own_units(detail: selectors.ItemDetail) -> list[tuple[int, str, bool]]:
    """Return (id, name, proposed) of the units named by the item; those who do it are proposed."""
    doing = {label.unit_id for label in detail.row.responsible}
    found = {label.unit_id: label.text for label in _labels(detail) if label.unit_id is not None}
    return [(pk, name, pk in doing) for pk, name in found.items()]


def _parts(request: HttpRequest, detail: selectors.ItemDetail, names: dict[int, str]) -> list[dict[str, Any]]:
    """Return the parts that were chosen, each with the title and date that were typed."""
    groups = {label.group_id: label for label in _labels(detail) if label.group_id}
    common = request.POST.get("due_on", "")
    parts: list[dict[str, Any]] = []
    own = {pk: name for pk, name, _ in _own_units(detail)}
    for unit_id in whole_numbers([*request.POST.getlist("unit"), *request.POST.getlist("other")]):
        if unit_id in names or unit_id in own:
            name = own.get(unit_id) or names[unit_id]
            parts.append(
                {
                    "kind": "unit",
                    "id": unit_id,
                    "name": name,
                    "title": request.POST.get(f"title-{unit_id}", f"{detail.row.title}（{name}）"),
                    "due_on": request.POST.get(f"due-{unit_id}", common),
                }
            )
    for group_id in whole_numbers(request.POST.getlist("group")):
        if group_id in groups:
            label = groups[group_id]
            parts.append(
                {
                    "kind": "group",
                    "id": group_id,
                    "name": label.text,
                    "members": label.members,
                    "due_on": request.POST.get(f"due-g{group_id}", common),
                }
            )
    return parts


def _wanted(parts: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the parts as the service takes them, and what is wrong with their dates."""
    wanted, issues = [], []
    for part in parts:
        one: dict[str, Any] = {f"{part['kind']}_id": part["id"], "title": part.get("title", "")}
        if part["due_on"]:
            try:
                one["due_on"] = date.fromisoformat(part["due_on"])
            except ValueError:
                issues.append(f"“{part['name']}”的时限“{part['due_on']}”不是日期，应写成 2026-09-30 的形式。")
        wanted.append(one)
    return wanted, issues


def _need(detail: selectors.ItemDetail, verb: Verb, ability: str) -> None:
    """Raise NotPermitted unless the verb is possible for this actor now."""
    if verb not in detail.verbs:
        raise NotPermitted(ability=ability)


def _common(detail: selectors.ItemDetail, label: str) -> dict[str, Any]:
    here = reverse("workplans:staff:item_detail", args=[detail.row.id])
    return {
        "page_title": f"{label}：{detail.row.title}",
        "breadcrumbs": [LEDGER, {"label": detail.row.title, "url": here}, {"label": label, "url": ""}],
        "detail": detail,
        "row": detail.row,
        "back": here,
    }
