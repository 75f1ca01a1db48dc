"""Reminding before a date, on it, and passing a delay up: a sweep that may run twice or come days late.

Every step of every date is written down when it is done (``ReminderSent``), so that nothing goes out twice. A sweep that
comes late looks for steps that should have been taken by today and were not: of the reminders to the people who do
the work only the latest one still says something and goes out; each level of escalation is made up for.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db import transaction
from django.db.models import F, Q

from gongkai.domain.ledger import State
from gongkai.features.workplans.models import Check, ReminderSent, WorkItem, WorkPlan
from gongkai.features.workplans.permissions import Standing
from gongkai.features.workplans.selectors.access import item_standings
from gongkai.features.workplans.selectors.addresses import MY_WORK, item_path
from gongkai.features.workplans.selectors.people import LEADERS, OFFICE, SUPERVISORS, WORKERS
from gongkai.features.workplans.selectors.thresholds import Thresholds, thresholds
from gongkai.features.workplans.services.actions import KIND_ESCALATION, KIND_REMINDER
from gongkai.features.workplans.services.writing import day_of
from gongkai.kernel.accounts.selectors import users_of_units
from gongkai.kernel.notices.services import notice_send
from gongkai.kernel.orgs.selectors import authority_unit_ids

BATCH = 500
LINES = 30  # a notice lists this many tasks and says how many more there are


@dataclass(frozen=True, slots=True)
class Target:
    """A date to be kept: an item's due date, or an open check of it."""

    item_id: int
    due_on: date
    title: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of reminding: its key, the day it falls on, and who is told (worker, leader, office, supervisor)."""

    key: str
    on: date
    level: str


@dataclass(slots=True)
class Outbox:
    """What is to be sent: for each person and level the lines of the notice."""

    lines: dict[tuple[int, str], list[tuple[str, int, str]]] = field(default_factory=lambda: defaultdict(list))

    def put(self, people: Iterable[int], level: str, key: str, item_id: int, line: str) -> None:
        """Add a line for each person."""
        for person in people:
            self.lines[person, level].append((key, item_id, line))


def steps_of(target: Target, numbers: Thresholds) -> list[Step]:
    """Return every step of a date, earliest first."""
    due, name = target.due_on, f"{target.prefix}{target.due_on.isoformat()}"
    steps = [Step(f"before:{n}:{name}", due - timedelta(days=n), "worker") for n in numbers.lead_days]
    steps.append(Step(f"due:{name}", due, "worker"))
    steps.append(Step(f"leader:{name}", due + timedelta(days=numbers.escalate_leader_days), "leader"))
    steps.append(Step(f"office:{name}", due + timedelta(days=numbers.escalate_office_days), "office"))
    steps.append(Step(f"supervisor:{name}", due + timedelta(days=numbers.escalate_supervisor_days), "supervisor"))
    return steps


def reminders_sweep(*, now: datetime) -> int:
    """Take every step of reminding that is due by today and was not taken yet; returns how many notices went out."""
    today = day_of(now)
    numbers = thresholds(on=today)
    horizon = today + timedelta(days=max(numbers.lead_days, default=0))
    ids = list(_items(horizon).order_by("pk").values_list("pk", flat=True))
    ids += list(_checks(horizon).values_list("item_id", flat=True).distinct())
    ids = sorted(set(ids))
    sent = 0
    for start in range(0, len(ids), BATCH):
        with transaction.atomic():
            sent += _sweep(ids[start : start + BATCH], horizon, numbers, today, now)
    return sent


def _items(horizon: date) -> object:
    """Items with a date in reach that is not met: not finished, nor handed in on time."""
    open_states = [s.value for s in State if s not in (State.ACCEPTED, State.CLOSED, State.CANCELED)]
    on_time = Q(state=State.SUBMITTED.value, submitted_on__lte=F("due_on"))
    return WorkItem.objects.filter(
        plan__state=WorkPlan.State.ACTIVE, state__in=open_states, due_on__lte=horizon
    ).exclude(on_time)


def _checks(horizon: date) -> object:
    ended = [State.CLOSED.value, State.CANCELED.value]
    return Check.objects.filter(
        state=Check.State.OPEN, due_on__lte=horizon, item__plan__state=WorkPlan.State.ACTIVE
    ).exclude(item__state__in=ended)


def _sweep(ids: Sequence[int], horizon: date, numbers: Thresholds, today: date, now: datetime) -> int:
    """Take the steps of some items, locked meanwhile, so that a second sweep finds them taken."""
    items = {
        item.pk: item
        for item in WorkItem.objects.select_for_update(of=("self",), no_key=True)
        .select_related("plan")
        .filter(pk__in=ids)
        .order_by("pk")
    }
    targets = [
        Target(item.pk, item.due_on, f"{item}", "") for item in _items(horizon).filter(pk__in=ids).order_by("pk")
    ]
    targets += [
        Target(check.item_id, check.due_on, f"{items[check.item_id]}（{check.label}）", f"check{check.pk}:")
        for check in _checks(horizon).filter(item_id__in=ids).order_by("pk")
    ]
    known = set(ReminderSent.objects.filter(item_id__in=ids).values_list("item_id", "key"))
    standings = item_standings(items=list(items.values()), today=today)
    people = _people(standings.values(), today)
    outbox = Outbox()
    rows: list[ReminderSent] = []
    for target in targets:
        due_steps = [step for step in steps_of(target, numbers) if step.on <= today]
        fresh = [step for step in due_steps if (target.item_id, step.key) not in known]
        latest_for_workers = next((step for step in reversed(fresh) if step.level == "worker"), None)
        for step in fresh:
            told: Collection[int] = ()
            if step.level != "worker" or step is latest_for_workers:
                told = _told(step.level, standings[target.item_id], people)
                outbox.put(told, step.level, f"{target.item_id}:{step.key}", target.item_id, _line(target, today))
            rows.append(ReminderSent(item_id=target.item_id, key=step.key, recipients=len(told), sent_at=now))
    ReminderSent.objects.bulk_create(rows)
    return _send(outbox, now)


def _people(standings: Iterable[Standing], today: date) -> Mapping[str, Mapping[int, frozenset[int]]]:
    """Return who is told at each level, by unit; one query a level."""
    every = list(standings)
    doers = {u for s in every for u in s.doers}
    offices = {s.owner_id for s in every} | set(authority_unit_ids(on=today))
    wanted = {
        "worker": (doers, WORKERS),
        "leader": (doers, LEADERS),
        "office": (offices, OFFICE),
        "supervisor": (offices, SUPERVISORS),
    }
    found: dict[str, dict[int, frozenset[int]]] = {}
    authority = authority_unit_ids(on=today)
    for level, (units, roles) in wanted.items():
        users = users_of_units(unit_ids=sorted(units), today=today, roles=roles)
        found[level] = {unit_id: frozenset(user.pk for user in people) for unit_id, people in users.items()}
    for level in ("office", "supervisor"):
        found[level][0] = frozenset(p for unit_id in authority for p in found[level].get(unit_id, ()))
    return found


def _told(level: str, standing: Standing, people: Mapping[str, Mapping[int, frozenset[int]]]) -> frozenset[int]:
    """Return who is told; a step that would reach nobody goes one level up, so that it is not lost."""
    for name in ("worker", "leader", "office", "supervisor")[
        ("worker", "leader", "office", "supervisor").index(level) :
    ]:
        units = standing.doers if name in ("worker", "leader") else {standing.owner_id, 0}
        found = frozenset(p for unit_id in units for p in people[name].get(unit_id, ()))
        if found:
            return found
    return frozenset()


def _line(target: Target, today: date) -> str:
    days = (target.due_on - today).days
    when = f"还有{days}天到期" if days > 0 else "今天到期" if days == 0 else f"已逾期{-days}天"
    return f"{target.title}：时限{target.due_on}，{when}"


def _send(outbox: Outbox, now: datetime) -> int:
    sent = 0
    for (person, level), lines in sorted(outbox.lines.items()):
        late = level != "worker"
        digest = sha256("|".join(sorted(key for key, _, _ in lines)).encode()).hexdigest()[:32]
        shown = [line for _, _, line in lines[:LINES]]
        if len(lines) > LINES:
            shown.append(f"……另有{len(lines) - LINES}项，请在工作台查看。")
        only = lines[0][2] if len(lines) == 1 else ""
        title = f"逾期提醒：{len(lines)}项任务逾期" if late else f"到期提醒：{len(lines)}项任务"
        sent += notice_send(
            recipients=[person],
            kind=KIND_ESCALATION if late else KIND_REMINDER,
            title=f"{'逾期提醒' if late else '到期提醒'}：{only}" if only else title,
            body="\n".join(shown),
            url=item_path(lines[0][1]) if only else MY_WORK,
            dedupe_key=f"workplans.{level}:{digest}",
            level="urgent" if level in ("office", "supervisor") else "warning" if late else "info",
            now=now,
        )
    return sent
