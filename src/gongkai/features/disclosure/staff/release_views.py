"""The release page of an item: what stands in the way, when it goes out, what went out and how it ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from gongkai.features.disclosure.selectors import public_items, releases
from gongkai.features.disclosure.services import endings, gate, publishing, schedules
from gongkai.features.disclosure.staff.pages import REFUSED, attempt, disclosure_view, is_missing
from gongkai.features.disclosure.staff.preview import look_of
from gongkai.features.disclosure.staff.release_forms import (
    SEARCH_LENGTH,
    EndingForm,
    ReasonForm,
    ScheduleForm,
    UnpublishForm,
)
from gongkai.features.disclosure.staff.release_page import release_context
from gongkai.features.disclosure.staff.release_words import moment_words
from gongkai.kernel.errors import NotPermitted, Refused

FOUND_TARGETS = 20


@require_GET
@disclosure_view
def release(request: HttpRequest, item_id: int) -> HttpResponse:
    """Show the release page."""
    return release_page(request, item_id)


def release_page(request: HttpRequest, item_id: int, **changes: Any) -> HttpResponse:
    """Show the release page; with a refusal or a refused form in ``changes`` the answer is 422."""
    look = look_of(request.GET, item_id)
    context = release_context(request.actor, item_id, now=timezone.now(), look=look, **changes)
    return render(request, "disclosure/staff/release/release.html", context, status=REFUSED if changes else 200)


def _do(request: HttpRequest, item_id: int, change: Callable[[], Any], done: Callable[[Any], str]) -> HttpResponse:
    """Run the service of a button; a refusal is shown on the page with every reason."""
    try:
        made = change()
    except NotPermitted:
        raise
    except Refused as refused:
        if is_missing(refused):
            raise
        return release_page(request, item_id, refused=refused.sentences())
    messages.success(request, done(made))
    return redirect("disclosure:staff:release", item_id)


@require_POST
@disclosure_view
def gate_check(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask the gate about the newest content."""
    run = gate.gate_run(actor=request.actor, item_id=item_id, now=timezone.now())
    if run.passed:
        messages.success(request, "检查通过，没有不能发布的问题。")
    else:
        messages.warning(request, "检查完成，有不能发布的问题，逐项列在下面。")
    return redirect("disclosure:staff:release", item_id)


@require_POST
@disclosure_view
def override_ask(request: HttpRequest, item_id: int) -> HttpResponse:
    """Ask that a problem be let pass."""
    key = request.POST.get("key", "")
    form = ReasonForm(request.POST, auto_id=f"id_{key}_%s")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        asked = attempt(
            form,
            lambda: gate.override_ask(actor=request.actor, item_id=item_id, key=key, reason=reason, now=timezone.now()),
        )
        if asked is not None:
            messages.success(request, "已申请放行，等另一人同意。")
            return redirect(f"{reverse('disclosure:staff:release', args=[item_id])}#overrides")
    return release_page(request, item_id, opened_key=key, opened_form=form)


@require_POST
@disclosure_view
def publish(request: HttpRequest, item_id: int) -> HttpResponse:
    """Publish the item now."""

    def words(publication: Any) -> str:
        return f"已发布（第 {publication.number} 次），公开页面已更新。"

    now = timezone.now()
    return _do(
        request, item_id, lambda: publishing.publication_make(actor=request.actor, item_id=item_id, now=now), words
    )


@require_POST
@disclosure_view
def schedule(request: HttpRequest, item_id: int) -> HttpResponse:
    """Let the item go out at a moment, and come down at another where one is given."""
    form = ScheduleForm(request.POST)
    now = timezone.now()
    if form.is_valid():
        made = attempt(
            form,
            lambda: schedules.schedule_set(
                actor=request.actor,
                item_id=item_id,
                publish_at=form.publish_at(),
                unpublish_at=form.unpublish_at(),
                now=now,
            ),
        )
        if made is not None:
            messages.success(request, f"已定时：{moment_words(made.due_at, now=now)}发布。")
            return redirect("disclosure:staff:release", item_id)
    return release_page(request, item_id, schedule_form=form)


