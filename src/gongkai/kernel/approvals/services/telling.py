"""Telling people: who may sign when a step opens, the authors on a return, and everybody concerned when it gets late."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.conf import settings

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.approvals.models import Approval, ApprovalState, Purpose
from gongkai.kernel.approvals.selectors.progress import StepRow, progress_of
from gongkai.kernel.approvals.selectors.rounds import Round, approvals_loaded, day_of, round_of
from gongkai.kernel.approvals.selectors.signers import Able, able_people, places_on
from gongkai.kernel.approvals.services.actions import (
    KIND_DONE,
    KIND_NOBODY,
    KIND_OVERDUE,
    KIND_RETURNED,
    KIND_WAITING,
)
from gongkai.kernel.clocks.selectors import rulebook
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.orgs.selectors import authority_unit_ids

OFFICE = frozenset({Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD})
BATCH = 200


def _approval(approval_id: int) -> Approval | None:
    return approvals_loaded().filter(pk=approval_id).first()


def tell_step_waiting(*, approval_id: int, step: str, now: datetime, happened_at: datetime | None = None) -> None:
    """Tell those who may take a step that it is their turn, or the authors and the office that nobody can."""
    approval = _approval(approval_id)
    if approval is None or approval.state != ApprovalState.OPEN:
        return
    today = day_of(now)
    one = round_of(approval)
    progress = progress_of(one, able_people([one], day=today), today=today)
    for row in progress.open_steps:
        if row.code == step:
            _tell_step(one, row, today, now, happened_at)


def _tell_step(one: Round, row: StepRow, today: date, now: datetime, happened_at: datetime | None = None) -> int:
    approval = one.approval
    step = one.step_row(row.code)
    key = step.pk if step is not None else row.code
    if row.nobody is not None:
        week = today.isocalendar()
        return notice_send(
            recipients=[*approval.authors, *_office(approval, today), *_administrators(approval, today)],
            kind=KIND_NOBODY,
            title=f"“{approval.title}”的{row.name}没有人可以办理",
            body=row.nobody_sentence,
            url=approval.url,
            dedupe_key=f"approvals.nobody:{key}:{week.year}-{week.week}",
            now=now,
            happened_at=happened_at,
            level="warning",
        )
    urgent = approval.purpose == Purpose.EMERGENCY
    sent = 0
    for people, behalf in _grouped(row.able):
        tail = "（受委托代签）" if behalf else ""
        sent += notice_send(
            recipients=people,
            kind=KIND_WAITING,
            title=f"{'【应急】' if urgent else ''}请办理{row.name}{tail}：{approval.title}",
            body=f"{approval.unit.name}送审，第{approval.round}轮。办理期限：{_day(row.due_on)}。",
            url=approval.url,
            dedupe_key=f"approvals.step:{key}",
            now=now,
            happened_at=happened_at,
            level="urgent" if urgent else "info",
        )
    return sent


def _grouped(able: Iterable[Able]) -> list[tuple[list[int], bool]]:
    own = [person.user_id for person in able if person.on_behalf_of is None]
    given = [person.user_id for person in able if person.on_behalf_of is not None]
    return [(people, behalf) for people, behalf in ((own, False), (given, True)) if people]


def _office(approval: Approval, today: date) -> list[int]:
    """Return the disclosure office of the unit as it is today; the authority's where the unit has none."""
    found = users_of_units(unit_ids=[approval.unit_id], today=today, roles=OFFICE)
    people = [user.pk for users in found.values() for user in users]
    return people or _authority(today)


def _administrators(approval: Approval, today: date) -> list[int]:
    """Return the system administrators of the unit and of the authority: they can give somebody the post."""
    units = [approval.unit_id, *authority_unit_ids(on=today)]
    found = users_of_units(unit_ids=sorted(set(units)), today=today, roles=frozenset({Role.SYSTEM_ADMINISTRATOR}))
    return [user.pk for users in found.values() for user in users]


def _authority(today: date) -> list[int]:
    found = users_of_units(unit_ids=sorted(authority_unit_ids(on=today)), today=today, roles=OFFICE)
    return [user.pk for users in found.values() for user in users]


