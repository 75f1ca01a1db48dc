"""Groups of units: which there are, and whom they mean on a day."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.domain.organizations.groups import GroupRule, Reach
from gongkai.domain.organizations.kinds import LABELS, UnitKind
from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.orgs import permissions, selectors, services
from gongkai.kernel.orgs.staff.forms import GroupForm, MemberForm
from gongkai.kernel.orgs.staff.pages import GROUPS, need_keeper, show_form, try_change, try_here


@require_GET
@staff_view
def group_list(request: HttpRequest) -> HttpResponse:
    """List the groups on file with the number of units they mean on the day."""
    on = _day(request)
    groups = list(selectors.group_list(actor=request.actor))
    members = selectors.groups_members(groups=groups, on=on)
    context = {
        "page_title": "单位分组",
        "rows": [(group, describe_rule(group.group_rule), len(members[group.pk])) for group in groups],
        "on": on,
        "can_edit": permissions.can_edit_units(request.actor),
    }
    return render(request, "orgs/staff/group_list.html", context)


@require_GET
@staff_view
def group_detail(request: HttpRequest, group_id: int) -> HttpResponse:
    """Show one group, and whom it means on a day."""
    return _detail(request, _group(request, group_id), MemberForm(on=timezone.localdate()))


@require_http_methods(["GET", "POST"])
@staff_view
def group_create(request: HttpRequest) -> HttpResponse:
    """Put a group on file."""
    need_keeper(request, "维护单位分组")
    form = GroupForm(request.POST or None, on=timezone.localdate())
    if form.is_bound and form.is_valid():
        values = form.cleaned_data
        rule = GroupRule(kinds=tuple(values["kinds"]), reach=Reach.ALL if values["below"] else Reach.OWN)
        phrases = [part for part in values["phrases"].replace("，", "、").split("、") if part.strip()]
        group = try_change(
            form,
            lambda: services.group_create(
                actor=request.actor,
                name=values["name"],
                home_id=values["home"],
                rule=rule,
                phrases=phrases,
                note=values["note"],
                now=timezone.now(),
            ),
        )
        if group is not None:
            messages.success(request, f"已新增分组“{group.name}”。")
            return redirect("orgs:staff:group_detail", group.pk)
    way = [GROUPS, {"label": "新增分组", "url": ""}]
    return show_form(request, "orgs/staff/unit_form.html", form, page_title="新增分组", breadcrumbs=way, submit="新增")


@require_POST
@staff_view
def member_add(request: HttpRequest, group_id: int) -> HttpResponse:
    """List a unit in the group, or take it out."""
    group = _group(request, group_id)
    form = MemberForm(request.POST, on=timezone.localdate())
    if form.is_valid():
        values = dict(form.cleaned_data)
        unit_id = values.pop("unit")
        member = try_change(
            form,
            lambda: services.group_member_add(
                actor=request.actor, group_id=group_id, unit_id=unit_id, now=timezone.now(), **values
            ),
        )
        if member is not None:
            messages.success(request, "已登记。")
            return redirect("orgs:staff:group_detail", group_id)
    return _detail(request, group, form)


@require_POST
@staff_view
def member_end(request: HttpRequest, group_id: int, member_id: int) -> HttpResponse:
    """End a listed membership."""
    return try_here(
        request,
        lambda: services.group_member_end(actor=request.actor, member_id=member_id, now=timezone.now()),
        "列名到今天为止。",
        "orgs:staff:group_detail",
        group_id,
    )


def describe_rule(rule: GroupRule) -> str:
    """Say in Chinese whom a rule means."""
    if rule.open:
        return "没有规则，只含列名的单位"
    kinds = "、".join(LABELS[UnitKind(kind)] for kind in rule.kinds)
    words = [f"{'本级及下级' if rule.reach is Reach.ALL else '本级'}的{kinds}"]
    if rule.name_part:
        words.append(f"名称含“{rule.name_part}”")
    if rule.selective:
        words.append("只限有关的，须明确是哪些")
    if rule.remainder:
        words.append("同一条中已点名的除外")
    return "；".join(words)


def _detail(request: HttpRequest, group: Any, form: MemberForm) -> HttpResponse:
    on = _day(request)
    context = {
        "page_title": group.name,
        "breadcrumbs": [GROUPS, {"label": group.name, "url": ""}],
        "group": group,
        "rule": describe_rule(group.group_rule),
        "units": selectors.group_members(group=group, on=on),
        "on": on,
        "can_edit": permissions.can_edit_units(request.actor),
    }
    return show_form(request, "orgs/staff/group_detail.html", form, **context)


def _group(request: HttpRequest, group_id: int) -> Any:
    group = selectors.group_find(actor=request.actor, group_id=group_id)
    if group is None:
        raise Http404
    return group


def _day(request: HttpRequest) -> Any:
    try:
        return parse_date(request.GET.get("on", "")) or timezone.localdate()
    except ValueError:
        return timezone.localdate()