@require_POST
@disclosure_view
def schedule_cancel(request: HttpRequest, item_id: int, schedule_id: int) -> HttpResponse:
    """Take back a moment of publishing or unpublishing."""
    page = releases.release_get(actor=request.actor, item_id=item_id, now=timezone.now())
    waiting = [one.pk for one in (page.publish_schedule, page.unpublish_schedule) if one is not None]
    if schedule_id not in waiting:
        messages.error(request, "这个定时已经执行或取消了。")
        return redirect("disclosure:staff:release", item_id)
    return _do(
        request,
        item_id,
        lambda: schedules.schedule_cancel(actor=request.actor, schedule_id=schedule_id, now=timezone.now()),
        lambda made: "已取消定时。",
    )


@require_POST
@disclosure_view
def unpublish(request: HttpRequest, item_id: int) -> HttpResponse:
    """Let what is public come down by itself at a moment."""
    form, now = UnpublishForm(request.POST), timezone.now()
    if form.is_valid():
        made = attempt(
            form,
            lambda: schedules.unpublish_set(
                actor=request.actor, item_id=item_id, unpublish_at=form.unpublish_at(), now=now
            ),
        )
        if made is not None:
            messages.success(request, f"已定时：{moment_words(made.due_at, now=now)}下架。")
            return redirect("disclosure:staff:release", item_id)
    return release_page(request, item_id, unpublish_form=form)


@require_http_methods(["GET", "POST"])
@disclosure_view
def withdraw(request: HttpRequest, item_id: int) -> HttpResponse:
    """Take a published item down, with a typed reason and perhaps another item to send its readers to."""
    now = timezone.now()
    page = releases.release_get(actor=request.actor, item_id=item_id, now=now)
    if page.current is None:
        messages.error(request, "这条信息现在不在公开中。")
        return redirect("disclosure:staff:release", item_id)
    if not page.may_withdraw:
        raise NotPermitted(ability="撤下信息")
    find = (request.POST.get("find") or request.GET.get("find") or "").strip()[:SEARCH_LENGTH]
    targets = _targets(find, item_id, now)
    looking = request.method == "POST" and "look" in request.POST
    if looking:  # only looks for another item: what was typed stays, nothing is asked for yet
        typed = {name: request.POST.get(name, "") for name in ("kind", "reason", "redirect_to")}
        form = EndingForm(initial=typed, targets=targets)
    else:
        form = EndingForm(request.POST if request.method == "POST" else None, targets=targets)
    if form.is_bound and form.is_valid():
        done = attempt(
            form,
            lambda: endings.publication_withdraw(
                actor=request.actor, item_id=item_id, now=timezone.now(), **form.cleaned_data
            ),
        )
        if done is not None:
            messages.success(request, "已撤下，原地址改为说明页。")
            return redirect("disclosure:staff:release", item_id)
    back = reverse("disclosure:staff:release", args=[item_id])
    context = {
        "page_title": f"撤下：{page.item.title}",
        "breadcrumbs": [
            ("信息公开", reverse("disclosure:staff:item_list")),
            (page.item.title, reverse("disclosure:staff:item_detail", args=[item_id])),
            ("发布", back),
            ("撤下", ""),
        ],
        "form": form,
        "find": find,
        "found": targets,
        "back": back,
    }
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, "disclosure/staff/release/withdraw.html", context, status=status)


def _targets(find: str, item_id: int, now: datetime) -> list[tuple[int, str]]:
    """Return the published items that the words find, for a choice; never the item itself."""
    if not find:
        return []
    found = public_items.public_item_list(
        filters=public_items.PublicFilters(text=find), page=1, size=FOUND_TARGETS, at=now
    )
    return [
        (row.item_id, f"{row.title}（{row.unit_name}{'，' + row.doc_no if row.doc_no else ''}）")
        for row in found.rows
        if row.item_id != item_id
    ]
