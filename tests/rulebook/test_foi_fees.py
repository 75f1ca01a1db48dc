"""Fee rules from files: gapless tiers, no fee before 2021, a place's own way of counting."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.fees import FeeMethod, Scope
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.messages import describe
from gongkai.rulebook.schema import Rule, Version

ON = date(2026, 11, 20)


def book_with(values: dict[str, object], rule: str = "foi.fee.per_page") -> Rulebook:
    """The shipped rules with other values in one of them."""
    rules = dict(shipped().rules)
    old = rules[("cn", rule)]
    (version,) = old.versions
    new = Version(version.in_force_from, None, version.citations, version.status, values=values, note=version.note)
    rules[("cn", rule)] = Rule(old.id, old.layer, old.source, (new,), old.title)
    return Rulebook(rules)


class TestFeeRules:
    def test_there_was_no_fee_before_2021(self) -> None:
        assert fee_rules(shipped(), on=date(2020, 12, 31)) is None
        assert fee_rules(shipped(), on=date(2021, 1, 1)) is not None

    def test_what_a_note_calls_unseen_is_not_called_verified(self) -> None:
        rules = fee_rules(shipped(), on=ON)
        assert rules is not None
        told = {method: (tariff.verified, "未核" in tariff.note) for method, tariff in rules.tariffs.items()}
        assert told == {FeeMethod.PER_CASE: (True, False), FeeMethod.PER_PAGE: (False, True)}
        assert {one.status for one in rules.tariffs[FeeMethod.PER_PAGE].basis} == {"unverified"}

    @pytest.mark.parametrize(
        "tiers",
        [
            [],
            [{"first": 2, "yuan": 1}],
            [{"first": 1, "last": 30, "yuan": 0}, {"first": 32, "yuan": 10}],
            [{"first": 1, "last": 30, "yuan": 0}, {"first": 30, "yuan": 10}],
            [{"first": 1, "yuan": 0}, {"first": 31, "yuan": 10}],
            [{"first": 1, "last": 30, "yuan": 0}],
        ],
        ids=["none", "not from one", "gap", "overlap", "endless in the middle", "no end"],
    )
    def test_tiers_with_gaps_are_refused(self, tiers: list[dict[str, int]]) -> None:
        with pytest.raises(RulebookInvalid) as caught:
            fee_rules(book_with({"unit": "页", "tiers": tiers}), on=ON)
        assert "foi.fee.per_page" in describe(caught.value.issues[0])

    def test_broken_values_are_told_at_once(self) -> None:
        values = {"unit": 3, "tiers": [{"first": 1, "yuan": "ten"}], "blocks": 4, "extra": 1}
        with pytest.raises(RulebookInvalid) as caught:
            fee_rules(book_with(values), on=ON)
        assert {issue.field for issue in caught.value.issues} >= {"unit", "yuan", "blocks", "extra"}

    def test_a_place_may_count_all_its_organs_together(self, tmp_path: Path) -> None:
        (tmp_path / "cn-3699").mkdir()
        (tmp_path / "cn-3699" / "foi.yaml").write_text(
            """
layer: cn-3699
rules:
  - id: foi.fee.counting
    kind: local
    versions:
      - in_force_from: 2024-01-01
        values: {scope: place}
        citations: [本地规定]
        status: verified
""",
            encoding="utf-8",
        )
        rules = fee_rules(Rulebook.load([tmp_path]), on=ON, layer="cn-3699")
        assert rules is not None
        assert (rules.scope, rules.withdrawn_count) == (Scope.PLACE, False)
