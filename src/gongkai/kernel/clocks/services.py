"""Starting clocks, adding facts, importing holiday notices and recomputing what depends on them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import Effect, Fact, Reading
from gongkai.domain.issues import Issue, Severity, has_errors
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import services as audit
from gongkai.kernel.audit.actions import register_actions, register_targets
from gongkai.kernel.clocks import selectors
from gongkai.kernel.clocks.events import CalendarImported, ClockRecomputed
from gongkai.kernel.clocks.models import CalendarYear, ClockState, StoredClock
from gongkai.kernel.errors import Refused
from gongkai.kernel.events import publish
from gongkai.kernel.notices.kinds import register_kinds
from gongkai.kernel.notices.selectors import calendar_owner_ids
from gongkai.kernel.notices.services import notice_send
from gongkai.rulebook.loader import year_to_data

logger = logging.getLogger(__name__)

register_targets({"clocks.calendar_year": "工作日历"})
register_actions(
    {
        "clocks.clock.start": "起算期限",
        "clocks.clock.fact": "登记影响期限的事实",
        "clocks.clock.correct": "更正期限的事实",
        "clocks.clock.recompute": "重新计算期限",
        "clocks.calendar.import": "导入节假日安排通知",
    }
)
register_kinds({"clocks.recomputed": "期限重新计算", "clocks.calendar_missing": "缺少下一年度节假日安排"})

CALENDAR_LOCK = 0x676B_6361_6C  # "gkcal": imports come one after another
CHUNK = 500
READ_COLUMNS = ("due_on", "target_on", "provisional", "reason", "state")


def calendar_hold() -> None:
    """Keep the calendar as it is until the transaction ends, lest an import miss a clock that is just being read.

    Call it before rows of clocks are locked and anything is written to the audit chain: an import locks in that order.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [CALENDAR_LOCK])


def clock_start(
    *,
    actor: Actor,
    target_type: str,
    target_id: str | int,
    rule: str,
    facts: Iterable[Fact | Mapping[str, Any]],
    now: datetime,
    layer: str | None = None,
    title: str = "",
    url: str = "",
    unit_id: int | None = None,
    owner_ids: Iterable[int] = (),
) -> StoredClock:
    """Start the clock of an object under a rule of the rulebook; one clock a rule and object.

    The version of the rule is the one in force on the day of the first starting fact, in this installation's layer
    unless ``layer`` says another. ``owner_ids`` are told when a new holiday notice moves the due day. Permission is the
    caller's matter. Raises Refused when the facts contradict each other; UnknownRule and NotInForce as the rulebook.
    """
    known = [fact if isinstance(fact, Fact) else selectors.fact_from_data(fact) for fact in facts]
    layer = layer or settings.LAYER
    today = timezone.localdate(now)
    clock = StoredClock(
        target_type=target_type,
        target_id=str(target_id),
        title=title,
        url=url,
        rule=rule,
        rule_on=_rule_on(rule, known, layer, today),
        layer=layer,
        facts=[selectors.fact_to_data(fact) for fact in known],
        unit_id=unit_id,
        created_at=now,
        updated_at=now,
    )
    with transaction.atomic():
        calendar_hold()
        reading = _read(clock, today)
        try:
            with transaction.atomic():
                clock.save()
        except IntegrityError:  # it runs already, or somebody else started it at the same moment
            raise Refused(Issue("clocks.start.twice", values={"title": reading.rule.title})) from None
        clock.owners.add(*owner_ids)
        audit.record(
            actor=actor,
            action="clocks.clock.start",
            target_type=target_type,
            target_id=target_id,
            summary=f"“{reading.rule.title}”起算，{_say_due(clock)}",
            unit_id=unit_id,
            details={"clock": clock.id, "rule": rule, "layer": layer, "facts": clock.facts},
            now=now,
        )
    return clock


