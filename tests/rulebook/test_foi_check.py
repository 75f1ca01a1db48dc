"""All rules of disclosure on application are read once: the shipped ones without fault, an office's own with all of theirs."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.rulebook import Rulebook, shipped
from gongkai.rulebook.foi_check import foi_faults
from gongkai.rulebook.messages import describe


class TestFoiFaults:
    @pytest.mark.parametrize(
        "on", [date(2018, 1, 1), date(2019, 5, 15), date(2021, 1, 1), date(2024, 1, 1), date(2027, 1, 1)]
    )
    def test_the_shipped_rules_can_be_read_on_every_day(self, on: date) -> None:
        assert foi_faults(shipped(), on=on) == ()

    def test_faults_of_several_kinds_are_told_together_and_once(self, tmp_path: Path) -> None:
        for layer in ("cn-99", "cn-9901"):
            (tmp_path / layer).mkdir()
        (tmp_path / "cn-99" / "a.yaml").write_text(
            """
layer: cn-99
rules:
  - id: foi.remedies.places
    kind: local
    versions: [{in_force_from: 2024-01-01, values: {court: 某法院}, citations: [本单位], status: verified}]
  - id: foi.fee.counting
    kind: local
    versions: [{in_force_from: 2024-01-01, values: {scope: country}, citations: [本单位], status: verified}]
""",
            encoding="utf-8",
        )
        (tmp_path / "cn-9901" / "b.yaml").write_text(
            """
layer: cn-9901
rules:
  - id: foi.letters.passages
    kind: local
    versions: [{in_force_from: 2024-01-01, values: {opening: "{{ colour }}"}, citations: [本单位], status: verified}]
""",
            encoding="utf-8",
        )
        told = [describe(issue) for issue in foi_faults(Rulebook.load([tmp_path]), on=date(2026, 11, 20))]
        assert len([one for one in told if "foi.remedies.places" in one]) == 1
        assert len([one for one in told if "scope" in one]) == 1
        assert any("colour" in one for one in told)
