"""What a list of items is narrowed to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import parse_qsl

from gongkai.domain.items import State

ATTRIBUTES = ("proactive", "on_application", "withheld", "none")


@dataclass(frozen=True, slots=True)
class ItemFilters:
    """What a list of items is narrowed to; an empty field narrows nothing.

    ``attribute`` may be ``none`` (not decided yet). ``column`` takes the columns below it in, too. ``mine`` keeps what
    the actor wrote, ``own`` what is of the actor's units, ``limited`` the access-limited ones, ``late`` what is still to
    be published and past its due day, ``review`` what has to be looked at again by today. ``ended`` shows archived and
    discarded ones, which are left out unless a state asks for them. ``text`` looks in title, document and index number.
    """

    unit_id: int | None = None
    states: tuple[State, ...] = ()
    kind: str = ""
    attribute: str = ""
    column: str = ""
    text: str = ""
    since: date | None = None
    until: date | None = None
    mine: bool = False
    own: bool = False
    limited: bool = False
    late: bool = False
    review: bool = False
    ended: bool = False
    ids: tuple[int, ...] = ()

    @classmethod
    def from_text(cls, query: str) -> ItemFilters:
        """Read filters from the text of a query string."""
        found: dict[str, list[str]] = {}
        for name, value in parse_qsl(query):
            found.setdefault(name, []).append(value)
        return cls.from_query({name: ",".join(values) for name, values in found.items()})

    @classmethod
    def from_query(cls, query: Mapping[str, str]) -> ItemFilters:
        """Read filters from a query string (``request.GET``); what is not understood is left out.

        ``state`` (or ``states``) may repeat or be separated by commas; ``on`` for a flag is 1, on, true or yes.
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

        def plain(name: str, most: int = 100) -> str:
            return str(query.get(name, "")).replace("\x00", "").strip()[:most]

        return cls(
            unit_id=number("unit_id") or number("unit"),
            states=tuple(dict.fromkeys(State(w) for w in (*words("states"), *words("state")) if w in set(State))),
            kind=plain("kind", 40),
            attribute=plain("attribute") if plain("attribute") in ATTRIBUTES else "",
            column=plain("column", 40),
            text=plain("text"),
            since=day("since"),
            until=day("until"),
            mine=flag("mine"),
            own=flag("own"),
            limited=flag("limited"),
            late=flag("late"),
            review=flag("review"),
            ended=flag("ended"),
        )
