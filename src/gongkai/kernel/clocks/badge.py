"""What ``gk-due-badge`` shows: a light, words, and the explanation behind them. Pure, so that any page can use it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gongkai.domain.calendars import Calendar
from gongkai.domain.deadlines import ClockDay, Reading, State, Unit
from gongkai.domain.issues import Basis

NEAR_WORKING_DAYS = 5
"""From how many working days before its end a deadline lights yellow where the page says nothing else."""


@dataclass(frozen=True)
class Badge:
    """``light`` is red, yellow, green, blue or grey; the words say the same, colour is never alone."""

    light: str
    words: str
    due_on: date | None = None
    target_on: date | None = None
    provisional: bool = False
    reason: str = ""
    trace: Sequence[str] = ()
    basis: Sequence[Basis] = ()
    days: Sequence[ClockDay] = ()


def badge_of_day(
    due_on: date | None,
    *,
    today: date,
    calendar: Calendar,
    standing: bool = False,
    done: bool = False,
    near: int = NEAR_WORKING_DAYS,
) -> Badge:
    """Return the badge of a plain due day, such as the one of a work item. ``near`` is in working days."""
    if done:
        return Badge("blue", "已办结", due_on)
    if due_on is None:
        return Badge("blue", "长期坚持") if standing else Badge("grey", "未定时限")
    more = "，并长期坚持" if standing else ""
    if due_on < today:
        return Badge("red", f"已逾期 {_stretch(calendar, due_on, today)}{more}", due_on)
    if due_on == today:
        return Badge("yellow", f"今天到期{more}", due_on)
    left = calendar.working_days_between(today, due_on, strict=False)
    light = "yellow" if left <= near else "green"
    return Badge(light, f"还有 {_stretch(calendar, today, due_on)}{more}", due_on)


def _stretch(calendar: Calendar, after: date, through: date) -> str:
    """Say a stretch in working days; in days where it has none, or where a year's notice is not on file."""
    if not calendar.missing_years(after, through):
        working = calendar.working_days_between(after, through)
        if working:
            return f"{working} 个工作日"
    return f"{(through - after).days} 天"


def badge_of_reading(reading: Reading, *, near: int = NEAR_WORKING_DAYS) -> Badge:
    """Return the badge of a clock, with the trace that explains it. The reading must have been made with a ``today``."""
    light, words = _say(reading, near)
    return Badge(
        light=light,
        words=words,
        due_on=reading.due_on,
        target_on=reading.target_on,
        provisional=reading.provisional,
        reason=reading.reason,
        trace=[step.words + (f"（{step.citation}）" if step.citation else "") for step in reading.trace],
        basis=reading.basis,
        days=reading.days,
    )


def _say(reading: Reading, near: int) -> tuple[str, str]:
    unit = "个工作日" if reading.rule.unit is Unit.WORKING_DAY else "天"
    if reading.due_on is None:
        return "grey", "未起算"
    if reading.state is State.STOPPED:
        return (
            ("blue", f"已办结，逾期 {reading.overdue_days} {unit}") if reading.overdue_days else ("blue", "已按期办结")
        )
    if reading.overdue_days:
        return "red", f"已逾期 {reading.overdue_days} {unit}"
    if reading.today is not None and reading.today > reading.due_on:
        return "red", f"已逾期 {(reading.today - reading.due_on).days} 天"
    if reading.state is State.PAUSED:
        return "grey", f"暂停计算，还有 {reading.remaining} {unit}"
    if reading.today == reading.due_on:
        return "yellow", "今天到期"
    return ("yellow" if reading.remaining <= near else "green"), f"还有 {reading.remaining} {unit}"
