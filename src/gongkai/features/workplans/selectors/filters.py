"""What a list of items is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from gongkai.domain.ledger import Light, State


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """What a list of items is narrowed to; an empty field narrows nothing.

    ``unit_id`` keeps items that the unit owes in ``role`` (or in any). ``mine`` keeps items of the actor's own units.
    ``archived`` shows items of archived plans, too. ``text`` looks in number, title and clause. ``ids`` keeps just these.
    """

    plan_id: int | None = None
    unit_id: int | None = None
    role: str = ""
    states: tuple[State, ...] = ()
    lights: tuple[Light, ...] = ()
    year: int | None = None
    due_from: date | None = None
    due_to: date | None = None
    text: str = ""
    kind: str = ""
    carried_over: bool = False
    unassigned: bool = False
    parent_id: int | None = None
    top_only: bool = False
    mine: bool = False
    archived: bool = False
    ids: tuple[int, ...] = ()

    @classmethod
    def from_text(cls, query: str) -> ItemFilters:
        """Read filters from the text of a query string, as it was kept for later."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(query):
            found.setdefault(name, []).append(value)
        several = ("states", "lights")
        return cls.from_query({n: ",".join(values) if n in several else values[-1] for n, values in found.items()})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ItemFilters:
        """Read filters from a query string (``request.GET``); what is not understood is left out.

        Several states or lights stand behind one another, separated by commas, or repeat where the mapping has ``getlist``.
        """

        def words(name: str) -> list[str]:
            values = query.getlist(name) if hasattr(query, "getlist") else [query.get(name, "")]
            return [word for value in values for word in str(value).split(",") if word]

        def number(name: str) -> int | None:
            value = str(query.get(name, "")).strip()
            return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None

        def day(name: str) -> date | None:
            try:
                return date.fromisoformat(str(query.get(name, "")))
            except ValueError:
                return None

        def flag(name: str) -> bool:
            return str(query.get(name, "")).lower() in {"1", "on", "true", "yes"}

        return cls(
            plan_id=number("plan_id"),
            unit_id=number("unit_id"),
            role=next((w for w in words("role") if w in {"lead", "responsible", "cooperating"}), ""),
            states=tuple(State(w) for w in words("states") if w in set(State)),
            lights=tuple(Light(w) for w in words("lights") if w in set(Light)),
            year=number("year"),
            due_from=day("due_from"),
            due_to=day("due_to"),
            text=str(query.get("text", "")).replace("\x00", "").strip()[:100],
            kind=next((w for w in words("kind") if w in {"task", "guarantee"}), ""),
            carried_over=flag("carried_over"),
            unassigned=flag("unassigned"),
            parent_id=number("parent_id"),
            top_only=flag("top_only"),
            mine=flag("mine"),
            archived=flag("archived"),
        )
