"""Phrases that name many units at once: 各乡镇人民政府, 市政府各部门, 市属、驻市有关单位, 各县（市、区）人民政府.

A phrase becomes a rule, not a list: who belongs is asked again on each date, because units come and go.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from gongkai.domain.organizations.names import LEVELS, name_key


class Reach(StrEnum):
    """How far down a rule looks from its government: its own units only, or all below lower governments too."""

    OWN = "own"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class GroupRule:
    """Who belongs to a group.

    ``kinds`` are kinds of unit; none means that the phrase does not say who, so that somebody must assign (``open``).
    ``selective`` is set by 有关 or 相关: only those concerned. ``remainder`` is set by 其余 or 其他: without those that
    the same clause names. ``level`` is 市, 县 … where the phrase says so. ``name_part`` narrows by the unit's name.
    """

    kinds: tuple[str, ...] = ()
    reach: Reach = Reach.OWN
    selective: bool = False
    remainder: bool = False
    level: str = ""
    name_part: str = ""

    @property
    def open(self) -> bool:
        """Tell whether the phrase leaves it to somebody to say who is meant."""
        return not self.kinds

    def as_dict(self) -> dict[str, object]:
        """Return the rule as plain data for storage."""
        return {
            "kinds": list(self.kinds),
            "reach": self.reach.value,
            "selective": self.selective,
            "remainder": self.remainder,
            "level": self.level,
            "name_part": self.name_part,
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> GroupRule:
        """Read a rule back from ``as_dict``."""
        kinds = data.get("kinds", [])
        assert isinstance(kinds, list | tuple)
        return cls(
            kinds=tuple(str(kind) for kind in kinds),
            reach=Reach(str(data.get("reach", Reach.OWN))),
            selective=bool(data.get("selective", False)),
            remainder=bool(data.get("remainder", False)),
            level=str(data.get("level", "")),
            name_part=str(data.get("name_part", "")),
        )


@dataclass(frozen=True, slots=True)
class GroupNoun:
    """A noun of group phrases: ``pattern`` must cover the whole phrase once 各, 有关, 其余 … are taken out.

    A ``plural`` noun is a group even without 各. A named group ``level`` in the pattern gives the rule its level.
    """

    pattern: str
    kinds: tuple[str, ...]
    reach: Reach = Reach.OWN
    plural: bool = False
    name_part: str = ""


@dataclass(frozen=True, slots=True)
class GroupGrammar:
    """The phrase patterns, passed in as data: spellings that mean the same, and nouns."""

    spellings: Sequence[tuple[str, str]]
    nouns: Sequence[GroupNoun]


_EVERY = re.compile(r"各级|各|所有|全部|辖区内?")
_SELECTIVE = re.compile(r"有关|相关|涉及的?")
_REMAINDER = re.compile(r"其余|其他|其它")
_SCOPE = re.compile(rf"^(全|我|本)[{LEVELS}](?=各|所有|其余|其他|有关|相关)")
_DESCRIPTIVE = re.compile(r".*(单位|部门|机构|企业|学校|医院|属地)$")


def read_group(phrase: str, grammar: GroupGrammar) -> GroupRule | None:
    """Read a phrase as a group of units; None when it is not the name of a group.

    >>> read_group("其余乡镇人民政府", grammar)
    GroupRule(kinds=("town",), reach=Reach.ALL, remainder=True)
    """
    text = _SCOPE.sub("", name_key(phrase))
    text = re.sub(r"等$", "", text)
    for pattern, replacement in grammar.spellings:
        text = re.sub(pattern, replacement, text)
    text = re.sub(r"\(([^()]*)\)", r"、\1、", text)
    parts = [part for part in re.split(r"[、,，;；/]|(?<=.)[和与及](?=.)", text) if part]
    if not parts:
        return None
    rules: list[GroupRule] = []
    every = False
    for part in parts:
        rule, marked = _read_part(part, grammar, every)
        if rule is None:
            return _descriptive(text)
        every = every or marked
        rules.append(rule)
    return _union(rules)


def _read_part(part: str, grammar: GroupGrammar, every: bool) -> tuple[GroupRule | None, bool]:
    """Read one part of a list; the second value tells whether it was marked as a plural."""
    selective = bool(_SELECTIVE.search(part))
    remainder = bool(_REMAINDER.search(part))
    marked = every or selective or remainder or bool(_EVERY.search(part))
    base = _REMAINDER.sub("", _SELECTIVE.sub("", _EVERY.sub("", part)))
    for noun in grammar.nouns:
        match = re.fullmatch(noun.pattern, base)
        if match is None or not (marked or noun.plural):
            continue
        level = match.groupdict().get("level") or ""
        return (
            GroupRule(
                kinds=noun.kinds,
                reach=noun.reach,
                selective=selective,
                remainder=remainder,
                level=level,
                name_part=noun.name_part,
            ),
            marked,
        )
    return None, marked


def _descriptive(text: str) -> GroupRule | None:
    """Read a phrase that only describes who is meant (涉及试点领域的市政府部门, 各政务新媒体开设单位) as an open group."""
    if not _DESCRIPTIVE.fullmatch(text):
        return None
    if _EVERY.match(text) or _SELECTIVE.match(text) or _REMAINDER.match(text) or re.search(r"(部门|单位)$", text):
        return GroupRule(selective=True, remainder=bool(_REMAINDER.match(text)))
    return None


def _union(rules: Sequence[GroupRule]) -> GroupRule | None:
    """Join the rules of the parts of one phrase; an open part leaves the whole open."""
    levels = {rule.level for rule in rules if rule.level}
    if len(levels) > 1:
        return None
    is_open = any(rule.open for rule in rules)
    kinds = () if is_open else tuple(dict.fromkeys(kind for rule in rules for kind in rule.kinds))
    name_parts = {rule.name_part for rule in rules}
    return GroupRule(
        kinds=kinds,
        reach=Reach.ALL if any(rule.reach is Reach.ALL for rule in rules) else Reach.OWN,
        selective=any(rule.selective for rule in rules),
        remainder=any(rule.remainder for rule in rules),
        level=next(iter(levels), ""),
        name_part=name_parts.pop() if len(name_parts) == 1 else "",
    )


@dataclass(frozen=True, slots=True)
class Member:
    """What a rule needs to know of a unit on the date in question.

    ``home_id`` is the nearest government above the unit, ``governments`` are all governments above it.
    """

    id: int
    kind: str
    name: str
    home_id: int | None
    governments: frozenset[int]


def members(
    rule: GroupRule,
    units: Iterable[Member],
    *,
    home_id: int,
    without: Iterable[int] = (),
) -> tuple[int, ...]:
    """Return the ids of the units that belong to the rule, in the order given.

    ``home_id`` is the government that speaks. ``without`` are the units the same clause names; they are left out only
    when the rule says 其余.
    """
    left_out = frozenset(without) if rule.remainder else frozenset()
    found = []
    for unit in units:
        if unit.kind not in rule.kinds or unit.id in left_out or unit.id == home_id:
            continue
        near = unit.home_id == home_id if rule.reach is Reach.OWN else home_id in unit.governments
        if near and rule.name_part in unit.name:
            found.append(unit.id)
    return tuple(found)
