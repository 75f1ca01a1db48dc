"""The units of the sample city as plain facts, for whoever builds or describes them."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.cli.demo.documents import content

PHONE = "0999-2026{:03d}"
OFFICE_HOURS = "周一至周五 8:30–12:00，14:30–17:30"


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """One unit as it stands in ``units.yaml``, with the address and the number that follow from its place there."""

    key: str
    kind: str
    name: str
    short_name: str
    parent: str | None
    head: str
    functions: str
    position: int
    address: str
    phone: str


def unit_facts() -> dict[str, UnitFacts]:
    """Return the units by key, the government first."""
    data = content("units.yaml")
    facts = {}
    for position, (key, kind, name, short, parent, head, functions) in enumerate([data["government"], *data["units"]]):
        address = f"{data['place']}{'清河路' if position % 2 else '望山街'}{position + 6}号"
        facts[key] = UnitFacts(
            key, kind, name, short, parent, head, functions, position, address, PHONE.format(position)
        )
    return facts
