"""How long a case is kept, and what is left of it after destruction (保管期限与销毁鉴定).

Destruction takes away who asked, what was asked in words and every file; the register line, the figures and the skeleton
of events (what happened when, with which result) stay, so that the reports of past years stay true.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from gongkai.domain.foi.event_data import text_fields
from gongkai.domain.issues import Basis

GONE = "（已销毁）"
"""What stands where something was destroyed."""
_KEPT = frozenset({"type", "disposition", "grounds", "evidence", "register_no", "split_from", "into"})
"""Texts of events that are codes or register numbers: they carry the figures and name nobody."""
_TOLD_APART = "ref"
"""Opinions, requests and disputes are told apart by this text; after destruction by a number."""


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms of a place: whole years from the year after closing, months for proofs of identity.

    ``amendment_years`` is for requests to amend one's own record (art. 41).
    """

    ordinary_years: int
    disputed_years: int
    identity_months: int
    amendment_years: int
    note: str = ""
    basis: tuple[Basis, ...] = ()

    def years(self, *, disputed: bool) -> int:
        """Return how many years a case is kept."""
        return self.disputed_years if disputed else self.ordinary_years


def kept_until(closed_on: date, years: int) -> date:
    """Return the last day of the term, counted from 1 January of the year after closing."""
    return date(closed_on.year + years, 12, 31)


def months_after(day: date, months: int) -> date:
    """Return the same day some months later, the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def erased_events(rows: Iterable[Mapping[str, Any]], numbers: dict[str, str] | None = None) -> list[dict[str, Any]]:
    """Return the values of a case's events without their free texts; types, days, codes and register numbers stay.

    Sides that were told apart stay told apart, by numbers, which ``numbers`` takes down for other tables that name them.
    """
    known = {} if numbers is None else numbers
    return [_erased(row, known) for row in rows]


_OF_AMENDMENT = frozenset({"text", "by"})


def erased_step(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a step of a request for amendment without its texts; days, codes and organs stay."""
    return {name: GONE if name in _OF_AMENDMENT and value else value for name, value in values.items()}


_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_CODES = frozenset({"type", "kind", "verb", "procedure"})


def erased_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the values of a step of a dispute without texts: days, numbers and the codes of the step stay."""
    return {name: value if name in _CODES else _plainly(value) for name, value in values.items()}


def _plainly(value: Any) -> Any:
    if isinstance(value, list):
        return [_plainly(one) for one in value]
    return GONE if isinstance(value, str) and value and not _DAY.fullmatch(value) else value


def _erased(row: Mapping[str, Any], numbers: dict[str, str]) -> dict[str, Any]:
    free = text_fields(str(row["type"])) - _KEPT
    return {name: _gone(name, value, numbers) if name in free else value for name, value in row.items()}


def _gone(name: str, value: Any, numbers: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [_gone(name, one, numbers) for one in value]
    if not isinstance(value, str) or not value:
        return value
    if name != _TOLD_APART:
        return GONE
    return numbers.setdefault(value, f"（已销毁{len(numbers) + 1}）")
