"""How many days of each festival the law takes off in a year (《全国年节及纪念日放假办法》 art. 2)."""

from __future__ import annotations

from datetime import date

from gongkai.domain.holiday_notice import StatutoryDays
from gongkai.rulebook.lookup import NotInForce, value

DAYS = "calendar.statutory_days"
FIXED = "calendar.fixed_days"


def statutory_days(year: int) -> StatutoryDays | None:
    """Return the festivals of a year and their days, or None where the rulebook does not reach back so far."""
    try:
        held = value(DAYS, on=date(year, 1, 1))
        fixed = value(FIXED, on=date(year, 1, 1))
    except (NotInForce, ValueError):
        return None
    return StatutoryDays(
        festivals={name: int(str(days)) for name, days in held.values.items()},
        basis=held.basis,
        fixed={name: tuple(_month_and_day(str(day)) for day in _entries(days)) for name, days in fixed.values.items()},
    )


def _entries(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _month_and_day(text: str) -> tuple[int, int]:
    month, _, day = text.partition("-")
    return int(month), int(day)
