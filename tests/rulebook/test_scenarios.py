"""Runs every scenario of ``scenarios/*.yaml``: facts as a clerk writes them, and the reading expected.

A new file there, or a new entry in one, is picked up by itself; see ``scenarios/README.md`` for the form.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from gongkai.domain.deadlines import Fact, Reading, read_clock
from gongkai.rulebook import calendar_shipped, clock_rule

FOLDER = Path(__file__).parent / "scenarios"
SCENARIOS = [
    pytest.param(scenario, id=f"{path.stem}: {scenario['name']}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for scenario in yaml.safe_load(path.read_text(encoding="utf-8"))
]
KEYS = {"name", "rule", "layer", "today", "facts", "expect"}


def to_fact(entry: dict[str, Any]) -> Fact:
    """Read {received: 2024-03-01} or {extended: 2024-03-20, days: 10, ref: 甲公司}."""
    extra = {key: entry[key] for key in ("days", "ref") if key in entry}
    ((kind, on),) = ((key, value) for key, value in entry.items() if key not in extra)
    assert isinstance(on, date), f"{kind} needs a date"
    return Fact(kind, on, **extra)


def observed(reading: Reading, key: str) -> object:
    """What a scenario may expect of a reading, by the name used there."""
    if key == "issues":
        return [issue.code for issue in reading.issues]
    if key == "citations":
        return [basis.citation for basis in reading.basis]
    value = getattr(reading, key)
    return value.value if key == "state" else value


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_scenario(scenario: dict[str, Any]) -> None:
    assert set(scenario) <= KEYS
    facts = [to_fact(entry) for entry in scenario["facts"]]
    started = min(fact.on for fact in facts)
    rule = clock_rule(scenario["rule"], on=started, layer=scenario.get("layer", "cn"))
    reading = read_clock(rule, facts, calendar_shipped(), today=scenario.get("today"))
    expected = scenario["expect"]
    assert {key: observed(reading, key) for key in expected} == expected
    if "issues" not in expected:
        assert reading.issues == ()


def test_there_are_enough_of_them() -> None:
    assert len(SCENARIOS) >= 40
