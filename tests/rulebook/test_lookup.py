"""Asking the rulebook: value and basis by day and place."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai import rulebook
from gongkai.domain.deadlines import Effect, Unit
from gongkai.rulebook import NotInForce, UnknownRule
from gongkai.rulebook.schema import Status

ON = date(2024, 10, 8)


class TestValue:
    def test_returns_the_value_and_its_basis(self) -> None:
        value = rulebook.value("foi.reply", on=ON)
        assert (value.limit, value.unit, value.status) == (20, Unit.WORKING_DAY, Status.VERIFIED)
        (basis,) = value.basis
        assert basis.citation == "《中华人民共和国政府信息公开条例》第三十三条第二款"
        assert (basis.rule, basis.layer, basis.in_force_from) == ("foi.reply", "cn", "2019-05-15")

    def test_local_target_stands_beside_the_statutory_value(self) -> None:
        value = rulebook.value("foi.reply", on=ON, layer="cn-360783")
        assert (value.limit, value.target, value.layer) == (20, 14, "cn")
        assert value.target_basis[0].layer == "cn-360783"
        assert "龙府办字〔2024〕36号" in value.target_basis[0].citation

    def test_a_layer_without_rules_inherits(self) -> None:
        assert rulebook.value("inquiries.reply", on=ON, layer="cn-360783101").limit == 5

    def test_local_number_takes_the_place_of_a_suggestion(self) -> None:
        national = rulebook.value("inquiries.reply", on=ON)
        local = rulebook.value("inquiries.reply", on=ON, layer="cn-3607")
        assert (national.limit, national.number, national.status) == (None, 5, Status.UNVERIFIED)
        assert (local.limit, local.layer, local.status) == (5, "cn-3607", Status.VERIFIED)

    @pytest.mark.parametrize(("on", "limit"), [(date(2019, 5, 14), 15), (date(2019, 5, 15), 20)])
    def test_answers_for_the_day_asked(self, on: date, limit: int) -> None:
        assert rulebook.value("foi.reply", on=on).limit == limit

    def test_a_case_keeps_the_version_it_began_under(self) -> None:
        began = rulebook.value("foi.reply", on=date(2019, 5, 10))
        assert began.in_force_from == date(2008, 5, 1)
        assert rulebook.value("foi.reply", on=began.in_force_from) == began

    def test_not_yet_in_force(self) -> None:
        with pytest.raises(NotInForce):
            rulebook.value("foi.payment", on=date(2020, 12, 31))

    def test_unknown_rule_lists_what_looks_alike(self) -> None:
        with pytest.raises(UnknownRule) as unknown:
            rulebook.value("foi.rely", on=ON)
        assert unknown.value.close[0] == "foi.reply"
        assert "proactive.publish" in unknown.value.known

    def test_a_local_rule_is_unknown_elsewhere(self) -> None:
        with pytest.raises(UnknownRule):
            rulebook.value("policies.interpretation", on=ON, layer="cn-3601")

    def test_named_values(self) -> None:
        assert rulebook.value("workplans.escalation", on=ON).values["unit_leader"] == 1
        assert rulebook.value("foi.receipt", on=ON).values["online"] == "双方确认之日"


class TestClockRule:
    def test_resolves_the_rules_its_facts_refer_to(self) -> None:
        rule = rulebook.clock_rule("foi.reply", on=ON, layer="cn-360783")
        assert (rule.limit, rule.target) == (20, 14)
        extended = rule.facts["extended"]
        assert (extended.effect, extended.at_most, extended.target_at_most) == (Effect.EXTEND, 20, 14)
        sent = rule.facts["consultation_sent"]
        assert sent.pause_limit is not None
        assert (sent.pause_limit.days, sent.pause_limit.counted_from) == (15, "consultation_delivered")
        assert rule.facts["supplement_notice"].within == 7

    def test_shares_the_period_of_another_rule(self) -> None:
        rule = rulebook.clock_rule("foi.fee_notice", on=ON)
        assert (rule.limit, rule.title) == (20, "收费通知")
        assert {basis.rule for basis in rule.basis} == {"foi.fee_notice", "foi.reply"}

    def test_is_built_once(self) -> None:
        assert rulebook.clock_rule("foi.reply", on=ON) is rulebook.clock_rule("foi.reply", on=ON)

    def test_a_rule_without_facts_is_no_clock(self) -> None:
        with pytest.raises(ValueError, match="not a clock"):
            rulebook.clock_rule("foi.extension", on=ON)

    @pytest.mark.parametrize("layer", ["cn", "cn-3607", "cn-360731", "cn-360783"])
    def test_every_clock_of_every_layer_can_be_built(self, layer: str) -> None:
        book = rulebook.shipped()
        for rule_id in book.clock_ids(layer=layer):
            rule = book.clock_rule(rule_id, on=date(2026, 3, 2), layer=layer)
            assert rule.basis
            assert rule.title
