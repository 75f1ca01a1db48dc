"""The rules of what comes after an answer: there, cited, and marked as unverified where the law gives no number."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.dispositions import Category
from gongkai.rulebook import Rulebook
from gongkai.rulebook.foi_after import after_rules
from gongkai.rulebook.loader import RulebookInvalid
from gongkai.rulebook.lookup import NotInForce

D = date(2026, 3, 2)


@pytest.fixture(scope="module")
def book() -> Rulebook:
    return Rulebook.load()


def own(folder: Path) -> Path:
    """The file of a place in an office's own folder."""
    (folder / "cn-360798").mkdir()
    return folder / "cn-360798" / "own.yaml"


class TestAfterRules:
    def test_are_there_with_their_basis(self, book: Rulebook) -> None:
        rules = after_rules(book, on=D)
        assert rules.log.categories == {Category.GRANTED, Category.PARTIAL}
        assert rules.repeated.applicants >= 2 and rules.repeated.months > 0 and 0 < rules.repeated.share <= 1
        assert rules.retention.ordinary_years <= rules.retention.disputed_years
        assert "第四十四条" in rules.repeated.basis[0].citation
        assert "第四十四条" in rules.examination_basis[0].citation and "审核" in rules.examination_note

    def test_no_number_of_them_claims_to_be_law(self, book: Rulebook) -> None:
        rules = after_rules(book, on=D)
        every = (*rules.log.basis, *rules.repeated.basis, *rules.examination_basis, *rules.retention.basis)
        assert {one.status for one in every} == {"unverified"}

    def test_begin_with_the_regulations_of_2019(self, book: Rulebook) -> None:
        with pytest.raises(NotInForce):
            after_rules(book, on=date(2019, 5, 14))

    def test_a_place_sets_its_own_numbers(self, tmp_path: Path) -> None:
        own(tmp_path).write_text(
            """layer: cn-360798
rules:
  - id: foi.repeated
    kind: local
    versions:
      - in_force_from: 2024-01-01
        values: {applicants: 5, months: 6, share: 80}
        citations: [青府办发〔2024〕1号]
        status: verified
""",
            encoding="utf-8",
        )
        rules = after_rules(Rulebook.load([tmp_path]), on=D, layer="cn-360798")
        assert (rules.repeated.applicants, rules.repeated.months, rules.repeated.share) == (5, 6, 0.8)

    def test_tells_every_fault_at_once(self, tmp_path: Path) -> None:
        own(tmp_path).write_text(
            """layer: cn-360798
rules:
  - id: foi.repeated
    kind: local
    versions:
      - in_force_from: 2024-01-01
        values: {applicants: 1, months: none}
        citations: [青府办发〔2024〕1号]
        status: verified
""",
            encoding="utf-8",
        )
        with pytest.raises(RulebookInvalid) as invalid:
            after_rules(Rulebook.load([tmp_path]), on=D, layer="cn-360798")
        assert {issue.field for issue in invalid.value.issues} == {"applicants", "months"}
