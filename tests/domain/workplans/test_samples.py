"""Invented plans in the forms that cities use, and the real ones where they are at hand, against reviewed results."""

from __future__ import annotations

import pytest

from gongkai.domain.workplans import read_plan
from tests.domain.workplans.expectations import SAMPLES, expected, sample, seed, short, units_and_dates

NAMES = sorted(path.stem for path in SAMPLES.glob("*.txt"))


class TestReadPlanOnSamples:
    @pytest.mark.parametrize("name", NAMES)
    def test_reads_every_task_as_reviewed(self, name: str) -> None:
        assert short(read_plan(sample(f"{name}.txt"))) == expected(name)

    def test_has_a_reviewed_result_for_every_sample(self) -> None:
        results = {path.stem for path in (SAMPLES / "expected").glob("*.json")}
        assert {n for n in results if not n.startswith("seed-")} == set(NAMES)


class TestReadPlanOnRealDocuments:
    @pytest.mark.parametrize("number", range(5))
    def test_reads_units_and_dates_as_reviewed(self, number: int) -> None:
        document = seed(number)
        if document is None:
            pytest.skip("the real documents (../shared/seeds) are not at hand")
        assert units_and_dates(read_plan(document)) == expected(f"seed-{number}")

    @pytest.mark.parametrize(
        ("number", "tasks", "with_units", "parts", "entries"),
        [(0, 22, 18, 0, 0), (1, 15, 12, 0, 0), (2, 0, 0, 0, 0), (3, 27, 27, 0, 0), (4, 17, 15, 33, 5)],
    )
    def test_counts(self, number: int, tasks: int, with_units: int, parts: int, entries: int) -> None:
        document = seed(number)
        if document is None:
            pytest.skip("the real documents (../shared/seeds) are not at hand")
        plan = read_plan(document)
        assert len(plan.tasks) == tasks
        assert sum(1 for t in plan.tasks if t.lead_units or t.responsible_units) == with_units
        assert sum(len(t.parts) for t in plan.tasks) == parts
        assert len(plan.schedule) == entries

    @pytest.mark.parametrize("number", [0, 1, 3, 4])
    def test_leaves_no_line_unread(self, number: int) -> None:
        document = seed(number)
        if document is None:
            pytest.skip("the real documents (../shared/seeds) are not at hand")
        assert [i for i in read_plan(document).issues if i.code in ("plan.line.unread", "plan.table.unknown")] == []

    def test_says_that_a_brief_is_no_plan(self) -> None:
        document = seed(2)
        if document is None:
            pytest.skip("the real documents (../shared/seeds) are not at hand")
        plan = read_plan(document)
        assert not plan.is_plan
        assert [issue.code for issue in plan.issues] == ["plan.not_a_plan.other_kind"]
