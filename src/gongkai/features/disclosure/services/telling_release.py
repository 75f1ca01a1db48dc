"""Telling people about alarms of schedules and about what was taken down; in the transaction, so that it is never lost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.utils import timezone

from gongkai.domain.publishing import in_words
from gongkai.features.disclosure.models import Item, Publication, PublicationEnd, Revision, Schedule
from gongkai.features.disclosure.selectors.gate import citing, citing_under_way
from gongkai.features.disclosure.services.release_actions import KIND_ALARM, KIND_CITING, KIND_WITHDRAWN
from gongkai.features.disclosure.services.writing import name_of
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.orgs.selectors import authority_unit_ids

OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD})


def people_of(items: Iterable[Item], *, roles: frozenset[Role], now: datetime) -> set[int]:
    """Return the authors of items and the people with the roles in their units, or else in the disclosure authority."""
    today = timezone.localdate(now)
    found: set[int] = set()
    for item in items:
        authors = Revision.objects.filter(item_id=item.pk, created_by__isnull=False).values_list(
            "created_by_id", flat=True
        )
        found |= {one for one in {*authors, item.created_by_id} if one is not None}
        held = users_of_units(unit_ids=[item.unit_id], today=today, roles=roles).get(item.unit_id, [])
        if not held and not item.access_limited:
            above = users_of_units(unit_ids=list(authority_unit_ids(on=today)), today=today, roles=OFFICE)
            held = [user for users in above.values() for user in users]
        found |= {user.pk for user in held}
    return found


def tell_failed(*, schedule: Schedule, items: Sequence[Item], reasons: Sequence[str], now: datetime) -> int:
    """Tell authors and disclosure office that what was set for a moment was not done, with every reason."""
    names = "、".join(name_of(item) for item in items)
    return _alarm(
        schedule, items, f"{schedule.get_action_display()}未能执行：{names}", "\n".join(reasons), "failed", now
    )


def tell_late(*, schedule: Schedule, items: Sequence[Item], seconds: float, done: bool, now: datetime) -> int:
    """Tell authors and disclosure office how late a schedule was, or (not ``done``) that it still waits."""
    names = "、".join(name_of(item) for item in items)
    body = f"设定的时间是{in_words(schedule.due_at)}（北京时间），" + (
        f"实际晚了{_span(seconds)}。" if done else f"已经过去{_span(seconds)}，仍未执行，请检查后台服务是否在运行。"
    )
    stage = "late" if done else "missed"
    return _alarm(schedule, items, f"{schedule.get_action_display()[:4]}未按时：{names}", body, stage, now)


def _alarm(schedule: Schedule, items: Sequence[Item], title: str, body: str, stage: str, now: datetime) -> int:
    people = people_of(items, roles=OFFICE, now=now)
    if schedule.set_by_id is not None:
        people.add(schedule.set_by_id)
    return notice_send(
        recipients=people,
        kind=KIND_ALARM,
        title=title,
        body=body,
        url=f"/admin/disclosure/items/{items[0].pk}/" if items else "/admin/",
        dedupe_key=f"disclosure.schedule:{schedule.pk}:{stage}",
        now=now,
        level="urgent",
    )


def tell_withdrawn(*, item: Item, publication: Publication, end: PublicationEnd, by_name: str, now: datetime) -> int:
    """Tell the unit's leader, its disclosure office and the authors that something public was taken down, and why."""
    people = people_of([item], roles=OFFICE | {Role.UNIT_LEADER}, now=now)
    return notice_send(
        recipients=people,
        kind=KIND_WITHDRAWN,
        title=f"{end.get_kind_display()}：《{publication.title}》",
        body=f"{by_name}于{in_words(end.ended_at)}办理。" + (f"原因：{end.reason}" if end.reason else ""),
        url=f"/admin/disclosure/items/{item.pk}/",
        dedupe_key=f"disclosure.withdrawn:{publication.pk}",
        now=now,
        level="warning",
    )


def tell_citing(*, publication_id: int, now: datetime) -> int:
    """Tell the authors and the disclosure office of items, public or on their way out, that cite what was taken down.

    Safe to call again: each item is told once of each publication. Returns how many notices went out.
    """
    ended = Publication.objects.filter(pk=publication_id, end__isnull=False).select_related("end").first()
    if ended is None:
        return 0
    sent = 0
    found = {
        one.item.pk: (one, public)
        for public in (False, True)
        for one in (citing if public else citing_under_way)(publication_id=publication_id, at=now)
    }
    for one, public in found.values():
        refs = "、".join(one.refs)
        todo = "请核对正文，需要时更正发布或撤下。" if public else "请在发布前核对正文；发布检查会再次提示。"
        sent += notice_send(
            recipients=people_of([one.item], roles=OFFICE, now=now),
            kind=KIND_CITING,
            title=f"引用的文件已撤下：{name_of(one.item)}",
            body=f"{'公开中的' if public else '待发布的'}{name_of(one.item)}引用了{refs}，该文件"
            f"于{in_words(ended.end.ended_at)}（北京时间）终止公开（{ended.end.get_kind_display()}）。{todo}",
            url=f"/admin/disclosure/items/{one.item.pk}/",
            dedupe_key=f"disclosure.citing:{publication_id}:{one.item.pk}",
            now=now,
            level="warning",
        )
    return sent


def _span(seconds: float) -> str:
    whole = round(seconds)
    if whole < 120:
        return f"{whole}秒"
    return f"{whole // 60}分钟" if whole < 7200 else f"{whole // 3600}小时{whole % 3600 // 60}分钟"
