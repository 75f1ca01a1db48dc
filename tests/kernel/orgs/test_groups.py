"""Phrases and groups against the database: one load of names, groups kept linked, members asked on a date."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.organizations.groups import GroupRule, Reach
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import UnitGroup
from gongkai.kernel.orgs.selectors import (
    group_members,
    groups_members,
    rule_members,
    unit_ancestor_ids,
    unit_descendant_ids,
    unit_resolve,
    unit_resolve_many,
)
from gongkai.kernel.orgs.services import (
    group_create,
    group_ensure,
    group_member_add,
    group_phrase_add,
    group_update,
    unit_alias_add,
    unit_dissolve,
    unit_rename,
)
from tests.kernel.orgs.house import NOW, SYSTEM, TODAY, House, found


class TestUnitResolve:
    def test_phrases_of_a_plan(self, house: House) -> None:
        answers = unit_resolve_many(
            phrases=["市发改委", "市税务局", "西岭乡", "各乡镇人民政府", "各有关单位", "市没有局", "市水利局"], on=TODAY
        )
        kinds = {phrase: answer.kind for phrase, answer in answers.items()}
        assert kinds == {
            "市发改委": "unit",
            "市税务局": "unit",
            "西岭乡": "unit",
            "各乡镇人民政府": "group",
            "各有关单位": "group",
            "市没有局": "unknown",
            "市水利局": "unit",
        }
        assert answers["市发改委"].unit == house["甲市发展和改革委员会"]

    def test_the_number_of_queries_does_not_grow(self, house: House) -> None:
        with CaptureQueriesContext(
            connection,
        ) as few:
            unit_resolve_many(phrases=["市发改委"], on=TODAY)
        for number in range(30):
            found(f"甲市第{number}中心", "public_institution", house.top)
        with CaptureQueriesContext(connection) as many:
            unit_resolve_many(phrases=[f"市第{n}中心" for n in range(30)] + ["各乡镇", "各部门"], on=TODAY)
        assert len(many) <= len(few) + 1

    def test_an_alias_counts_while_it_holds(self, house: House) -> None:
        unit = house["甲市融媒体中心"]
        unit_alias_add(
            actor=SYSTEM,
            unit_id=unit.pk,
            text="甲市电台",
            from_on=date(2020, 1, 1),
            until_on=date(2021, 12, 31),
            now=NOW,
        )
        assert unit_resolve(phrase="甲市电台", on=date(2021, 1, 1)).unit == unit
        assert unit_resolve(phrase="甲市电台", on=date(2019, 1, 1)).unit is None

    def test_a_phrase_on_file_leads_to_its_group(self, house: House) -> None:
        group = group_create(
            actor=SYSTEM,
            name="试点单位",
            home_id=house.top.pk,
            rule=GroupRule(),
            phrases=["涉及试点的市政府部门"],
            now=NOW,
        )
        assert unit_resolve(phrase="涉及试点的市政府部门", on=TODAY).group == group

    def test_tree_ids(self, house: House) -> None:
        town, village = house["东湾镇人民政府"], house["东湾村村民委员会"]
        assert unit_descendant_ids(unit_id=town.pk) == {town.pk, village.pk}
        assert unit_descendant_ids(unit_id=town.pk, include_self=False) == {village.pk}
        assert unit_ancestor_ids(unit_id=village.pk) == (town.pk, house.top.pk)


class TestGroupEnsure:
    def ensure(self, house: House, phrase: str) -> UnitGroup:
        return group_ensure(actor=SYSTEM, phrase=phrase, home_id=house.top.pk, on=TODAY, now=NOW)

    def test_two_wordings_are_one_group(self, house: House) -> None:
        first = self.ensure(house, "各乡镇人民政府")
        assert self.ensure(house, "各乡镇") == first
        assert self.ensure(house, "各乡镇人民政府") == first
        assert [phrase.text for phrase in first.phrases.all()] == ["各乡镇人民政府", "各乡镇"]
        assert unit_resolve(phrase="各乡（镇）人民政府", on=TODAY).group == first

    def test_the_rest_is_another_group_than_all(self, house: House) -> None:
        every, rest = self.ensure(house, "各乡镇"), self.ensure(house, "其余乡镇人民政府")
        assert every != rest
        town = house["西岭乡人民政府"]
        assert [u.name for u in group_members(group=rest, on=TODAY, without=[town.pk])] == ["东湾镇人民政府"]
        assert len(group_members(group=every, on=TODAY, without=[town.pk])) == 2

    def test_what_only_describes_is_a_group_without_members(self, house: House) -> None:
        group = self.ensure(house, "各政务新媒体开设单位")
        assert group.group_rule.open
        assert group_members(group=group, on=TODAY) == []
        assert self.ensure(house, "各政务新媒体开设单位") == group
        assert self.ensure(house, "各有关单位") != group

    def test_the_name_of_a_unit_is_refused(self, house: House) -> None:
        with pytest.raises(Refused) as refused:
            self.ensure(house, "市财政局")
        assert refused.value.codes() == ["orgs.group.not_a_group"]

    def test_a_disclosure_office_may_and_a_drafter_may_not(self, house: House) -> None:
        office = Actor(user_id=1, name="甲", grants=frozenset({(Role.DISCLOSURE_OFFICE, house["甲市财政局"].pk)}))
        drafter = Actor(user_id=2, name="乙", grants=frozenset({(Role.DRAFTER, house["甲市财政局"].pk)}))
        with pytest.raises(NotPermitted):
            group_ensure(actor=drafter, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        assert group_ensure(actor=office, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW).pk


class TestGroupMembers:
    def test_are_asked_on_a_date(self, house: House) -> None:
        group = group_ensure(actor=SYSTEM, phrase="市政府各部门", home_id=house.top.pk, on=TODAY, now=NOW)
        assert len(group_members(group=group, on=TODAY)) == 5
        unit_dissolve(actor=SYSTEM, unit_id=house["甲市水利局"].pk, on=date(2024, 6, 1), now=NOW)
        found("甲市数据局", "department", house.top, founded_on=date(2024, 9, 1))
        assert "甲市水利局" in [u.name for u in group_members(group=group, on=date(2024, 5, 31))]
        names = [u.name for u in group_members(group=group, on=date(2024, 6, 1))]
        assert "甲市水利局" not in names
        assert "甲市数据局" not in names
        assert "甲市数据局" in [u.name for u in group_members(group=group, on=date(2024, 9, 1))]

    def test_a_township_counts_as_one_until_it_becomes_a_street(self, house: House) -> None:
        group = group_ensure(actor=SYSTEM, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        town = house["西岭乡人民政府"]
        unit_rename(actor=SYSTEM, unit_id=town.pk, name="西岭街道办事处", kind="street", on=date(2024, 6, 1), now=NOW)
        assert town in group_members(group=group, on=date(2024, 5, 31))
        assert town not in group_members(group=group, on=date(2024, 6, 1))

    def test_listed_members_come_and_go(self, house: House) -> None:
        group = group_ensure(actor=SYSTEM, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        office, town = house["甲市融媒体中心"], house["西岭乡人民政府"]
        group_member_add(actor=SYSTEM, group_id=group.pk, unit_id=office.pk, from_on=date(2024, 7, 1), now=NOW)
        group_member_add(
            actor=SYSTEM, group_id=group.pk, unit_id=town.pk, excluded=True, until_on=date(2024, 7, 31), now=NOW
        )
        july = {u.name for u in group_members(group=group, on=date(2024, 7, 15))}
        august = {u.name for u in group_members(group=group, on=date(2024, 8, 1))}
        assert july == {"东湾镇人民政府", "甲市融媒体中心"}
        assert august == july | {"西岭乡人民政府"}
        with pytest.raises(Refused):
            group_member_add(actor=SYSTEM, group_id=group.pk, unit_id=office.pk, now=NOW)

    def test_many_groups_cost_as_many_queries_as_one(self, house: House) -> None:
        groups = [
            group_ensure(actor=SYSTEM, phrase=phrase, home_id=house.top.pk, on=TODAY, now=NOW)
            for phrase in ("各乡镇", "市政府各部门", "驻市各单位")
        ]
        with CaptureQueriesContext(connection) as one:
            groups_members(groups=groups[:1], on=TODAY)
        with CaptureQueriesContext(connection) as three:
            members = groups_members(groups=groups, on=TODAY)
        assert len(one) == len(three)
        assert [len(members[g.pk]) for g in groups] == [2, 5, 1]

    def test_a_rule_can_be_looked_at_before_it_is_on_file(self, house: House) -> None:
        answer = unit_resolve(phrase="各村（社区）", on=TODAY)
        assert answer.group is None
        assert answer.rule is not None
        assert answer.home == house.top
        units = rule_members(rule=answer.rule, home_id=house.top.pk, on=TODAY)
        assert [u.name for u in units] == ["东湾村村民委员会"]


class TestGroupUpdate:
    def test_changes_rule_and_name(self, house: House) -> None:
        group = group_ensure(actor=SYSTEM, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        rule = GroupRule(("town", "village"), Reach.ALL)
        group = group_update(actor=SYSTEM, group_id=group.pk, fields={"rule": rule, "name": "镇村"}, now=NOW)
        assert len(group_members(group=group, on=TODAY)) == 3
        assert unit_resolve(phrase="镇村", on=TODAY).group == group

    def test_refuses_what_is_wrong_with_all_reasons(self, house: House) -> None:
        group_ensure(actor=SYSTEM, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        with pytest.raises(Refused) as refused:
            group_create(
                actor=SYSTEM,
                name="各乡镇",
                home_id=house.top.pk,
                rule=GroupRule(("planet",)),
                phrases=["各乡镇"],
                now=NOW,
            )
        codes = ["orgs.group.kind_unknown", "orgs.group.name_taken", "orgs.group.phrase_taken"]
        assert sorted(refused.value.codes()) == codes

    def test_a_phrase_belongs_to_one_group(self, house: House) -> None:
        first = group_ensure(actor=SYSTEM, phrase="各乡镇", home_id=house.top.pk, on=TODAY, now=NOW)
        second = group_ensure(actor=SYSTEM, phrase="市政府各部门", home_id=house.top.pk, on=TODAY, now=NOW)
        with pytest.raises(Refused) as refused:
            group_phrase_add(actor=SYSTEM, group_id=second.pk, phrase="各乡镇", now=NOW)
        assert first.name in str(refused.value)
