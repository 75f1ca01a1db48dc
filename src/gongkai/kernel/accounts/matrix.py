"""The permission matrix: who may do what, as one table that a test walks cell by cell.

A feature registers its abilities in its ``permissions.py``; the staff screen and the tests read the same table.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role


class Where(StrEnum):
    """Where a role must be held for the ability to count."""

    ANY = "any"
    SAME = "same"
    ABOVE = "above"
    TOP = "top"

    @property
    def label(self) -> str:
        """Return the Chinese words for it."""
        return {"any": "任一单位", "same": "本单位", "above": "本单位及下级", "top": "主管部门"}[self.value]


@dataclass(frozen=True, slots=True)
class Ability:
    """One row of the matrix: what it is called, and which role gives it where.

    ``everyone`` opens it to every signed-in person; ``visitors`` to all the world.
    """

    code: str
    label: str
    area: str
    roles: Mapping[Role, Where]
    everyone: bool = False
    visitors: bool = False


_ABILITIES: dict[str, Ability] = {}


def register(
    code: str,
    label: str,
    *,
    area: str,
    roles: Mapping[Role, Where] | None = None,
    everyone: bool = False,
    visitors: bool = False,
) -> Ability:
    """Add an ability to the matrix; the same code twice with another meaning raises ValueError."""
    ability = Ability(code, label, area, MappingProxyType(dict(roles or {})), everyone, visitors)
    known = _ABILITIES.get(code)
    if known is not None and (known.label, dict(known.roles), known.everyone, known.visitors) != (
        label,
        dict(ability.roles),
        everyone,
        visitors,
    ):
        raise ValueError(f"ability {code} is registered twice with different meanings")
    _ABILITIES[code] = ability
    return ability


def abilities() -> tuple[Ability, ...]:
    """Return every registered ability by area and code."""
    return tuple(sorted(_ABILITIES.values(), key=lambda a: (a.area, a.code)))


def allows(actor: Actor, code: str, *, unit_ids: Collection[int] = ()) -> bool:
    """Tell whether the actor has the ability ``code``.

    ``unit_ids`` is the unit concerned, followed (for ``Where.ABOVE``) by the units above it. A job has every ability.
    Raises KeyError for a code that nobody registered.
    """
    ability = _ABILITIES[code]
    if actor.is_system or ability.visitors:
        return True
    if not actor.is_authenticated:
        return False
    if ability.everyone:
        return True
    units = tuple(unit_ids)
    for role, where in ability.roles.items():
        if where is Where.ANY and actor.has(role):
            return True
        if where is Where.SAME and units and actor.has(role, units[0]):
            return True
        if where is Where.ABOVE and any(actor.has(role, unit_id) for unit_id in units):
            return True
        if where is Where.TOP and any(actor.has(role, unit_id) for unit_id in actor.authority_ids):
            return True
    return False
