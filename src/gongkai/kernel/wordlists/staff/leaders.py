"""The table of leaders."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from gongkai.kernel.accounts.web import staff_view
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.wordlists import permissions, selectors, services
from gongkai.kernel.wordlists.staff.forms import LeaderForm
from gongkai.kernel.wordlists.staff.pages import WORDS, need_leader_keeper, show_form, tabs, try_change


@require_GET
@staff_view
def leader_list(request: HttpRequest) -> HttpResponse:
    """Show the table in its order, who has left last."""
    today = timezone.localdate()
    leaders = selectors.leader_list(actor=request.actor)
    now, before = [], []
    for leader in leaders:
        (before if leader.until_on and leader.until_on < today else now).append(leader)
    context = {
        "page_title": "领导名录",
        "tabs": tabs("wordlists:staff:leader_list"),
        "now": now,
        "before": before,
        "may_keep": permissions.can_keep_leaders(request.actor),
    }
    return render(request, "wordlists/staff/leader_list.html", context)


@require_http_methods(["GET", "POST"])
@staff_view
def leader_add(request: HttpRequest) -> HttpResponse:
    """Put a leader into the table."""
    need_leader_keeper(request.actor, "新增领导")
    form = LeaderForm(request.POST or None)
    if form.is_valid():
        leader = try_change(
            form, lambda: services.leader_add(actor=request.actor, now=timezone.now(), **form.cleaned_data)
        )
        if leader is not None:
            messages.success(request, f"已加入“{leader}”。")
            return redirect("wordlists:staff:leader_list")
    return _page(request, form, "新增领导")


@require_http_methods(["GET", "POST"])
@staff_view
def leader_edit(request: HttpRequest, leader_id: int) -> HttpResponse:
    """Change a row of the table; the day of leaving is entered here too."""
    need_leader_keeper(request.actor, "修改领导信息")
    try:
        leader = selectors.leader_get(actor=request.actor, leader_id=leader_id)
    except NotPermitted:
        raise
    except Refused as gone:
        raise Http404 from gone
    initial: dict[str, Any] = {
        "name": leader.name,
        "title": leader.title,
        "order": leader.order,
        "from_on": leader.from_on,
        "until_on": leader.until_on,
        "misspellings": "\n".join(leader.misspellings),
    }
    form = LeaderForm(request.POST or None, initial=initial)
    if form.is_valid():
        changed = try_change(
            form,
            lambda: services.leader_change(
                actor=request.actor, leader_id=leader_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if changed is not None:
            messages.success(request, f"已保存“{changed}”。")
            return redirect("wordlists:staff:leader_list")
    return _page(request, form, "修改领导信息")


def _page(request: HttpRequest, form: LeaderForm, title: str) -> HttpResponse:
    crumbs = [WORDS, {"label": title, "url": ""}]
    return show_form(request, "wordlists/staff/form.html", form, page_title=title, breadcrumbs=crumbs)
