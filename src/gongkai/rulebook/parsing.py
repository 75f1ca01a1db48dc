"""From the content of one rule file to rules; every fault is noted with file and key, and reading goes on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from enum import StrEnum
from typing import TypeVar

from gongkai.domain.deadlines import Direction, Effect, Unit
from gongkai.domain.issues import Issue
from gongkai.rulebook.schema import FactSpec, Kind, Rule, Status, TighterIs, Version

E = TypeVar("E", bound=StrEnum)
_ID = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")
_FILE_KEYS = {"layer", "rules"}
_RULE_KEYS = {
    "id",
    "code",
    "title",
    "kind",
    "actor",
    "direction",
    "tighter_is",
    "last_day_off",
    "same_period_as",
    "effect_if_missed",
    "facts",
    "versions",
}
_VERSION_KEYS = {
    "in_force_from",
    "in_force_until",
    "limit",
    "unit",
    "suggested",
    "local_target",
    "annual_date",
    "values",
    "citations",
    "status",
    "note",
}
_FACT_KEYS = {"label", "effect", "needs", "closes", "once", "at_most", "counted_from", "within", "cites"}


class FileReader:
    """Reads one file; afterwards ``issues`` holds what was wrong with it."""

    def __init__(self, source: str, layer: str) -> None:
        self.source = source
        self.layer = layer
        self.issues: list[Issue] = []

    def read(self, content: object) -> Iterator[Rule]:
        """Yield the rules that could be read."""
        table = self._table(content, "", _FILE_KEYS)
        if table is None:
            return
        if table.get("layer") != self.layer:
            self._fault("rulebook.layer.mismatch", "layer", layer=table.get("layer"), folder=self.layer)
        rules = table.get("rules")
        if not isinstance(rules, list) or not rules:
            self._fault("rulebook.key.type", "rules", expected="至少一条规则的列表")
            return
        for index, entry in enumerate(rules):
            rule = self._rule(entry, f"rules[{index}]")
            if rule is not None:
                yield rule

    def _fault(self, code: str, key: str, **values: object) -> None:
        self.issues.append(Issue(code, key, {"file": self.source, "key": key, **values}))

    def _table(self, value: object, key: str, known: set[str]) -> dict[str, object] | None:
        if not isinstance(value, dict):
            self._fault("rulebook.key.type", key or "（整个文件）", expected="键值表")
            return None
        for unknown in sorted(str(name) for name in value if name not in known):
            path = f"{key}.{unknown}" if key else unknown
            self._fault("rulebook.key.unknown", path, known="、".join(sorted(known)))
        return value

    def _rule(self, value: object, key: str) -> Rule | None:
        table = self._table(value, key, _RULE_KEYS)
        if table is None:
            return None
        rule_id = table.get("id")
        if not isinstance(rule_id, str) or not _ID.fullmatch(rule_id):
            self._fault("rulebook.key.type", f"{key}.id", expected="形如 foi.reply 的英文编号")
            return None
        key = rule_id
        before = len(self.issues)
        versions = self._versions(table.get("versions"), key)
        last_day_off = self._text(table, key, "last_day_off") or "stays"
        if last_day_off not in ("stays", "next_working_day"):
            self._fault("rulebook.key.choice", f"{key}.last_day_off", choices="stays、next_working_day")
        rule = Rule(
            id=rule_id,
            layer=self.layer,
            source=self.source,
            versions=versions,
            title=self._text(table, key, "title"),
            code=self._text(table, key, "code"),
            kind=self._choice(table, key, "kind", Kind, Kind.STATUTORY),
            actor=self._text(table, key, "actor"),
            direction=self._choice(table, key, "direction", Direction, Direction.AFTER),
            tighter_is=self._choice(table, key, "tighter_is", TighterIs, TighterIs.SHORTER),
            roll=last_day_off == "next_working_day",
            same_period_as=self._text(table, key, "same_period_as") or None,
            effect_if_missed=self._text(table, key, "effect_if_missed"),
            facts=self._facts(table.get("facts"), key),
        )
        return rule if len(self.issues) == before else None

    def _versions(self, value: object, key: str) -> tuple[Version, ...]:
        if not isinstance(value, list) or not value:
            self._fault("rulebook.key.type", f"{key}.versions", expected="至少一个版本的列表")
            return ()
        versions = [self._version(entry, f"{key}.versions[{index}]") for index, entry in enumerate(value)]
        found = sorted((version for version in versions if version is not None), key=lambda v: v.in_force_from)
        for earlier, later in zip(found, found[1:], strict=False):
            if earlier.overlaps(later):
                self._fault("rulebook.version.overlap", f"{key}.versions", first=later.in_force_from)
        return tuple(found)

    def _version(self, value: object, key: str) -> Version | None:
        table = self._table(value, key, _VERSION_KEYS)
        if table is None:
            return None
        since = table.get("in_force_from")
        until = table.get("in_force_until")
        if not isinstance(since, date):
            self._fault("rulebook.key.type", f"{key}.in_force_from", expected="日期，如 2019-05-15")
            return None
        if until is not None and (not isinstance(until, date) or until < since):
            self._fault("rulebook.key.type", f"{key}.in_force_until", expected="不早于生效日的日期")
            until = None
        citations = table.get("citations")
        texts = tuple(str(text).strip() for text in citations) if isinstance(citations, list) else ()
        if not texts or not all(texts):
            self._fault("rulebook.citation.missing", f"{key}.citations")
        status = self._choice(table, key, "status", Status, None)
        note = self._text(table, key, "note")
        if status is Status.UNVERIFIED and not note:
            self._fault("rulebook.note.missing", f"{key}.note")
        unit = self._choice(table, key, "unit", Unit, None) if "unit" in table else None
        numbers = {name: self._number(table, key, name) for name in ("limit", "suggested", "local_target")}
        if unit is None and any(number is not None for number in numbers.values()):
            self._fault("rulebook.unit.missing", f"{key}.unit")
        values = table.get("values", {})
        if not isinstance(values, dict):
            self._fault("rulebook.key.type", f"{key}.values", expected="键值表")
            values = {}
        return Version(
            in_force_from=since,
            in_force_until=until,
            citations=texts,
            status=status or Status.UNVERIFIED,
            unit=unit,
            annual_date=self._annual_date(table, key),
            values={str(name): entry for name, entry in values.items()},
            note=note,
            **numbers,
        )

    def _annual_date(self, table: Mapping[str, object], key: str) -> tuple[int, int] | None:
        value = table.get("annual_date")
        if value is None:
            return None
        try:
            day = date.fromisoformat(f"2001-{value}")
        except ValueError:
            self._fault("rulebook.key.type", f"{key}.annual_date", expected="月-日，如 01-31")
            return None
        return day.month, day.day

    def _facts(self, value: object, key: str) -> dict[str, FactSpec]:
        if value is None:
            return {}
        if not isinstance(value, dict):
            self._fault("rulebook.key.type", f"{key}.facts", expected="键值表")
            return {}
        facts: dict[str, FactSpec] = {}
        for kind, entry in value.items():
            path = f"{key}.facts.{kind}"
            table = self._table(entry, path, _FACT_KEYS)
            if table is None:
                continue
            effect = self._choice(table, path, "effect", Effect, None)
            closes = table.get("closes") or []
            if not isinstance(closes, list):
                self._fault("rulebook.key.type", f"{path}.closes", expected="列表")
                closes = []
            label = self._text(table, path, "label")
            if not label:
                self._fault("rulebook.key.type", f"{path}.label", expected="中文名称")
            facts[str(kind)] = FactSpec(
                kind=str(kind),
                label=label,
                effect=effect or Effect.NOTE,
                needs=self._text(table, path, "needs") or None,
                closes=tuple(str(name) for name in closes),
                once=table.get("once") is True,
                at_most=self._text(table, path, "at_most") or None,
                counted_from=self._text(table, path, "counted_from") or None,
                within=self._text(table, path, "within") or None,
                cites=self._text(table, path, "cites") or None,
            )
        self._check_facts(facts, key)
        return facts

    def _check_facts(self, facts: Mapping[str, FactSpec], key: str) -> None:
        starts = [fact.kind for fact in facts.values() if fact.effect is Effect.START]
        if len(starts) != 1:
            self._fault("rulebook.facts.start", f"{key}.facts", count=len(starts))
        for fact in facts.values():
            for name in (fact.needs, fact.counted_from, *fact.closes):
                if name is not None and name not in facts:
                    self._fault("rulebook.facts.reference", f"{key}.facts.{fact.kind}", name=name)
            if fact.effect is Effect.RESUME and not fact.closes:
                self._fault("rulebook.key.type", f"{key}.facts.{fact.kind}.closes", expected="所结束的暂停事项")

    def _text(self, table: Mapping[str, object], key: str, name: str) -> str:
        value = table.get(name)
        if value is None:
            return ""
        if not isinstance(value, str):
            self._fault("rulebook.key.type", f"{key}.{name}", expected="文字")
            return ""
        return value.strip()

    def _number(self, table: Mapping[str, object], key: str, name: str) -> int | None:
        value = table.get(name)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            self._fault("rulebook.key.type", f"{key}.{name}", expected="不小于0的整数")
            return None
        return value

    def _choice(self, table: Mapping[str, object], key: str, name: str, kind: type[E], default: E | None) -> E:
        value = table.get(name)
        if value is None and default is not None:
            return default
        try:
            return kind(str(value))
        except ValueError:
            self._fault("rulebook.key.choice", f"{key}.{name}", choices="、".join(kind))
            return default if default is not None else next(iter(kind))
