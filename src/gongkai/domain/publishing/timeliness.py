"""Early or late: a day of publication against the due day by law and the one by the local rule, never merged."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Standing(StrEnum):
    """How a publication stands to its due days; ``waiting`` and ``overdue`` are not published yet."""

    NO_DATE = "no_date"
    IN_TIME = "in_time"
    LATE_LOCAL = "late_local"
    LATE = "late"
    WAITING = "waiting"
    OVERDUE_LOCAL = "overdue_local"
    OVERDUE = "overdue"


LIGHTS: dict[Standing, str] = {
    Standing.NO_DATE: "grey",
    Standing.IN_TIME: "green",
    Standing.LATE_LOCAL: "yellow",
    Standing.LATE: "red",
    Standing.WAITING: "blue",
    Standing.OVERDUE_LOCAL: "yellow",
    Standing.OVERDUE: "red",
}


@dataclass(frozen=True, slots=True)
class Punctuality:
    """``days`` are calendar days against the nearest due day: negative early, positive late, None without a due day.

    ``before_issue``: published before the day of issue (早于印发), which is a mistake in one of the two dates or in the
    order of things.
    """

    standing: Standing
    light: str
    days: int | None
    before_issue: bool


def punctuality(
    *,
    issued_on: date | None,
    law_due_on: date | None,
    local_due_on: date | None,
    published_on: date | None,
    today: date,
) -> Punctuality:
    """Compare; law and local rule are told apart: past the local day only is yellow, past the day of the law red."""
    day = published_on or today
    dues = [due for due in (law_due_on, local_due_on) if due is not None]
    if not dues:
        standing = Standing.NO_DATE
    elif law_due_on is not None and day > law_due_on:
        standing = Standing.LATE if published_on else Standing.OVERDUE
    elif local_due_on is not None and day > local_due_on:
        standing = Standing.LATE_LOCAL if published_on else Standing.OVERDUE_LOCAL
    else:
        standing = Standing.IN_TIME if published_on else Standing.WAITING
    return Punctuality(
        standing=standing,
        light=LIGHTS[standing],
        days=(day - min(dues)).days if dues else None,
        before_issue=published_on is not None and issued_on is not None and published_on < issued_on,
    )
