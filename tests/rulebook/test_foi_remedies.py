"""Who reconsiders and which court hears: the law's table for every kind, the place's own names with their days."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.dispositions import Route
from gongkai.domain.foi.remedies import IssuerKind, Role
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi_remedies import remedy_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)


def own(folder: Path, text: str) -> Rulebook:
    (folder / "cn-3699").mkdir()
    (folder / "cn-3699" / "foi.yaml").write_text(text, encoding="utf-8")
    return Rulebook.load([folder])


class TestShippedRemedies:
    def test_know_every_kind_of_issuer_and_the_periods_of_the_law(self) -> None:
        rules = remedy_rules(shipped(), on=ON)
        assert rules is not None
        assert set(rules.issuers) == set(IssuerKind)
        assert (str(rules.review), str(rules.suit), str(rules.suit_after_review)) == ("60日", "6个月", "15日")
        assert all(rule.basis and (rule.verified or rule.note) for rule in rules.issuers.values())
        assert rules.overdue is Route.FREE_CHOICE

    def test_no_kind_but_vertical_organs_has_the_superior_department(self) -> None:
        rules = remedy_rules(shipped(), on=ON)
        assert rules is not None
        superior = {k for k, rule in rules.issuers.items() if Role.UPPER_AUTHORITY in (rule.organ, rule.or_organ)}
        assert superior == {IssuerKind.VERTICAL}

    def test_there_are_none_before_2024(self) -> None:
        assert remedy_rules(shipped(), on=date(2023, 12, 31)) is None
        assert remedy_rules(shipped(), on=date(2024, 1, 1)) is not None


class TestNamesOfAPlace:
    TEXT = """
layer: cn-3699
rules:
  - id: foi.remedies.places
    kind: local
    versions:
      - in_force_from: 2024-01-01
        in_force_until: 2026-06-30
        values: {own_government: 青麓市人民政府, basic_court: 青麓市人民法院}
        citations: [本单位核定]
        status: verified
      - in_force_from: 2026-07-01
        values: {own_government: 青麓市人民政府, basic_court: 云州铁路运输法院}
        citations: [关于集中管辖的公告]
        status: verified
  - id: foi.remedies.unsettled
    kind: local
    versions:
      - in_force_from: 2024-01-01
        values: {tell: false}
        citations: [本单位法制机构意见]
        status: verified
"""

    def test_change_on_the_day_a_jurisdiction_changes(self, tmp_path: Path) -> None:
        book = own(tmp_path, self.TEXT)
        before = remedy_rules(book, on=date(2026, 6, 30), layer="cn-3699")
        after = remedy_rules(book, on=date(2026, 7, 1), layer="cn-3699")
        assert before is not None
        assert after is not None
        assert before.names[Role.BASIC_COURT] == "青麓市人民法院"
        assert after.names[Role.BASIC_COURT] == "云州铁路运输法院"
        assert not after.unsettled_told

    def test_what_cannot_be_read_is_told_at_once(self, tmp_path: Path) -> None:
        text = self.TEXT.replace(
            "own_government: 青麓市人民政府", "own_goverment: 青麓市, upper_government: 7"
        ).replace("tell: false", "tell: perhaps")
        with pytest.raises(RulebookInvalid) as caught:
            remedy_rules(own(tmp_path, text), on=ON, layer="cn-3699")
        told = [describe(issue) for issue in caught.value.issues]
        assert len(told) == 3
        assert any("own_goverment" in sentence for sentence in told)
