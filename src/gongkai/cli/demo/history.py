"""What happened to the items of the sample city between the plans and today.

The story of each item follows from its place in the plan and its date, so two loads for the same day are alike. All
steps are collected first and then played in the order of time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gongkai.cli.demo import papers
from gongkai.features.workplans import selectors as plans
from gongkai.features.workplans import services as ledger
from gongkai.features.workplans.selectors import ItemFilters, ItemRow
from gongkai.kernel.accounts.actor import Actor

if TYPE_CHECKING:
    from gongkai.cli.demo.loading import World


@dataclass
class Stage:
    """The steps that are to be played, and what they need to know."""

    world: World
    now: datetime
    texts: dict[str, list[str]]
    steps: list[tuple[datetime, int, Callable[[datetime], object]]] = field(default_factory=list)
    workers: dict[int, str] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The day up to which the story goes."""
        return self.now.date()

    def add(self, day: date, hour: int, step: Callable[[datetime], object], minute: int = 0) -> None:
        """Put a step on the day, or on none where that day has not come; none is later than the moment of loading."""
        from gongkai.cli.demo.loading import at

        if day <= self.today:
            self.steps.append((min(at(day, hour, minute), self.now), len(self.steps), step))

    def text(self, kind: str, number: int) -> str:
        """Return one of the sentences of a kind."""
        choices = self.texts[kind]
        return choices[number % len(choices)]

    def play(self, until: datetime | None = None) -> None:
        """Do everything in the order of time, or only what happened before a moment; the rest stays."""
        waiting = sorted(self.steps, key=lambda entry: entry[:2])
        self.steps = [entry for entry in waiting if until is not None and entry[0] >= until]
        for moment, _, step in waiting[: len(waiting) - len(self.steps)]:
            step(moment)


def add_plans(stage: Stage, *, plan_ids: Sequence[int]) -> None:
    """Add the story of every item of the plans to the stage."""
    world = stage.world
    clerk = world.actor("gongkai", stage.today)
    number = 0
    for plan_id in plan_ids:
        page = plans.item_list(
            actor=clerk,
            filters=ItemFilters(plan_id=plan_id, top_only=True),
            order="number",
            size=500,
            today=stage.today,
        )
        for row in page.rows:
            number += 1
            _story(stage, row, number)
    _checks(stage, date(2026, 4, 1))


