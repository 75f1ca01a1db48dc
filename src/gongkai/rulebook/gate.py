"""The rules of the gate as ``gongkai.domain.gate`` takes them, read from the rules ``gate.…`` of a day and place."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import date

from gongkai.domain.gate import CheckRule, GateRules
from gongkai.domain.wording import Grade
from gongkai.rulebook.accessibility import reading_rules
from gongkai.rulebook.lookup import Rulebook
from gongkai.rulebook.schema import NATION, Kind

PREFIX = "gate."
WORDS = "gate.words"


def gate_rules(*, on: date, layer: str = NATION, rulebook: Rulebook, own_hosts: Iterable[str] = ()) -> GateRules:
    """Return the checks of the gate in force on a day in a layer.

    What the law itself asks for (``statutory``) is taken from the nation's layer alone and can never be overridden.
    ``own_hosts`` are the hosts of the place's own site. Raises ValueError for a check whose values cannot be read.
    """
    checks: dict[str, CheckRule] = {}
    findings: dict[tuple[str, str], str] = {}
    for rule_id in rulebook.ids(layer=layer):
        if not rule_id.startswith(PREFIX) or rule_id == WORDS:
            continue
        rule = rulebook.rule(rule_id, layer=layer)
        statutory = rule.kind is Kind.STATUTORY
        value = rulebook.value(rule_id, on=on, layer=NATION if statutory else layer)
        checks[rule_id] = CheckRule(
            code=rule_id,
            grade=_grade(rule_id, value.values),
            stops=_flag(rule_id, value.values, "stops"),
            overridable=_flag(rule_id, value.values, "override") and not statutory,
            basis=value.basis,
        )
        for entry in _texts(rule_id, value.values.get("findings", [])):
            code, _, grade = entry.partition(" ")
            findings[code, grade] = rule_id
    words = rulebook.value(WORDS, on=on, layer=layer).values
    longest = words.get("longest_sentence")
    if not isinstance(longest, int):
        raise ValueError(f"{WORDS}: longest_sentence must be a number")
    reading = reading_rules(longest_sentence=longest, vague_link_texts=_texts(WORDS, words.get("vague_link_texts", [])))
    return GateRules(
        checks=checks,
        findings=findings,
        reading=reading,
        own_hosts=frozenset(host.lower() for host in own_hosts),
        version=_version(checks, {**words, "reading": dict(reading.limits)}),
    )


def _grade(rule_id: str, values: Mapping[str, object]) -> Grade:
    try:
        return Grade(str(values["grade"]))
    except (KeyError, ValueError) as error:
        raise ValueError(f"{rule_id}: grade must be one of L1 to L4") from error


def _flag(rule_id: str, values: Mapping[str, object], key: str) -> bool:
    value = values.get(key)
    if not isinstance(value, bool):
        raise ValueError(f"{rule_id}: {key} must be true or false")
    return value


def _texts(rule_id: str, value: object) -> list[str]:
    if not isinstance(value, list):
        raise ValueError(f"{rule_id}: a list of texts is expected")
    return [str(entry) for entry in value]


def _version(checks: Mapping[str, CheckRule], words: Mapping[str, object]) -> str:
    """Return a short name of exactly these rules, kept with every run of the gate."""
    told = [[c.code, c.grade.value, c.stops, c.overridable] for _, c in sorted(checks.items())]
    data = json.dumps([told, words], ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(data.encode()).hexdigest()[:12]
