"""The organization tree: list, one unit, its data, aliases and directory entry."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.kernel.accounts import permissions as account_permissions
from gongkai.kernel.accounts import selectors as account_selectors
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.fingerprints import fingerprint
from gongkai.kernel.orgs import permissions, selectors, services
from gongkai.kernel.orgs.entries import entry_state
from gongkai.kernel.orgs.staff.forms import AliasForm, EntryForm, NewUnitForm, TreeFilterForm, UnitDataForm
from gongkai.kernel.orgs.staff.pages import UNITS, crumbs, find_unit, need_keeper, show_form, try_change, try_here
from gongkai.kernel.orgs.trees import TreeRow, unit_tree

PER_PAGE = 200


@require_GET
@staff_view
def unit_list(request: HttpRequest) -> HttpResponse:
    """Show the tree of a day, or the units that a search finds."""
    form = TreeFilterForm(request.GET)
    wanted = form.cleaned_data if form.is_valid() else {}
    on = wanted.get("on") or timezone.localdate()
    if wanted.get("search") or wanted.get("kind"):
        kinds = [wanted["kind"]] if wanted.get("kind") else []
        found = selectors.unit_list(actor=request.actor, on=on, search=wanted.get("search", ""), kinds=kinds)
        rows = [TreeRow(unit, 0, 0) for unit in found]
    else:
        rows = unit_tree(actor=request.actor, on=on)
    context = {
        "page_title": "机构",
        "form": form,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "narrowed": any(wanted.values()),
        "on": on,
        "can_edit": permissions.can_edit_units(request.actor),
    }
    return render(request, "orgs/staff/unit_list.html", context)


@require_GET
@staff_view
def unit_detail(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Show one unit: data, names over time, what became of it, aliases, directory entry, people, units below."""
    today = timezone.localdate()
    unit = find_unit(request, unit_id)
    sees_people = account_permissions.can_list_users(request.actor)
    context = {
        "page_title": unit.name,
        "breadcrumbs": [UNITS, {"label": unit.name, "url": ""}],
        "unit": unit,
        "exists": unit.exists(today),
        "names": selectors.unit_names(actor=request.actor, unit=unit),
        "aliases": selectors.unit_aliases(actor=request.actor, unit=unit),
        "lineage": selectors.unit_lineage(actor=request.actor, unit=unit),
        "children": selectors.unit_list(actor=request.actor, on=today, parent_id=unit.pk),
        "entry": entry_state(unit, today=today),
        "posts": account_selectors.post_list(actor=request.actor, today=today, unit_id=unit.pk, current=True)
        if sees_people
        else None,
        "alias_form": AliasForm(),
        "today": today,
        "can_edit": permissions.can_edit_units(request.actor),
        "can_check": permissions.can_check_entry(request.actor, unit_id=unit.pk),
    }
    return render(request, "orgs/staff/unit_detail.html", context)


@require_http_methods(["GET", "POST"])
@staff_view
def unit_create(request: HttpRequest) -> HttpResponse:
    """Found a unit."""
    need_keeper(request, "新增单位")
    form = NewUnitForm(request.POST or None, on=timezone.localdate(), initial={"parent": request.GET.get("parent")})
    if form.is_bound and form.is_valid():
        now = timezone.now()
        unit = try_change(form, lambda: services.unit_create(actor=request.actor, new=form.new_unit(), now=now))
        if unit is not None:
            messages.success(request, f"已新增单位“{unit.name}”。")
            return redirect("orgs:staff:unit_detail", unit.pk)
    way = [UNITS, {"label": "新增单位", "url": ""}]
    return show_form(request, "orgs/staff/unit_form.html", form, page_title="新增单位", breadcrumbs=way, submit="新增")


@require_http_methods(["GET", "POST"])
@staff_view
def unit_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Correct a unit's own data."""
    need_keeper(request, "修改单位")
    unit = find_unit(request, unit_id)
    initial = {
        "name": unit.name,
        "short_name": unit.short_name,
        "kind": unit.kind,
        "parent": unit.parent_id,
        "division_code": unit.division_code,
        "founded_on": unit.founded_on,
        "position": unit.position,
        "is_disclosure_authority": unit.is_disclosure_authority,
        "seen": fingerprint(unit, services.UPDATABLE),
    }
    form = UnitDataForm(request.POST or None, on=timezone.localdate(), initial=initial)
    if form.is_bound and form.is_valid():
        fields, seen = form.fields_changed(), form.cleaned_data["seen"]
        saved = try_change(
            form,
            lambda: services.unit_update(
                actor=request.actor, unit_id=unit_id, fields=fields, seen=seen, now=timezone.now()
            ),
        )
        if saved is not None:
            messages.success(request, "已保存。")
            return redirect("orgs:staff:unit_detail", unit_id)
    return show_form(
        request,
        "orgs/staff/unit_form.html",
        form,
        page_title=f"修改“{unit.name}”",
        breadcrumbs=crumbs(unit, "修改"),
        submit="保存",
        unit=unit,
    )


@require_http_methods(["GET", "POST"])
@staff_view
def entry_edit(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Correct or confirm the unit's directory entry."""
    unit = find_unit(request, unit_id)
    if not permissions.can_check_entry(request.actor, unit_id=unit_id):
        raise NotPermitted(ability="核对机构职能信息")
    initial = {field: getattr(unit, field) for field in services.ENTRY_FIELDS}
    initial["seen"] = fingerprint(unit, services.ENTRY_FIELDS)
    form = EntryForm(request.POST or None, initial=initial)
    if form.is_bound and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in services.ENTRY_FIELDS}
        seen = form.cleaned_data["seen"]
        saved = try_change(
            form,
            lambda: services.entry_update(
                actor=request.actor, unit_id=unit_id, fields=fields, seen=seen, now=timezone.now()
            ),
        )
        if saved is not None:
            messages.success(request, "已保存，核对日期为今天。")
            return redirect("orgs:staff:unit_detail", unit_id)
    return show_form(
        request,
        "orgs/staff/unit_form.html",
        form,
        page_title=f"核对“{unit.name}”的机构职能信息",
        breadcrumbs=crumbs(unit, "核对机构职能信息"),
        submit="核对无误，保存",
        unit=unit,
    )


@require_POST
@staff_view
def alias_add(request: HttpRequest, unit_id: int) -> HttpResponse:
    """Put another way of naming the unit on file."""
    unit = find_unit(request, unit_id)
    form = AliasForm(request.POST)
    if form.is_valid():
        values = form.cleaned_data
        alias = try_change(
            form,
            lambda: services.unit_alias_add(actor=request.actor, unit_id=unit_id, now=timezone.now(), **values),
        )
        if alias is not None:
            messages.success(request, f"已登记别名“{alias.text}”。")
            return redirect("orgs:staff:unit_detail", unit_id)
    return show_form(
        request,
        "orgs/staff/unit_form.html",
        form,
        page_title=f"登记“{unit.name}”的别名",
        breadcrumbs=crumbs(unit, "登记别名"),
        submit="登记",
        unit=unit,
    )


@require_POST
@staff_view
def alias_end(request: HttpRequest, unit_id: int, alias_id: int) -> HttpResponse:
    """End an alias."""
    return try_here(
        request,
        lambda: services.unit_alias_end(actor=request.actor, alias_id=alias_id, now=timezone.now()),
        "别名已停用，此前文件中的说法仍可识别。",
        "orgs:staff:unit_detail",
        unit_id,
    )