def _story(stage: Stage, row: ItemRow, number: int) -> None:
    """Choose and write the story of one item."""
    start = date(2026, 4, 13) + timedelta(days=number % 9)
    worker = _worker(stage.world, row)
    if worker is None:
        return
    stage.workers[row.id] = worker
    towns = next((u.group_id for u in row.responsible if u.group_id is not None and "乡镇" in u.text), None)
    if towns is not None and row.due_on is not None and number % 8 == 0:
        _split(stage, row, towns, start, number)
        return
    stage.add(start, 9, lambda now: ledger.item_start(actor=_as(stage, worker, now), item_id=row.id, now=now))
    months = range(1, max((stage.today - start).days // 45, 1) + 1)
    until = row.due_on or stage.today
    for step in months:
        day = start + timedelta(days=45 * step)
        if day < until - timedelta(days=8):
            _report(stage, row.id, worker, day, min(15 * step, 80), number + step)
    if row.due_on is None:
        return
    if row.due_on >= stage.today:
        _coming(stage, row, worker, number)
    elif number % 6 == 4:
        _late(stage, row, worker, number)
    elif number % 6 == 5:
        _returned(stage, row, worker, number)
    else:
        _done(stage, row.id, worker, row.due_on - timedelta(days=3 + number % 7), number, standing=row.standing)


def _as(stage: Stage, username: str, now: datetime) -> Actor:
    return stage.world.actor(username, now.date())


def _worker(world: World, row: ItemRow) -> str | None:
    """Return who handles the item: the contact of the first unit that is named, lead units first."""
    for label in (*row.lead, *row.responsible, *row.cooperating):
        if label.unit_id in world.contacts:
            return world.contacts[label.unit_id]
    return None


def _report(stage: Stage, item_id: int, worker: str, day: date, percent: int, number: int) -> None:
    text = stage.text("progress", number)
    stage.add(
        day,
        16,
        lambda now: ledger.item_report_progress(
            actor=_as(stage, worker, now), item_id=item_id, text=text, percent=percent, now=now
        ),
    )


def _evidence(stage: Stage, item_id: int, worker: str, day: date, number: int) -> None:
    title, kind = papers.title(number), papers.kind(number)
    what: dict[str, object] = {"kind": "url", "url": f"https://www.qinglu.example/zwgk/{day:%Y%m}/{number}.html"}
    if kind != "url":
        what = {"kind": "file", "upload": papers.paper(title, day, number)}
    stage.add(
        day,
        10,
        lambda now: ledger.evidence_add(
            actor=_as(stage, worker, now), item_id=item_id, title=title, occurred_on=day, now=now, **what
        ),
    )


def _submit(stage: Stage, item_id: int, worker: str, day: date, number: int) -> None:
    text = stage.text("result", number)
    stage.add(
        day,
        11,
        lambda now: ledger.item_submit(actor=_as(stage, worker, now), item_id=item_id, text=text, now=now),
    )


def _done(stage: Stage, item_id: int, worker: str, day: date, number: int, *, standing: bool = False) -> None:
    """Evidence, submission, acceptance by somebody else, and for duties that end: struck off."""
    _evidence(stage, item_id, worker, day, number)
    _submit(stage, item_id, worker, day, number)
    accept = day + timedelta(days=2)
    stage.add(
        accept,
        15,
        lambda now: ledger.item_accept(
            actor=_as(stage, "kezhang", now), item_id=item_id, text="材料齐全，同意。", now=now
        ),
    )
    if not standing:
        stage.add(
            accept + timedelta(days=1),
            9,
            lambda now: ledger.item_close(actor=_as(stage, "kezhang", now), item_id=item_id, now=now),
        )


def _returned(stage: Stage, row: ItemRow, worker: str, number: int) -> None:
    """Handed in, given back with a reason, handed in again and waiting."""
    assert row.due_on is not None
    day = row.due_on - timedelta(days=4)
    _evidence(stage, row.id, worker, day, number)
    _submit(stage, row.id, worker, day, number)
    reason = stage.text("return", number)
    stage.add(
        day + timedelta(days=2),
        10,
        lambda now: ledger.item_return(actor=_as(stage, "kezhang", now), item_id=row.id, reason=reason, now=now),
    )
    again = max(day + timedelta(days=5), stage.today - timedelta(days=number % 5 + 1))
    _evidence(stage, row.id, worker, again, number + 1)
    _submit(stage, row.id, worker, again, number + 1)


def _late(stage: Stage, row: ItemRow, worker: str, number: int) -> None:
    """Not handed in; the supervisors write."""
    assert row.due_on is not None
    color = "red" if (stage.today - row.due_on).days > 60 else "yellow"
    unit_id = next(u for u, name in stage.world.contacts.items() if name == worker)
    day = row.due_on + timedelta(days=12)
    answer_by = day + timedelta(days=10)
    made: dict[str, int] = {}

    def issue(now: datetime) -> None:
        made["id"] = ledger.supervision_notice_issue(
            actor=_as(stage, "ducha", now),
            item_id=row.id,
            unit_id=unit_id,
            color=color,
            reason=stage.text("supervise", number),
            requirement="请说明未完成的原因，列出完成时间，并在答复期限内书面回复。",
            answer_due_on=answer_by,
            now=now,
        ).pk

    stage.add(day, 10, issue)
    if number % 12 == 4:
        stage.add(
            day + timedelta(days=6),
            15,
            lambda now: ledger.supervision_notice_answer(
                actor=_as(stage, worker, now), notice_id=made["id"], text=stage.text("answer", number), now=now
            ),
        )


def _coming(stage: Stage, row: ItemRow, worker: str, number: int) -> None:
    """Due after today: some are handed in early, one has had its date moved, one draws an early reminder."""
    if number % 5 == 0:
        _evidence(stage, row.id, worker, stage.today - timedelta(days=4), number)
        _submit(stage, row.id, worker, stage.today - timedelta(days=3), number)
    elif number % 5 == 3 and row.due_on is not None and row.due_on.year == row.plan_year:
        moved = row.due_on + timedelta(days=14)
        stage.add(
            stage.today - timedelta(days=20),
            14,
            lambda now: ledger.item_change_due(
                actor=_as(stage, "kezhang", now),
                item_id=row.id,
                due_on=moved,
                reason="牵头单位书面申请，经分管领导同意延后两周。",
                now=now,
            ),
        )


def _split(stage: Stage, row: ItemRow, group_id: int, start: date, number: int) -> None:
    """One part for each town; some done, some at work, some not begun."""

    def split(now: datetime) -> None:
        parts = ledger.item_split(
            actor=_as(stage, "gongkai", now), item_id=row.id, parts=[{"group_id": group_id}], now=now
        )
        office = stage.world.contacts
        for place, part in enumerate(parts):
            detail = plans.item_get(actor=_as(stage, "gongkai", now), item_id=part.pk, today=now.date())
            worker = next((office[u.unit_id] for u in detail.row.responsible if u.unit_id in office), None)
            if worker is None or place % 4 == 3:
                continue
            stage.workers[part.pk] = worker
            later.append((part.pk, worker, place))

    later: list[tuple[int, str, int]] = []
    stage.add(start, 10, split)

    def go_on(now: datetime) -> None:
        for part_id, worker, place in later:
            actor = _as(stage, worker, now)
            ledger.item_start(actor=actor, item_id=part_id, now=now)
            text = stage.text("progress", number + place)
            ledger.item_report_progress(actor=actor, item_id=part_id, text=text, percent=30 + 10 * place % 60, now=now)
            if place % 4 == 0:
                ledger.evidence_add(
                    actor=actor,
                    item_id=part_id,
                    title=papers.title(place),
                    kind="file",
                    upload=papers.paper(papers.title(place), now.date(), place),
                    occurred_on=now.date(),
                    now=now,
                )
                ledger.item_submit(actor=actor, item_id=part_id, text=stage.text("result", place), now=now)
                checker = _as(stage, "kezhang", now)
                ledger.item_accept(actor=checker, item_id=part_id, text="同意。", now=now)
                ledger.item_close(actor=checker, item_id=part_id, reason="首次建设任务完成，转入日常维护。", now=now)

    stage.add(start + timedelta(days=60), 10, go_on)


def _checks(stage: Stage, month: date) -> None:
    """After the end of each month, record the recurring checks that have come due; the newest are not all done yet."""

    def record(now: datetime) -> None:
        newest = now.date() > stage.today - timedelta(days=31)
        ledger.checks_sweep(now=now)
        reader = _as(stage, "gongkai", now)
        open_checks = plans.item_checks(actor=reader, today=now.date(), only_open=True)
        for number, check in enumerate(check for check in open_checks if check.due_on <= now.date()):
            worker = stage.workers.get(check.item_id)
            if worker is None or (newest and number % 6 == 1):
                continue
            actor = _as(stage, worker, now)
            if number % 7 == 3:
                note = stage.text("check_missed", number)
                ledger.check_record(actor=actor, check_id=check.id, kept=False, note=note, now=now)
                continue
            for place in range(check.missing):
                ledger.evidence_add(
                    actor=actor,
                    item_id=check.item_id,
                    title=stage.text("check_kept", number + place),
                    kind="url",
                    url=f"https://www.qinglu.example/zwgk/{check.due_on:%Y%m}/c{check.id}-{place + 1}.html",
                    occurred_on=check.due_on,
                    check_id=check.id,
                    now=now,
                )

    while True:
        month = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
        if month > stage.today:
            return
        stage.add(month + timedelta(days=2), 9, record, minute=30)
