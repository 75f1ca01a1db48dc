"""What became of the unit that issued an item: the item keeps the name it was issued under and says what followed."""

from __future__ import annotations

from datetime import date

from gongkai.kernel.orgs.succession import unit_successions


def unit_note(*, unit_id: int | None, name: str, since: date, on: date) -> str:
    """Return a line such as 原青溪县粮食局（2025年并入青溪县发展和改革局）, empty where nothing changed since.

    ``unit_id`` and ``name`` are the unit as the item names it on the day ``since``; ``on`` is the day of asking.
    """
    steps = unit_successions(unit_id=unit_id, since=since, on=on) if unit_id is not None else []
    told = "，".join(f"{step.on.year}年{step.words}" for step in steps)
    return f"原{name}（{told}）" if told else ""