def _rule_on(rule: str, facts: list[Fact], layer: str, today: date) -> date:
    """The day of the first fact that starts the period, by the rule as it is today; today when none is known yet."""
    kinds = selectors.rulebook().rule(rule, layer=layer).facts
    starts = [fact.on for fact in facts if fact.kind in kinds and kinds[fact.kind].effect is Effect.START]
    return min(starts, default=today)


def clock_add_fact(*, actor: Actor, clock: StoredClock, fact: Fact | Mapping[str, Any], now: datetime) -> StoredClock:
    """Add a dated fact (补正, 征求意见, 延期, 答复 …) and return the clock with its new dates.

    Raises Refused, with every reason, when the fact contradicts the rule or the facts before it.
    """
    added = fact if isinstance(fact, Fact) else selectors.fact_from_data(fact)
    with transaction.atomic():
        calendar_hold()
        locked = StoredClock.objects.select_for_update().get(id=clock.id)
        before = _say_due(locked)
        if locked.state == ClockState.NOT_STARTED:
            locked.rule_on = _rule_on(
                locked.rule, [*selectors.facts_of(locked), added], locked.layer, timezone.localdate(now)
            )
        locked.facts = [*locked.facts, selectors.fact_to_data(added)]
        reading = _read(locked, timezone.localdate(now))
        locked.updated_at = now
        locked.save(update_fields=["facts", "rule_on", "updated_at", *READ_COLUMNS])
        audit.record(
            actor=actor,
            action="clocks.clock.fact",
            target_type=locked.target_type,
            target_id=locked.target_id,
            summary=f"{added.on.isoformat()} {reading.rule.facts[added.kind].label}，{_say_due(locked)}",
            unit_id=locked.unit_id,
            details={"clock": locked.id, "fact": selectors.fact_to_data(added), "before": before},
            now=now,
        )
    return locked


def clock_correct(
    *, actor: Actor, clock: StoredClock, facts: Iterable[Fact | Mapping[str, Any]], reason: str, now: datetime
) -> StoredClock:
    """Put other facts in the place of those recorded wrongly (a day of issue that was corrected); both stay in the audit.

    Raises Refused, with every reason, when the facts contradict the rule or each other.
    """
    known = [fact if isinstance(fact, Fact) else selectors.fact_from_data(fact) for fact in facts]
    with transaction.atomic():
        calendar_hold()
        locked = StoredClock.objects.select_for_update().get(id=clock.id)
        before, words = locked.facts, _say_due(locked)
        locked.rule_on = _rule_on(locked.rule, known, locked.layer, timezone.localdate(now))
        locked.facts = [selectors.fact_to_data(fact) for fact in known]
        reading = _read(locked, timezone.localdate(now))
        locked.updated_at = now
        locked.save(update_fields=["facts", "rule_on", "updated_at", *READ_COLUMNS])
        audit.record(
            actor=actor,
            action="clocks.clock.correct",
            target_type=locked.target_type,
            target_id=locked.target_id,
            summary=f"更正“{reading.rule.title}”的事实（{reason}），{words} → {_say_due(locked)}",
            unit_id=locked.unit_id,
            details={"clock": locked.id, "old": before, "new": locked.facts, "reason": reason},
            now=now,
        )
    return locked


def clocks_lock(*, target_type: str, target_ids: Iterable[str | int]) -> list[StoredClock]:
    """Lock the clocks of objects in the order of their numbers, for a caller that adds facts after an audit entry."""
    calendar_hold()
    wanted = [str(one) for one in target_ids]
    found = StoredClock.objects.filter(target_type=target_type, target_id__in=wanted).order_by("id")
    return list(found.select_for_update())


def _read(clock: StoredClock, today: date) -> Reading:
    """Read the clock and put the reading into its columns. Raises Refused."""
    reading = selectors.clock_read(clock=clock, today=today)
    if has_errors(reading.issues):
        raise Refused([issue for issue in reading.issues if issue.severity is Severity.ERROR])
    _take(clock, reading)
    return reading


def _take(clock: StoredClock, reading: Reading) -> None:
    clock.due_on = reading.due_on
    clock.target_on = reading.target_on
    clock.provisional = reading.provisional
    clock.reason = reading.reason
    clock.state = ClockState(reading.state.value)


