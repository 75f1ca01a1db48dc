"""Phrases that name many units, and who belongs on a date."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.organizations.groups import GroupRule, Member, Reach, members, read_group
from gongkai.domain.organizations.resolve import Directory, Found
from tests.domain.organizations.sample import DEPARTMENTS, LONGNAN, STATIONED, TODAY, county, grammar, prefecture

GRAMMAR = grammar()


def pool(directory: Directory) -> list[Member]:
    found = []
    for unit in directory.by_id.values():
        above = [g for g in directory.governments(unit.id) if g != unit.id]
        found.append(Member(unit.id, unit.kind, unit.name(directory.on), above[0] if above else None, frozenset(above)))
    return found


class TestReadGroup:
    @pytest.mark.parametrize(
        ("phrase", "kinds", "flags"),
        [
            ("各乡镇人民政府", ("town",), ""),
            ("各乡镇", ("town",), ""),
            ("各乡（镇）人民政府", ("town",), ""),
            ("各乡镇、街道", ("town", "street"), ""),
            ("各乡镇、街办", ("town", "street"), ""),
            ("各镇（街道）", ("town", "street"), ""),
            ("各乡镇（街道）", ("town", "street"), ""),
            ("各乡镇（街道、管委会）", ("town", "street", "management_committee"), ""),
            ("各乡镇人民政府、城市社区管委会", ("town", "management_committee"), ""),
            ("其余乡镇人民政府", ("town",), "remainder"),
            ("其他乡镇", ("town",), "remainder"),
            ("市政府各部门", ("department",), ""),
            ("市政府有关部门", ("department",), "selective"),
            ("区政府有关部门", ("department",), "selective"),
            ("区政府各部门", ("department",), ""),
            ("市直各部门", ("department", "party_organ"), ""),
            ("市直各单位", ("department", "party_organ", "public_institution"), ""),
            ("市直有关单位", ("department", "party_organ", "public_institution"), "selective"),
            ("各县（市、区）人民政府", ("government",), ""),
            ("各县（市、区）政府", ("government",), ""),
            ("各县(市、区)", ("government",), ""),
            ("各县区", ("government",), ""),
            ("各区县人民政府", ("government",), ""),
            ("市属、驻市有关单位", ("public_institution", "enterprise", "dispatched_agency"), "selective"),
            ("市属驻市有关单位", ("public_institution", "enterprise", "dispatched_agency"), "selective"),
            ("驻市有关单位", ("dispatched_agency",), "selective"),
            ("驻区有关单位", ("dispatched_agency",), "selective"),
            ("驻市各单位", ("dispatched_agency",), ""),
            ("各村（社区）", ("village",), ""),
            ("各村（居）委会", ("village",), ""),
            ("各有关单位", (), "selective open"),
            ("有关单位", (), "selective open"),
            ("各有关部门", ("department",), "selective"),
            ("各政务新媒体开设单位", (), "selective open"),
            ("各责任单位", (), "open"),
            ("专项政策解读部门", (), "selective open"),
            ("涉及26个国家基层政务公开标准化规范化试点领域的市政府部门", (), "selective open"),
        ],
    )
    def test_reads_the_forms_in_use(self, phrase: str, kinds: tuple[str, ...], flags: str) -> None:
        rule = read_group(phrase, GRAMMAR)
        assert rule is not None
        assert rule.kinds == kinds
        assert (rule.remainder, rule.selective, rule.open) == tuple(
            word in flags.split() for word in ("remainder", "selective", "open")
        )

    @pytest.mark.parametrize(
        "phrase",
        [
            "市发改委",
            "市政府办公室",
            "市公安局",
            "临塘乡",
            "市融媒体中心",
            "城市社区管委会",
            "市供电公司",
            "安基山林场",
            "",
        ],
    )
    def test_the_name_of_one_unit_is_no_group(self, phrase: str) -> None:
        assert read_group(phrase, GRAMMAR) is None

    def test_keeps_the_level_that_the_phrase_names(self) -> None:
        rule = read_group("区政府各部门", GRAMMAR)
        assert rule is not None
        assert rule.level == "区"

    def test_rule_survives_storage(self) -> None:
        rule = GroupRule(("town", "street"), Reach.ALL, selective=True, remainder=True, level="市", name_part="社区")
        assert GroupRule.from_dict(rule.as_dict()) == rule


class TestMembers:
    def expand(self, phrase: str, *, without: tuple[str, ...] = ()) -> set[str | None]:
        house = county()
        directory = house.directory(TODAY)
        answer = directory.resolve(phrase)
        assert answer.found is Found.GROUP
        assert answer.rule is not None
        assert answer.home_id is not None
        ids = members(
            answer.rule, pool(directory), home_id=answer.home_id, without=[house.ids[name] for name in without]
        )
        return {house.name(i) for i in ids}

    def test_all_towns(self) -> None:
        assert self.expand("各乡镇人民政府") == {"临塘乡人民政府", "渡江镇人民政府", "里仁镇人民政府"}

    def test_the_other_towns(self) -> None:
        assert self.expand("其余乡镇人民政府", without=("临塘乡人民政府",)) == {"渡江镇人民政府", "里仁镇人民政府"}

    def test_named_units_stay_in_when_the_phrase_does_not_say_other(self) -> None:
        assert "临塘乡人民政府" in self.expand("各乡镇人民政府", without=("临塘乡人民政府",))

    def test_departments_do_not_include_party_organs_or_stationed_agencies(self) -> None:
        assert self.expand("市政府各部门") == set(DEPARTMENTS)

    def test_stationed_agencies(self) -> None:
        assert self.expand("驻市有关单位") == set(STATIONED)

    def test_place_name_before_the_phrase(self) -> None:
        assert len(self.expand("龙南市各乡镇")) == 3

    def test_lower_governments_keep_their_departments_out(self) -> None:
        house = prefecture()
        directory = house.directory(date(2024, 1, 1))
        rule = read_group("各县（市、区）人民政府", GRAMMAR)
        assert rule is not None
        ids = members(rule, pool(directory), home_id=house.ids["赣州市人民政府"])
        assert {house.name(i) for i in ids} == {LONGNAN, "章贡区人民政府"}

    def test_towns_reach_through_lower_governments(self) -> None:
        house = prefecture()
        rule = read_group("各乡镇（街道）", GRAMMAR)
        assert rule is not None
        ids = members(rule, pool(house.directory()), home_id=house.ids["赣州市人民政府"])
        assert {house.name(i) for i in ids} == {"临塘乡人民政府", "赣江街道办事处"}

    def test_another_level_is_not_taken_for_ours(self) -> None:
        answer = county().directory().resolve("区政府各部门")
        assert answer.found is Found.UNKNOWN
        assert answer.rule is not None
