"""The shipped results and grounds, and what is said about an office's own that cannot be read."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.dispositions import Category, Route
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi import disposition_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)
RULES = disposition_rules(shipped(), on=ON)
ROWS_OF_RESULTS = {
    "granted": {"granted"},
    "partial": {"partial"},
    "denied": {
        "denied_state_secret",
        "denied_law_prohibited",
        "denied_three_securities",
        "denied_third_party",
        "denied_internal",
        "denied_process",
        "denied_enforcement_file",
        "denied_inquiry_matter",
    },
    "unable": {"unable_not_held", "unable_needs_creation", "unable_still_unclear"},
    "refused": {"refused_petition", "refused_repeat", "refused_publication", "refused_abusive", "refused_confirm"},
    "other": {"other_no_supplement", "other_no_payment", "other_misc"},
}


class TestShippedDispositions:
    def test_are_twenty_six_in_the_order_of_the_annual_report(self) -> None:
        assert len(RULES.dispositions) == 26
        categories = [one.category for one in RULES.dispositions.values()]
        assert categories == sorted(categories, key=list(Category).index)

    def test_lead_to_the_twenty_one_rows_of_results_and_leave_none_out(self) -> None:
        rows: dict[str, set[str]] = {}
        for one in RULES.dispositions.values():
            rows.setdefault(one.category.value, set()).add(one.annual_row)
        assert rows == ROWS_OF_RESULTS

    def test_only_refusals_under_articles_14_to_16_and_partial_ones_go_to_review_first(self) -> None:
        first = {code for code, one in RULES.dispositions.items() if one.route is Route.REVIEW_FIRST}
        assert first == {"partial", *ROWS_OF_RESULTS["denied"]} - {"denied_inquiry_matter"}

    @pytest.mark.parametrize("code", list(RULES.dispositions))
    def test_each_cites_a_ground_has_evidence_a_letter_and_a_source(self, code: str) -> None:
        one = RULES.dispositions[code]
        assert one.always or one.choose
        assert one.evidence
        assert one.letter.startswith("L")
        assert one.basis
        assert one.unverified <= {"annual_row", "route"}
        assert not one.unverified or one.note

    def test_refusal_grounds_are_exactly_those_of_articles_14_to_16(self) -> None:
        refusals = {ground.article[:4] for ground in RULES.grounds.values() if ground.refusal}
        assert refusals == {"第十四条", "第十五条", "第十六条"}
        assert not any(g.refusal for g in RULES.grounds.values() if g.article[:4] not in refusals)

    def test_no_fee_could_lapse_before_there_was_a_fee(self) -> None:
        before = disposition_rules(shipped(), on=date(2020, 12, 31))
        assert set(RULES.dispositions) - set(before.dispositions) == {"other_no_payment", "other_archive"}

    def test_there_are_none_before_the_regulations_of_2019(self) -> None:
        assert disposition_rules(shipped(), on=date(2019, 5, 14)).dispositions == {}


class TestOwnRules:
    def test_every_fault_is_told_at_once(self, tmp_path: Path) -> None:
        folder = tmp_path / "cn-99"
        folder.mkdir()
        (folder / "foi.yaml").write_text(
            """
layer: cn-99
rules:
  - id: foi.disposition.own
    title: 本单位自设
    kind: local
    versions:
      - in_force_from: 2020-01-01
        values: {order: 99, category: gone, annual_row: other_misc, letter: L26_closed_other, route: nowhere,
                 always: [art99], evidence: [{code: a, words: 甲, later: soon}], colour: red}
        citations: [本单位文件]
        status: verified
""",
            encoding="utf-8",
        )
        with pytest.raises(RulebookInvalid) as caught:
            disposition_rules(Rulebook.load([tmp_path]), on=ON, layer="cn-99")
        told = [describe(issue) for issue in caught.value.issues]
        assert len(told) == 5
        assert all("foi.disposition.own" in sentence for sentence in told)
        assert any("art99" in sentence for sentence in told)

    def test_a_lower_layer_cannot_change_what_the_law_lists(self, tmp_path: Path) -> None:
        folder = tmp_path / "cn-99"
        folder.mkdir()
        (folder / "foi.yaml").write_text(
            """
layer: cn-99
rules:
  - id: foi.disposition.denied_internal
    kind: local
    versions:
      - in_force_from: 2020-01-01
        values: {route: free_choice}
        citations: [本单位文件]
        status: verified
""",
            encoding="utf-8",
        )
        rules = disposition_rules(Rulebook.load([tmp_path]), on=ON, layer="cn-99")
        assert rules.dispositions["denied_internal"].route is Route.REVIEW_FIRST