def _say_due(clock: StoredClock) -> str:
    if clock.due_on is None:
        return "期限未定"
    words = f"期限至{clock.due_on.isoformat()}"
    if clock.target_on is not None:
        words += f"（内部时限{clock.target_on.isoformat()}）"
    return f"{words}，暂定" if clock.provisional else words


def calendar_year_import(*, actor: Actor, text: str, now: datetime) -> CalendarYear:
    """Put a holiday notice on file as a new version of its year, and recompute every clock that has not stopped.

    Raises NotPermitted, or Refused with every reason when the notice does not agree with itself, with the law's number
    of days, or is on file already.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [CALENDAR_LOCK])
        preview = selectors.calendar_preview(actor=actor, text=text)
        errors = [issue for issue in preview.issues if issue.severity is Severity.ERROR]
        if errors or preview.year is None:
            raise Refused(errors)
        year = preview.year
        before = CalendarYear.objects.filter(year=year.year).order_by("-version").first()
        data = year_to_data(year)
        saved = CalendarYear.objects.create(
            year=year.year,
            version=before.version + 1 if before else 1,
            notice_no=year.notice_no,
            notice_date=year.notice_date,
            notice_text=text,
            holidays=data["holidays"],
            amended_by=data["amended_by"],
            supersedes=before,
            imported_by_id=actor.user_id,
            imported_at=now,
        )
        name = year.amended_by[-1] if year.amended_by else year.notice_no
        changed = clocks_recompute(actor=actor, now=now, because=name or f"{year.year}年放假安排")
        audit.record(
            actor=actor,
            action="clocks.calendar.import",
            target_type="clocks.calendar_year",
            target_id=year.year,
            summary=f"导入{year.year}年节假日安排（{name or '文号不详'}），{changed}项期限随之变动",
            details={"version": saved.version, **data},
            now=now,
        )
        publish(CalendarImported(year=year.year, version=saved.version, notice_no=year.notice_no))
    return saved


def clocks_recompute(*, actor: Actor, now: datetime, because: str = "") -> int:
    """Compute every clock that has not stopped anew, and those that stopped while provisional; returns how many changed.

    Each change is an audit entry (old day, new day, why) and an event, by which the owners are told.
    """
    today = timezone.localdate(now)
    calendar = selectors.calendar_current()
    entries: list[dict[str, Any]] = []
    with transaction.atomic():
        for chunk in _chunks():
            changed = []
            for clock in chunk:
                old = StoredClock(**{name: getattr(clock, name) for name in READ_COLUMNS})
                if not _recompute(clock, today, calendar) or all(
                    getattr(old, name) == getattr(clock, name) for name in READ_COLUMNS
                ):
                    continue
                clock.updated_at = now
                changed.append(clock)
                if _dates(old) != _dates(clock):
                    entries.append(_entry(old, clock, because))
                    publish(_event(old, clock, because))
            StoredClock.objects.bulk_update(changed, [*READ_COLUMNS, "updated_at"])
        audit.record_many(actor=actor, entries=entries, now=now)
    return len(entries)


def _recompute(clock: StoredClock, today: date, calendar: Calendar) -> bool:
    """Take a clock's new reading; False when its rule is no longer there, which must not keep the others waiting."""
    try:
        _take(clock, selectors.clock_read(clock=clock, today=today, calendar=calendar))
    except (LookupError, ValueError):
        logger.exception("clock %s cannot be read by its rule %s", clock.id, clock.rule)
        return False
    return True


def _chunks() -> Iterator[list[StoredClock]]:
    """Lock and give the clocks that a calendar can still move, a few hundred at a time, in the order of their numbers."""
    after = 0
    while True:
        open_ones = StoredClock.objects.exclude(state=ClockState.STOPPED)
        provisional = StoredClock.objects.filter(state=ClockState.STOPPED, provisional=True)
        found = (open_ones | provisional).filter(id__gt=after).order_by("id")[:CHUNK].select_for_update()
        chunk = list(found)
        if not chunk:
            return
        yield chunk
        after = chunk[-1].id


