"""The naming data of the rulebook: standard department names and the patterns of group phrases."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

import yaml

from gongkai.domain.organizations.groups import GroupGrammar, GroupNoun, Reach
from gongkai.domain.organizations.names import NameTable


def _load(name: str) -> Any:
    source = resources.files("gongkai.rulebook") / "data" / "orgs" / name
    return yaml.safe_load(source.read_text(encoding="utf-8"))


@cache
def name_table() -> NameTable:
    """Return the standard full and short names of departments."""
    return NameTable.of((full, shorts) for full, shorts in _load("departments.yaml"))


@cache
def group_grammar() -> GroupGrammar:
    """Return the patterns by which a phrase is known to mean a group of units."""
    data = _load("groups.yaml")
    return GroupGrammar(
        spellings=tuple((pattern, replacement) for pattern, replacement in data["spellings"]),
        nouns=tuple(
            GroupNoun(
                pattern=noun["pattern"],
                kinds=tuple(noun["kinds"]),
                reach=Reach(noun.get("reach", "own")),
                plural=noun.get("plural", False),
                name_part=noun.get("name_part", ""),
            )
            for noun in data["nouns"]
        ),
    )
