"""The light of a work item: a colour read from dates, never stored.

The day that matters (``attention_on``) is the due date until the work is accepted, and the earliest open recurring
check if that is sooner or when the duty goes on. Thresholds come from the rulebook and are passed in as dates.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from gongkai.domain.ledger.states import FINISHED, State


class Light(StrEnum):
    """The colours of the ledger, most urgent first."""

    OVERDUE = "overdue"
    NEAR = "near"
    ON_TRACK = "on_track"
    STANDING = "standing"
    NO_DATE = "no_date"
    DONE = "done"
    CANCELED = "canceled"


LIGHT_NAMES: Mapping[Light, str] = {
    Light.OVERDUE: "逾期",
    Light.NEAR: "临期",
    Light.ON_TRACK: "正常推进",
    Light.STANDING: "长期坚持",
    Light.NO_DATE: "未定时限",
    Light.DONE: "已完成",
    Light.CANCELED: "已取消",
}

LIGHT_COLORS: Mapping[Light, str] = {
    Light.OVERDUE: "red",
    Light.NEAR: "yellow",
    Light.ON_TRACK: "green",
    Light.STANDING: "blue",
    Light.NO_DATE: "grey",
    Light.DONE: "done",
    Light.CANCELED: "canceled",
}


@dataclass(frozen=True, slots=True)
class Dates:
    """What the light looks at.

    ``attention_on`` is the day that matters next (see ``attention_on``); ``submitted_on`` the day of the last
    submission, None before; ``standing`` is true for standing and periodic duties, which have no end.
    """

    state: State
    attention_on: date | None = None
    standing: bool = False
    submitted_on: date | None = None


def attention_on(state: State, due_on: date | None, open_checks: Iterable[date]) -> date | None:
    """Return the next day that matters: the due date until accepted, and any open recurring check before it."""
    if state in (State.CLOSED, State.CANCELED):
        return None
    days = list(open_checks)
    if due_on is not None and state not in FINISHED:
        days.append(due_on)
    return min(days, default=None)


def read_light(dates: Dates, *, today: date, near_until: date) -> Light:
    """Return the light on ``today``; a day up to and including ``near_until`` is near.

    A submission handed in on time stays green while it waits for acceptance. An accepted item without a standing duty is
    done even before it is struck off; with one it is blue until its next check comes near.
    """
    if dates.state is State.CANCELED:
        return Light.CANCELED
    if dates.state is State.CLOSED or (dates.state is State.ACCEPTED and not dates.standing):
        return Light.DONE
    day = dates.attention_on
    if day is None:
        return Light.STANDING if dates.standing else Light.NO_DATE
    if dates.state is State.SUBMITTED and dates.submitted_on is not None and dates.submitted_on <= day:
        return Light.ON_TRACK
    if day < today:
        return Light.OVERDUE
    if day <= near_until:
        return Light.NEAR
    return Light.STANDING if dates.state is State.ACCEPTED else Light.ON_TRACK


def overdue_days(dates: Dates, *, today: date) -> int:
    """Return how many calendar days the item is late on ``today``; 0 when it is not."""
    light = read_light(dates, today=today, near_until=today)
    if light is not Light.OVERDUE or dates.attention_on is None:
        return 0
    return (today - dates.attention_on).days


def carried_over(state: State, due_on: date | None, *, today: date) -> bool:
    """Tell whether the item is carried over (挂账): due in an earlier year and still not accepted."""
    return due_on is not None and due_on.year < today.year and state not in {*FINISHED, State.CANCELED}
