"""What a rule file may say: rules, their dated versions, the facts of a clock, and layers of places."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gongkai.domain.deadlines import Direction, Effect, Unit
from gongkai.domain.issues import Basis

NATION = "cn"
LAYER_PATTERN = re.compile(r"cn(-\d{2}(\d{2}(\d{2}(\d{3}(\d{3})?)?)?)?)?")


class Status(StrEnum):
    """Whether a value was seen in its source; unverified ones show as 待核."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"


class Kind(StrEnum):
    """Where a rule's force comes from: law, a local document, or the office's own housekeeping (内部管理)."""

    STATUTORY = "statutory"
    LOCAL = "local"
    INTERNAL = "internal"


class TighterIs(StrEnum):
    """Which way a lower layer may move a number: an organ's own period may only become shorter, a citizen's longer."""

    SHORTER = "shorter"
    LONGER = "longer"
    FIXED = "fixed"


@dataclass(frozen=True, slots=True)
class FactSpec:
    """One line of a rule's table of facts, as written; ``at_most`` and ``within`` name rules that carry the number.

    ``cites`` names a rule that is only the basis of the fact.
    """

    kind: str
    label: str
    effect: Effect
    needs: str | None = None
    closes: tuple[str, ...] = ()
    once: bool = False
    at_most: str | None = None
    counted_from: str | None = None
    within: str | None = None
    cites: str | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a rule says from one day (included) until another (included), with its citations.

    ``limit`` is the number of law or local document; ``suggested`` the configured number where the law gives none;
    ``local_target`` a number the place sets for itself beside the statutory one; ``values`` further named numbers or
    texts. ``annual_date`` is (month, day).
    """

    in_force_from: date
    in_force_until: date | None
    citations: tuple[str, ...]
    status: Status
    limit: int | None = None
    unit: Unit | None = None
    suggested: int | None = None
    local_target: int | None = None
    annual_date: tuple[int, int] | None = None
    values: Mapping[str, object] = field(default_factory=dict)
    note: str = ""

    def holds_on(self, day: date) -> bool:
        """Tell whether the version is in force on a day."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)

    def overlaps(self, other: Version) -> bool:
        """Tell whether two versions are in force on a common day."""
        return (other.in_force_until is None or self.in_force_from <= other.in_force_until) and (
            self.in_force_until is None or other.in_force_from <= self.in_force_until
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """One provision in one layer, with all its versions; ``source`` names the file it was read from.

    ``code`` is the number in the lists of periods (D04). ``same_period_as`` names the rule whose period this one shares.
    ``effect_if_missed`` says in Chinese what follows when the period passes.
    """

    id: str
    layer: str
    source: str
    versions: tuple[Version, ...]
    title: str = ""
    code: str = ""
    kind: Kind = Kind.STATUTORY
    actor: str = ""
    direction: Direction = Direction.AFTER
    tighter_is: TighterIs = TighterIs.SHORTER
    roll: bool = False
    same_period_as: str | None = None
    effect_if_missed: str = ""
    facts: Mapping[str, FactSpec] = field(default_factory=dict)

    @property
    def starts_from(self) -> str | None:
        """The fact that starts the clock, where the rule is one."""
        return next((fact.kind for fact in self.facts.values() if fact.effect is Effect.START), None)

    def version_on(self, day: date) -> Version | None:
        """Return the version in force on a day."""
        return next((version for version in self.versions if version.holds_on(day)), None)

    def basis(self, version: Version) -> tuple[Basis, ...]:
        """Cite a version: one basis a citation."""
        since = version.in_force_from.isoformat()
        return tuple(Basis(self.id, text, version.status.value, self.layer, since) for text in version.citations)


def layer_chain(layer: str) -> tuple[str, ...]:
    """Return a layer and those above it, the nation first: cn, cn-36, cn-3607, cn-360783.

    Codes are those of GB/T 2260 (two, four, six digits; nine and twelve for towns and villages). Raises ValueError.
    """
    if not LAYER_PATTERN.fullmatch(layer):
        raise ValueError(f"not a layer: {layer}")
    code = layer.removeprefix(NATION).removeprefix("-")
    return (NATION, *(f"{NATION}-{code[:size]}" for size in (2, 4, 6, 9, 12) if size <= len(code)))