def _dates(clock: StoredClock) -> tuple[date | None, date | None, bool]:
    return clock.due_on, clock.target_on, clock.provisional


def _entry(old: StoredClock, clock: StoredClock, because: str) -> dict[str, Any]:
    return {
        "action": "clocks.clock.recompute",
        "target_type": clock.target_type,
        "target_id": clock.target_id,
        "summary": f"{clock.title or '期限'}：{_say_due(old)} → {_say_due(clock)}"
        + (f"（{because}）" if because else ""),
        "unit_id": clock.unit_id,
        "details": {
            "clock": clock.id,
            "rule": clock.rule,
            "old": {"due_on": old.due_on, "target_on": old.target_on, "provisional": old.provisional},
            "new": {"due_on": clock.due_on, "target_on": clock.target_on, "provisional": clock.provisional},
            "because": because,
        },
    }


def _event(old: StoredClock, clock: StoredClock, because: str) -> ClockRecomputed:
    return ClockRecomputed(
        clock_id=clock.id,
        target_type=clock.target_type,
        target_id=clock.target_id,
        title=clock.title,
        url=clock.url,
        old_due_on=old.due_on,
        new_due_on=clock.due_on,
        old_provisional=old.provisional,
        new_provisional=clock.provisional,
        calendar=because,
    )


def owners_tell(*, event: ClockRecomputed, now: datetime) -> int:
    """Tell the owners of a clock that a new notice gave it other dates; returns how many notices are new."""
    owners = StoredClock.owners.through.objects.filter(storedclock_id=event.clock_id).values_list("user_id", flat=True)
    if event.old_due_on == event.new_due_on:
        change = f"期限仍为{event.new_due_on}，不再是暂定"
    else:
        change = f"期限由{event.old_due_on or '未定'}改为{event.new_due_on or '未定'}"
        change += "（仍为暂定）" if event.new_provisional else ""
    return notice_send(
        recipients=owners,
        kind="clocks.recomputed",
        title=f"{event.title or '期限'}：{change}",
        body=f"依据：{event.calendar or '工作日历更新'}。",
        url=event.url,
        dedupe_key=f"clocks.recomputed:{event.clock_id}:{event.old_due_on}:{event.new_due_on}:{event.new_provisional}",
        now=now,
        level="warning" if event.old_due_on != event.new_due_on else "info",
    )


def paused_clocks_refresh(*, now: datetime) -> int:
    """Bring the columns of paused clocks up to date: while a consultation is open the due day moves every working day."""
    today = timezone.localdate(now)
    with transaction.atomic():
        calendar_hold()
        calendar: Calendar = selectors.calendar_current()
        clocks = list(StoredClock.objects.filter(state=ClockState.PAUSED).order_by("id").select_for_update())
        read = [clock for clock in clocks if _recompute(clock, today, calendar)]
        for clock in read:
            clock.updated_at = now
        StoredClock.objects.bulk_update(read, [*READ_COLUMNS, "updated_at"], batch_size=CHUNK)
    return len(read)


def calendar_alarm(*, now: datetime) -> int:
    """Tell who looks after the calendar, once a week, that a year's holiday notice is missing; returns new notices."""
    today = timezone.localdate(now)
    missing = selectors.calendar_missing(today=today)
    if missing is None:
        return 0
    week = today.isocalendar()
    return notice_send(
        recipients=calendar_owner_ids(today=today),
        kind="clocks.calendar_missing",
        title=f"{missing}年节假日安排尚未导入",
        body=f"落在{missing}年的期限只能暂定。国务院办公厅通知印发后，请粘贴全文导入，暂定的期限会自动重新计算。",
        url="/admin/clocks/calendar/import/",
        dedupe_key=f"clocks.calendar_missing:{missing}:{week.year}-{week.week}",
        now=now,
        level="urgent" if missing <= today.year else "warning",
    )