def tell_returned(
    *, approval_id: int, step: str, remark: str, now: datetime, happened_at: datetime | None = None
) -> None:
    """Tell the authors that the text came back, with the remark."""
    approval = _approval(approval_id)
    if approval is None:
        return
    one = round_of(approval)
    signature = one.signature_of(step)
    who = signature.signer_name if signature else ""
    name = signature.step.name if signature else step
    notice_send(
        recipients=approval.authors,
        kind=KIND_RETURNED,
        title=f"退回修改：{approval.title}",
        body=f"{name}（{who}）退回：{remark}\n修改后须重新送审，之前的签批不再有效。",
        url=approval.url,
        dedupe_key=f"approvals.returned:{approval.pk}",
        now=now,
        happened_at=happened_at,
        level="warning",
    )


def tell_completed(*, approval_id: int, now: datetime, happened_at: datetime | None = None) -> None:
    """Tell the authors that every step is signed."""
    approval = _approval(approval_id)
    if approval is None:
        return
    after = approval.purpose == Purpose.AFTER_REVIEW
    notice_send(
        recipients=approval.authors,
        kind=KIND_DONE,
        title=f"{'补审' if after else '审批'}完成：{approval.title}",
        body="补审的各步骤都已签批。" if after else "各步骤都已签批，可以办理发布。",
        url=approval.url,
        dedupe_key=f"approvals.completed:{approval.pk}",
        now=now,
        happened_at=happened_at,
    )


def tell_voided(*, approval_id: int, kind: str, reason: str, now: datetime) -> None:
    """Tell those who signed that their signatures count no more."""
    approval = _approval(approval_id)
    if approval is None:
        return
    what = "已撤销审批" if kind == ApprovalState.CANCELED else "内容已修改，原签批失效"
    notice_send(
        recipients=[row.signer_id for row in round_of(approval).rows if row.signer_id],
        kind=KIND_DONE,
        title=f"{what}：{approval.title}",
        body=f"理由：{reason}",
        url=approval.url,
        dedupe_key=f"approvals.voided:{approval.pk}",
        now=now,
        email=False,
    )


def reminders_sweep(*, now: datetime) -> int:
    """Look through the running rounds: tell newcomers, say where nobody can sign, remind of what is overdue.

    Safe to run twice or days late: notices are told apart by step and day. Returns how many went out.
    """
    today = day_of(now)
    office_from = int(
        str(rulebook().value("approval.reminder", on=today, layer=settings.LAYER).values["disclosure_office"])
    )
    running = list(Approval.objects.filter(state=ApprovalState.OPEN).order_by("pk").values_list("pk", flat=True))
    places = places_on(today)
    sent = 0
    for start in range(0, len(running), BATCH):
        rounds = [round_of(one) for one in approvals_loaded().filter(pk__in=running[start : start + BATCH])]
        able = able_people(rounds, day=today, places=places)
        for one in rounds:
            for row in progress_of(one, able, today=today).open_steps:
                sent += _tell_step(one, row, today, now)
                sent += _tell_overdue(one, row, today, office_from, now)
            sent += _tell_review_late(one, today, now)
    return sent


def _tell_overdue(one: Round, row: StepRow, today: date, office_from: int, now: datetime) -> int:
    if row.due_on is None or row.due_on >= today:
        return 0
    late = (today - row.due_on).days
    recipients: set[int] = {person.user_id for person in row.able}
    if late >= office_from:
        recipients.update(_office(one.approval, today))
    return _send_overdue(
        one.approval,
        recipients,
        f"{row.name}已逾期{late}天：{one.approval.title}",
        f"办理期限：{_day(row.due_on)}。",
        f"{row.code}:{today}",
        now,
    )


def _tell_review_late(one: Round, today: date, now: datetime) -> int:
    approval = one.approval
    if approval.purpose != Purpose.AFTER_REVIEW or approval.review_due_on is None or approval.review_due_on >= today:
        return 0
    late = (today - approval.review_due_on).days
    body = f"应急发布后的补审应于{_day(approval.review_due_on)}前完成。"
    people = {*approval.authors, *_office(approval, today), *_authority(today)}
    return _send_overdue(approval, people, f"补审已逾期{late}天：{approval.title}", body, f"review:{today}", now)


def _send_overdue(approval: Approval, people: Collection[int], title: str, body: str, key: str, now: datetime) -> int:
    return notice_send(
        recipients=people,
        kind=KIND_OVERDUE,
        title=title,
        body=body,
        url=approval.url,
        dedupe_key=f"approvals.overdue:{approval.pk}:{key}",
        now=now,
        level="warning",
    )


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day is not None else "未定"
