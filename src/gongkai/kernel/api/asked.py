"""Reading what a request asks for; everything that is wrong with it is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from django.http import QueryDict

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused

MOST_TEXT = 200
LEAST_YEAR, MOST_YEAR = 1949, 2199
Read = Callable[[str, str], Any]
"""Reads the text of a parameter by its name; raises Refused."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f]|[\ud800-\udfff]")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def asked(given: QueryDict, known: Mapping[str, Read]) -> dict[str, Any]:
    """Return the parameters that were given, read; raises Refused with all that is wrong."""
    issues: list[Issue] = []
    found: dict[str, Any] = {}
    for name in given:
        values = given.getlist(name)
        if name not in known:
            shown = _CONTROL.sub("", name)[:40]
            issues.append(
                Issue("api.parameter.unknown", field=shown, values={"name": shown, "known": "、".join(known)})
            )
        elif len(values) > 1:
            issues.append(Issue("api.parameter.twice", field=name, values={"name": name}))
        elif len(values[0]) > MOST_TEXT:
            issues.append(Issue("api.parameter.long", field=name, values={"name": name, "most": MOST_TEXT}))
        elif _CONTROL.search(values[0]):
            issues.append(Issue("api.parameter.characters", field=name, values={"name": name}))
        elif values[0].strip():
            try:
                found[name] = known[name](name, values[0].strip())
            except Refused as refused:
                issues += refused.issues
    if "since" in found and "until" in found and isinstance(found["since"], date) and found["since"] > found["until"]:
        issues.append(Issue("api.parameter.order", field="since"))
    if issues:
        raise Refused(issues)
    return found


def text(name: str, value: str) -> str:
    """Read words as they are."""
    return value


def number(least: int, most: int) -> Read:
    """Return a reader of whole numbers."""

    def read(name: str, value: str) -> int:
        if re.fullmatch(r"\d{1,18}", value, re.ASCII) and least <= int(value) <= most:
            return int(value)
        raise Refused(Issue("api.parameter.number", field=name, values={"name": name, "least": least, "most": most}))

    return read


def day(name: str, value: str) -> date:
    """Read a day."""
    try:
        found = date.fromisoformat(value) if _DAY.fullmatch(value) else None
    except ValueError:
        found = None
    if found is None or not LEAST_YEAR <= found.year <= MOST_YEAR:
        values = {"name": name, "least": LEAST_YEAR, "most": MOST_YEAR}
        raise Refused(Issue("api.parameter.day", field=name, values=values))
    return found


def choice(choices: Collection[str]) -> Read:
    """Return a reader of one of several words."""

    def read(name: str, value: str) -> str:
        if value not in choices:
            values = {"name": name, "choices": "、".join(choices)}
            raise Refused(Issue("api.parameter.choice", field=name, values=values))
        return value

    return read


def sequence(name: str, value: str) -> int:
    """Read a place in an order of events."""
    if not re.fullmatch(r"\d{1,18}", value, re.ASCII):
        raise Refused(Issue("api.cursor.unknown", field=name))
    return int(value)
