"""How many days of each festival the law takes off in a year (《全国年节及纪念日放假办法》 art. 2)."""

from __future__ import annotations

from datetime import date

from gongkai.domain.holiday_notice import StatutoryDays
from gongkai.rulebook.lookup import NotInForce, value

RULE = "calendar.statutory_days"


def statutory_days(year: int) -> StatutoryDays | None:
    """Return the festivals of a year and their days, or None where the rulebook does not reach back so far."""
    try:
        held = value(RULE, on=date(year, 1, 1))
    except (NotInForce, ValueError):
        return None
    return StatutoryDays({name: int(str(days)) for name, days in held.values.items()}, held.basis)
