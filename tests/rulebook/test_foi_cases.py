"""Runs every case of ``foi_cases/*.yaml``: dated events as a clerk writes them, and what is expected of them.

A new file there, or a new case in one, is picked up by itself; see ``foi_cases/README.md``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from gongkai.domain.foi.model import Law, Stage
from gongkai.domain.foi.replay.outcome import check_expected
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.running import run_script
from gongkai.domain.foi.replay.script import Script
from gongkai.rulebook.foi_law import case_law

FOLDER = Path(__file__).parent / "foi_cases"


@cache
def law_on(on: date, layer: str) -> Law:
    return case_law(on=on, layer=layer)


def scripts(path: Path) -> list[Script]:
    found, problems = read_scripts(path.read_text(encoding="utf-8"), law_on(date(2024, 1, 1), "cn").dispositions)
    assert problems == [], path.name
    return found


CASES = [
    pytest.param(script, id=f"{path.stem}: {script.name}")
    for path in sorted(FOLDER.glob("*.yaml"))
    for script in scripts(path)
]


@pytest.mark.parametrize("script", CASES)
def test_case(script: Script) -> None:
    assert script.expected, "a case here expects something"
    run = run_script(script, law_on=law_on, today=None)
    unmet = [f"{one.key}: {one.expected} and not {one.actual}" for one in check_expected(run) if not one.met]
    assert unmet == []
    if not any(one.key == "refusals" for one in script.expected):
        assert run.refusals == []


class TestTogether:
    def test_there_are_many_and_their_names_differ(self) -> None:
        names = [script.values[0].name for script in CASES]  # type: ignore[attr-defined]
        assert len(names) >= 150
        assert len(set(names)) == len(names)

    def test_every_disposition_is_reached(self) -> None:
        known = set(law_on(date(2024, 1, 1), "cn").dispositions.dispositions)
        reached = {
            one.values[0]
            for case in CASES
            for one in case.values[0].expected
            if one.key == "disposition" and one.values
        }  # type: ignore[attr-defined]
        assert known - reached == set()

    def test_every_stage_where_a_case_can_rest_is_reached(self) -> None:
        runs = [run_script(case.values[0], law_on=law_on, today=None) for case in CASES]  # type: ignore[arg-type]
        assert set(Stage) - {run.state.stage for run in runs} <= {Stage.NEW}
