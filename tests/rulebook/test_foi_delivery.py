"""Delivery as the rulebook has it: every way and end, each with its basis, unverified ones with a note; a place may decide."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gongkai.domain.foi.delivering import End
from gongkai.domain.foi.model import Delivery
from gongkai.rulebook import Rulebook, RulebookInvalid, shipped
from gongkai.rulebook.foi_delivery import delivery_rules
from gongkai.rulebook.messages import describe

ON = date(2026, 11, 20)
NOTICE = """layer: cn-3699
rules:
  - id: foi.delivery.end.notice
    title: 公告送达
    kind: internal
    actor: organ
    versions:
      - in_force_from: 2025-01-01
        values: VALUES
        citations: [青麓市政务公开工作规则]
        status: verified
"""


def own(folder: Path, values: str) -> Rulebook:
    (folder / "cn-3699").mkdir()
    (folder / "cn-3699" / "foi.yaml").write_text(NOTICE.replace("VALUES", values), encoding="utf-8")
    return Rulebook.load([folder])


class TestShippedDelivery:
    def test_knows_every_way_and_end_with_a_basis(self) -> None:
        rules = delivery_rules(shipped(), on=ON)
        assert set(rules.ways) == set(Delivery) and set(rules.ends) == set(End)
        assert all(rule.basis and rule.proof for rule in rules.ways.values())
        assert all(rule.basis for rule in rules.ends.values())
        assert all(rule.verified or rule.note for rule in rules.ways.values())
        assert all(End.RETURNED in rules.ends_of(way) for way in Delivery)


class TestOwn:
    def test_a_place_opens_public_notice_from_its_day_on(self, tmp_path: Path) -> None:
        book = own(tmp_path, "{allowed: true, noted: 公告的载体, days: 30}")
        assert End.NOTICE in delivery_rules(book, on=ON, layer="cn-3699").ends_of(Delivery.POST)
        assert End.NOTICE not in delivery_rules(book, on=date(2024, 6, 1), layer="cn-3699").ends_of(Delivery.POST)

    def test_a_rule_of_another_form_is_told_with_its_place(self, tmp_path: Path) -> None:
        book = own(tmp_path, "{allowed: maybe, after: 3}")
        with pytest.raises(RulebookInvalid) as invalid:
            delivery_rules(book, on=ON, layer="cn-3699")
        told = " ".join(describe(issue) for issue in invalid.value.issues)
        assert "foi.delivery.end.notice" in told and "allowed" in told and "after" in told
