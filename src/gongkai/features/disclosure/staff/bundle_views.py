"""Bundles: items that go out at one moment or not at all, with how ready each of them is."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from gongkai.features.disclosure.selectors import desk, releases
from gongkai.features.disclosure.services import bundles, schedules
from gongkai.features.disclosure.staff.pages import REFUSED, attempt, disclosure_view, whole_numbers
from gongkai.features.disclosure.staff.release_forms import BundleForm, MemberForm, MomentForm
from gongkai.features.disclosure.staff.release_page import schedule_view
from gongkai.features.disclosure.staff.release_words import moment_words
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.rulebook.messages import describe

OPEN = ("assembling", "scheduled")
LIST_URL = "disclosure:staff:bundle_list"


def _here(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [("发布台", reverse("disclosure:staff:release_desk")), ("成套发布", reverse(LIST_URL)), *more]


@require_http_methods(["GET", "POST"])
@disclosure_view
def bundle_list(request: HttpRequest) -> HttpResponse:
    """Show the bundles, and begin a new one."""
    units = desk.publishing_units(actor=request.actor)
    form = BundleForm(request.POST if request.method == "POST" else None, units=units)
    if request.method == "POST" and form.is_valid():
        made = attempt(
            form,
            lambda: bundles.bundle_create(actor=request.actor, now=timezone.now(), **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, "已建立，请加入要一起发布的信息。")
            return redirect("disclosure:staff:bundle_detail", made.pk)
    found = releases.bundle_list(actor=request.actor)
    context = {
        "page_title": "成套发布",
        "breadcrumbs": _here(),
        "form": form if units else None,
        "open": [one for one in found if one.state in OPEN],
        "closed": [one for one in found if one.state not in OPEN],
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "disclosure/staff/release/bundle_list.html", context, status=status)


@require_http_methods(["GET"])
@disclosure_view
def bundle_detail(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Show a bundle with how ready each member is."""
    return bundle_page(request, bundle_id)


def bundle_page(
    request: HttpRequest,
    bundle_id: int,
    *,
    refused: list[str] | None = None,
    member_form: MemberForm | None = None,
    moment_form: MomentForm | None = None,
) -> HttpResponse:
    """Show a bundle; a refusal or a refused form answers 422."""
    actor, now = request.actor, timezone.now()
    detail = releases.bundle_get(actor=actor, bundle_id=bundle_id)
    bundle = detail.bundle
    find = request.GET.get("find", "").strip()[:100]
    members = [
        {
            "member": member,
            "item": member.item,
            "role_name": member.get_role_display(),
            "reasons": [describe(issue) for issue in detail.blockers.get(member.item_id, ())],
            "needs": member.needs.item.title if member.needs else "",
        }
        for member in detail.members
    ]
    taken = [member.item_id for member in detail.members]
    choices = desk.bundle_candidates(actor=actor, find=find, without=taken)
    context = {
        "page_title": bundle.title,
        "breadcrumbs": _here((bundle.title, "")),
        "bundle": bundle,
        "members": members,
        "ready": bool(members) and not detail.hidden and not any(row["reasons"] for row in members),
        "open": bundle.state in OPEN,
        "may_change": detail.may_manage,
        "hidden": detail.hidden,
        "schedule": schedule_view(detail.schedule, now),
        "find": find,
        "member_form": member_form
        or MemberForm(items=choices, members=[(row.item_id, row.item.title) for row in detail.members]),
        "moment_form": moment_form or MomentForm(),
        "refused": refused,
    }
    changed = refused or member_form or moment_form
    return render(request, "disclosure/staff/release/bundle_detail.html", context, status=REFUSED if changed else 200)


def _do(request: HttpRequest, bundle_id: int, change: Callable[[], Any], done: str) -> HttpResponse:
    try:
        change()
    except NotPermitted:
        raise
    except Refused as refused:
        return bundle_page(request, bundle_id, refused=_with_titles(refused))
    messages.success(request, done)
    return redirect("disclosure:staff:bundle_detail", bundle_id)


def _with_titles(refused: Refused) -> list[str]:
    """Return the reasons, each with the member that it concerns."""
    named = zip(refused.issues, refused.sentences(), strict=True)
    return [f"《{issue.values['item']}》：{text}" if issue.values.get("item") else text for issue, text in named]


@require_POST
@disclosure_view
def bundle_add(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Put an item into the bundle."""
    actor = request.actor
    detail = releases.bundle_get(actor=actor, bundle_id=bundle_id)
    wanted = whole_numbers([request.POST.get("item_id", "")])
    items = desk.bundle_candidates(actor=actor, find="", without=[], only=wanted)
    form = MemberForm(request.POST, items=items, members=[(row.item_id, row.item.title) for row in detail.members])
    if form.is_valid():
        made = attempt(
            form,
            lambda: bundles.bundle_add(actor=actor, bundle_id=bundle_id, now=timezone.now(), **form.cleaned_data),
        )
        if made is not None:
            messages.success(request, "已加入。")
            return redirect("disclosure:staff:bundle_detail", bundle_id)
    return bundle_page(request, bundle_id, member_form=form)


@require_POST
@disclosure_view
def bundle_remove(request: HttpRequest, bundle_id: int, item_id: int) -> HttpResponse:
    """Take an item out of the bundle."""
    now = timezone.now()
    return _do(
        request,
        bundle_id,
        lambda: bundles.bundle_remove(actor=request.actor, bundle_id=bundle_id, item_id=item_id, now=now),
        "已移出。",
    )


@require_POST
@disclosure_view
def bundle_publish(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Publish all members at one moment, or none."""
    now = timezone.now()
    return _do(
        request,
        bundle_id,
        lambda: bundles.bundle_publish(actor=request.actor, bundle_id=bundle_id, now=now),
        "已全部发布。",
    )


@require_POST
@disclosure_view
def bundle_schedule(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Let all members go out at a moment."""
    form, now = MomentForm(request.POST), timezone.now()
    if form.is_valid():
        made = attempt(
            form,
            lambda: bundles.bundle_schedule(
                actor=request.actor, bundle_id=bundle_id, publish_at=form.publish_at(), now=now
            ),
        )
        if made is not None:
            messages.success(request, f"已定时：{moment_words(made.due_at, now=now)}一起发布。")
            return redirect("disclosure:staff:bundle_detail", bundle_id)
    return bundle_page(request, bundle_id, moment_form=form)


@require_POST
@disclosure_view
def bundle_unschedule(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Take back the moment of the bundle."""
    detail = releases.bundle_get(actor=request.actor, bundle_id=bundle_id)
    if detail.schedule is None:
        messages.error(request, "没有等待执行的定时。")
        return redirect("disclosure:staff:bundle_detail", bundle_id)
    return _do(
        request,
        bundle_id,
        lambda: schedules.schedule_cancel(actor=request.actor, schedule_id=detail.schedule.pk, now=timezone.now()),
        "已取消定时。",
    )


@require_POST
@disclosure_view
def bundle_dissolve(request: HttpRequest, bundle_id: int) -> HttpResponse:
    """Let the members go their own ways again."""
    now = timezone.now()
    return _do(
        request,
        bundle_id,
        lambda: bundles.bundle_dissolve(actor=request.actor, bundle_id=bundle_id, now=now),
        "已解散，各条信息可以单独发布。",
    )
