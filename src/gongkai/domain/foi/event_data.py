"""Events as plain values and back, for whoever stores them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from gongkai.domain.foi.events import Event

EVENT_TYPES: Mapping[str, type[Event]] = {kind.__name__: kind for kind in Event.__subclasses__()}

_known_hints: dict[type, dict[str, Any]] = {}


def event_to_data(event: Event) -> dict[str, Any]:
    """Return an event as plain values: its ``type``, dates as ISO text, enumerations as their value, tuples as lists."""
    return {"type": type(event).__name__} | plain_values(event)


def event_from_data(data: Mapping[str, Any]) -> Event:
    """Rebuild an event from ``event_to_data``; raises KeyError for an unknown type, TypeError or ValueError for values."""
    kind = EVENT_TYPES[data["type"]]
    return kind(**typed_values(kind, {name: value for name, value in data.items() if name != "type"}))


def plain_values(record: Any) -> dict[str, Any]:
    """Return the fields of an event or a command as plain values."""
    return {f.name: _plain(getattr(record, f.name)) for f in fields(record)}


def typed_values(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain values as the fields of the class take them; raises KeyError for one it does not have."""
    hints = _hints(kind)
    return {name: _typed(value, hints[name]) for name, value in values.items()}


def text_fields(kind: str) -> frozenset[str]:
    """Return the fields of an event that hold texts (or lists of texts), not codes of an enumeration, days or numbers."""
    return frozenset(name for name, hint in _hints(EVENT_TYPES[kind]).items() if _is_text(hint))


def _is_text(hint: Any) -> bool:
    if get_origin(hint) in (Union, UnionType, tuple):
        return any(_is_text(one) for one in get_args(hint))
    return hint is str


def _hints(kind: type) -> dict[str, Any]:
    if kind not in _known_hints:
        _known_hints[kind] = get_type_hints(kind)
    return _known_hints[kind]


def _plain(value: object) -> object:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, StrEnum):
        return value.value
    return value.isoformat() if isinstance(value, date) else value


def _typed(value: Any, hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return None if value is None else _typed(value, next(one for one in get_args(hint) if one is not type(None)))
    if get_origin(hint) is tuple:
        return tuple(_typed(one, get_args(hint)[0]) for one in value)
    if hint is date:
        return date.fromisoformat(value)
    return hint(value) if issubclass(hint, StrEnum) else value
