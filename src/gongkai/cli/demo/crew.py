"""Who writes, reviews and publishes in each unit of the sample city that publishes something.

A department has a writer, three who review and proofread, and a leader; a town with few people takes the short route.
Posts that ``people.yaml`` gives to somebody are not filled a second time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gongkai.cli.demo.cast import UnitFacts

TOWNS = frozenset({"town", "street"})
FULL = frozenset({"office", "ndrc", "civil", "justice", "health"})
"""Units with people enough for three reviews and three proofreadings; all others take the short route."""
LAWYER = "sifa"
"""Reads what towns have to have checked by law, as the justice bureau's man at the government."""


@dataclass(frozen=True, slots=True)
class Crew:
    """User names of a unit's people; ``short`` when its items take the short route."""

    author: str
    first: str
    second: str
    secrecy: str
    leader: str
    short: bool
    town: bool

    def signer(self, step: str) -> str:
        """Return who takes a step of a route."""
        if self.short and step in ("legality_review", "fair_competition_review"):
            return LAWYER
        if self.short and step == "first_proof":
            return self.secrecy
        return {
            "first_review": self.first,
            "first_proof": self.first,
            "second_review": self.second,
            "second_proof": self.second,
            "legality_review": self.second,
            "fair_competition_review": self.second,
            "confidentiality_review": self.secrecy,
            "third_proof": self.secrecy,
        }.get(step, self.leader)


_POSTS = (
    ("first", "初审", ("first_reviewer", "proofreader"), "shen"),
    ("second", "法规科", ("second_reviewer", "legality_reviewer", "proofreader"), "fa"),
    ("secrecy", "保密员", ("confidentiality_reviewer", "proofreader", "disclosure_office"), "mi"),
    ("leader", "负责人", ("unit_leader",), "zhu"),
)


def crews(
    units: Mapping[str, UnitFacts], publishing: set[str], people: list[list[Any]], writers: Mapping[str, str]
) -> tuple[dict[str, Crew], list[tuple[str, str, str, list[str]]]]:
    """Return the crew of every publishing unit, and who has to be made for it: user name, name, unit key, roles."""
    made: list[tuple[str, str, str, list[str]]] = []
    found: dict[str, Crew] = {}
    held: dict[tuple[str, str], str] = {}
    for username, _, unit, roles in people:
        for role in roles:
            held.setdefault((unit, role), username)
    for key in sorted(publishing):
        unit = units[key]
        short = key not in FULL
        who: dict[str, str] = {"author": writers.get(key) or held.get((key, "drafter")) or f"u_{key}"}
        for seat, words, roles, tail in _POSTS:
            if short and seat == "second":
                who[seat] = ""
                continue
            known = held.get((key, roles[0]))
            who[seat] = known or f"{key}_{tail}"
            if known is None:
                made.append((who[seat], f"{unit.short_name}{words}", key, list(roles)))
        found[key] = Crew(**who, short=short, town=unit.kind in TOWNS)
    return found, made
