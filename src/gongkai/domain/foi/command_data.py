"""Commands as plain values and back, for work that is asked for now and done later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.event_data import plain_values, typed_values
from gongkai.domain.foi.verbs import Verb

COMMAND_TYPES: Mapping[Verb, type[Command]] = {kind.verb: kind for kind in Command.__subclasses__()}


def command_to_data(command: Command) -> dict[str, Any]:
    """Return a command as plain values: its ``verb``, days as ISO text, enumerations as their value, tuples as lists."""
    return {"verb": command.verb.value} | plain_values(command)


def command_from_data(data: Mapping[str, Any]) -> Command:
    """Rebuild a command; raises ValueError or KeyError for an unknown verb or field, TypeError for a missing one."""
    kind = COMMAND_TYPES[Verb(data["verb"])]
    return kind(**typed_values(kind, {name: value for name, value in data.items() if name != "verb"}))
