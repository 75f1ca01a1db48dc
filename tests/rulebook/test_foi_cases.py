"""Runs every case of ``foi_cases/*.yaml``: dated events as a clerk writes them, and what is expected of them.

A new file there, or a new case in one, is picked up by itself; see ``foi_cases/README.md``.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from gongkai.domain.foi.fees import FeeMethod, Tariff
from gongkai.domain.foi.model import Law, Stage
from gongkai.domain.foi.replay.outcome import check_expected
from gongkai.domain.foi.replay.player import Run
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.running import run_script
from gongkai.domain.foi.replay.script import Script
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.foi_law import case_law
from gongkai.rulebook.lookup import shipped

FOLDER = Path(__file__).parent / "foi_cases"


@cache
def law_on(on: date, layer: str) -> Law:
    return case_law(on=on, layer=layer)


@cache
def tariffs_on(on: date, layer: str) -> dict[FeeMethod, Tariff]:
    found = fee_rules(shipped(), on=on, layer=layer)
    return dict(found.tariffs) if found is not None else {}


def run_of(script: Script) -> Run:
    return run_script(script, law_on=law_on, today=None, tariffs_on=tariffs_on)


def scripts(path: Path) -> list[Script]:
    found, problems = read_scripts(path.read_text(encoding="utf-8"), law_on(date(2024, 1, 1), "cn").dispositions)
    assert problems == [], path.name
    return found


NAMED = [(path.stem, script) for path in sorted(FOLDER.glob("*.yaml")) for script in scripts(path)]
CASES = [pytest.param(script, id=f"{stem}: {script.name}") for stem, script in NAMED]


@pytest.mark.parametrize("script", CASES)
def test_case(script: Script) -> None:
    assert script.expected, "a case here expects something"
    run = run_of(script)
    unmet = [f"{one.key}: {one.expected} and not {one.actual}" for one in check_expected(run) if not one.met]
    assert unmet == []
    if not any(one.key == "refusals" for one in script.expected):
        assert run.refusals == []


class TestTogether:
    def test_there_are_many_and_their_names_differ(self) -> None:
        names = [script.name for _, script in NAMED]
        assert len(names) >= 200
        assert len(set(names)) == len(names)

    def test_every_disposition_is_reached(self) -> None:
        known = set(law_on(date(2024, 1, 1), "cn").dispositions.dispositions)
        runs = [run_of(script) for _, script in NAMED]
        assert known <= {run.state.disposition for run in runs}

    def test_every_stage_but_the_first_is_one_where_some_case_rests(self) -> None:
        runs = [run_of(script) for _, script in NAMED]
        assert {run.state.stage for run in runs} == set(Stage) - {Stage.NEW}
