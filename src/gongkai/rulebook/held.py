"""Reading the ``values`` of rules into domain values: what is not of its form is noted with file and key, all at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from gongkai.domain.issues import Issue
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.lookup import NotInForce, Rulebook, Value
from gongkai.rulebook.schema import NATION, Kind

E = TypeVar("E", bound=StrEnum)


class Table:
    """The values of one rule, or a table inside them; ``path`` tells where it stands in messages."""

    def __init__(self, values: Mapping[str, object], *, file: str, path: str, faults: list[Issue]) -> None:
        self.values, self.file, self.path, self.faults = values, file, path, faults

    def only(self, *known: str) -> None:
        """Note every key that is none of ``known``."""
        for name in sorted(str(key) for key in self.values if key not in known):
            values = {"file": self.file, "key": f"{self.path}.{name}", "known": "、".join(sorted(known))}
            self.faults.append(Issue("rulebook.key.unknown", name, values))

    def text(self, key: str, *, optional: bool = False) -> str:
        """Return a text; an optional one may be left out or empty."""
        value = self.values.get(key)
        if optional and (value is None or value == ""):
            return ""
        if not isinstance(value, str) or not value.strip():
            self.wrong(key, "文字")
            return ""
        return value.strip()

    def texts(self, key: str, *, optional: bool = False) -> tuple[str, ...]:
        """Return a list of texts without doubles."""
        value = self.values.get(key)
        if optional and value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.wrong(key, "文字的列表")
            return ()
        return tuple(dict.fromkeys(value))

    def flag(self, key: str, *, default: bool | None = None) -> bool:
        """Return true or false; without a default it has to be there."""
        value = self.values.get(key, default)
        if not isinstance(value, bool):
            self.wrong(key, "true 或 false")
            return False
        return value

    def number(self, key: str, *, least: int = 0) -> int:
        """Return a whole number that is not below ``least``."""
        value = self.values.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or value < least:
            self.wrong(key, f"不小于{least}的整数")
            return least
        return value

    def choice(self, key: str, kind: type[E], *, default: E | None = None) -> E:
        """Return a member of a closed list."""
        value = self.values.get(key, default)
        try:
            return kind(str(value))
        except ValueError:
            values = {"file": self.file, "key": f"{self.path}.{key}", "choices": "、".join(kind)}
            self.faults.append(Issue("rulebook.key.choice", key, values))
            return next(iter(kind))

    def tables(self, key: str, *, optional: bool = False) -> Iterator[Table]:
        """Yield the tables of a list."""
        value = self.values.get(key)
        if optional and value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, "键值表的列表")
            return
        for number, one in enumerate(value):
            yield Table(one, file=self.file, path=f"{self.path}.{key}[{number}]", faults=self.faults)

    def known(self, key: str, names: tuple[str, ...], among: Mapping[str, object]) -> tuple[str, ...]:
        """Return those of the names that exist; the others are noted."""
        for name in names:
            if name not in among:
                values = {"file": self.file, "key": f"{self.path}.{key}", "name": name}
                self.faults.append(Issue("rulebook.rule.reference", name, values))
        return tuple(name for name in names if name in among)

    def wrong(self, key: str, expected: str) -> None:
        """Note that a value is not of the expected form."""
        values = {"file": self.file, "key": f"{self.path}.{key}", "expected": expected}
        self.faults.append(Issue("rulebook.key.type", key, values))


class HeldRules:
    """The rules of a kind that are in force on a day in a place, and the faults found while they are read.

    What is ``statutory`` is taken from the nation's layer alone: a lower layer cannot change the law's own lists.
    """

    def __init__(self, book: Rulebook, *, on: date, layer: str = NATION) -> None:
        self.book, self.on, self.layer = book, on, layer
        self.faults: list[Issue] = []

    def each(self, prefix: str) -> Iterator[tuple[str, Value, Table]]:
        """Yield the rest of the id, the value and its table for every rule that begins with ``prefix``."""
        for rule_id in self.book.ids(layer=self.layer):
            if rule_id.startswith(prefix):
                held = self.one(rule_id)
                if held is not None:
                    yield rule_id.removeprefix(prefix), *held

    def one(self, rule_id: str) -> tuple[Value, Table] | None:
        """Return a rule's value and table, None when it was not in force on the day; raises UnknownRule."""
        rule = self.book.rule(rule_id, layer=self.layer)
        layer = NATION if rule.kind is Kind.STATUTORY and rule.layer == NATION else self.layer
        try:
            value = self.book.value(rule_id, on=self.on, layer=layer)
        except NotInForce:
            return None
        return value, Table(value.values, file=rule.source, path=f"{rule_id}.values", faults=self.faults)

    def finish(self) -> None:
        """Raise RulebookInvalid with every fault that was noted."""
        if self.faults:
            raise RulebookInvalid(self.faults)
