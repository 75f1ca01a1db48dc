"""Units over time: renamed, merged, split, dissolved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gongkai.domain.organizations.resolve import Match
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.orgs.models import Unit, UnitLineage, UnitName
from gongkai.kernel.orgs.selectors import change_preview, unit_list, unit_resolve
from gongkai.kernel.orgs.services import (
    NewUnit,
    unit_alias_add,
    unit_create,
    unit_dissolve,
    unit_merge,
    unit_rename,
    unit_split,
    unit_update,
)
from tests.kernel.orgs.house import NOW, SYSTEM, TODAY, House, found

CHANGE = date(2024, 6, 1)


class TestUnitRename:
    def rename(self, house: House, **more: object) -> Unit:
        arguments = {"name": "甲市农业农村和乡村振兴局", "on": CHANGE, "short_name": "市农振局", **more}
        return unit_rename(
            actor=SYSTEM,
            unit_id=house["甲市农业农村局"].pk,
            now=NOW,
            basis="甲编发〔2024〕3号",
            **arguments,  # type: ignore[arg-type]
        )

    def test_keeps_the_old_name_with_its_last_day(self, house: House) -> None:
        unit = self.rename(house)
        names = [(n.name, n.from_on, n.until_on) for n in UnitName.objects.filter(unit=unit)]
        assert names == [
            ("甲市农业农村局", None, CHANGE - timedelta(days=1)),
            ("甲市农业农村和乡村振兴局", CHANGE, None),
        ]
        assert (unit.name, unit.short_name) == ("甲市农业农村和乡村振兴局", "市农振局")
        assert unit.sort_key.startswith("jia3 shi4 nong2")

    def test_resolves_each_name_on_its_own_days(self, house: House) -> None:
        unit = self.rename(house)
        before, after = CHANGE - timedelta(days=1), CHANGE
        assert unit_resolve(phrase="甲市农业农村局", on=before).match is Match.EXACT
        later = unit_resolve(phrase="市农业农村局", on=after)
        assert (later.unit, later.match) == (unit, Match.HISTORIC)
        assert unit_resolve(phrase="市农振局", on=after).match is Match.ALIAS
        assert unit_resolve(phrase="市农振局", on=before).unit is None

    def test_writes_lineage_and_audit(self, house: House) -> None:
        unit = self.rename(house)
        line = UnitLineage.objects.get()
        assert (line.kind, line.source, line.target, line.on) == ("renamed", unit, unit, CHANGE)
        entry = Entry.objects.get(action="orgs.unit.rename")
        assert (entry.target_id, "更名为" in entry.summary) == (str(unit.pk), True)

    def test_a_township_may_become_a_street(self, house: House) -> None:
        town = house["西岭乡人民政府"]
        unit_rename(actor=SYSTEM, unit_id=town.pk, name="西岭街道办事处", kind="street", on=CHANGE, now=NOW)
        assert Unit.objects.get(pk=town.pk).kind == "street"
        assert [n.kind for n in town.names.all()] == ["town", "street"]

    @pytest.mark.parametrize(
        ("name", "on", "codes"),
        [
            ("甲市农业农村局", CHANGE, ["orgs.name.same"]),
            ("甲市新局", TODAY + timedelta(days=1), ["orgs.change.future"]),
            ("甲市水利局", CHANGE, ["orgs.name.taken"]),
            ("", CHANGE, ["orgs.name.missing"]),
            ("甲市农业农村局", TODAY + timedelta(days=9), ["orgs.name.same", "orgs.change.future"]),
        ],
    )
    def test_refuses_with_every_reason(self, house: House, name: str, on: date, codes: list[str]) -> None:
        with pytest.raises(Refused) as refused:
            self.rename(house, name=name, on=on, short_name="")
        assert refused.value.codes() == codes
        assert all(refused.value.sentences())
        assert house["甲市农业农村局"].names.count() == 1

    def test_refuses_a_second_name_before_the_first(self, house: House) -> None:
        unit = self.rename(house)
        with pytest.raises(Refused) as refused:
            unit_rename(actor=SYSTEM, unit_id=unit.pk, name="甲市农牧局", on=CHANGE, now=NOW)
        assert refused.value.codes() == ["orgs.change.too_early"]

    def test_an_outsider_may_not(self, house: House) -> None:
        with pytest.raises(NotPermitted):
            unit_rename(
                actor=Actor(user_id=1, name="某人"),
                unit_id=house["甲市水利局"].pk,
                name="甲市水务局",
                on=CHANGE,
                now=NOW,
            )


class TestUnitMerge:
    def test_into_a_unit_that_exists(self, house: House) -> None:
        office = found("办公室", "internal_office", house["甲市水利局"])
        target = unit_merge(
            actor=SYSTEM, source_ids=[house["甲市水利局"].pk], into=house["甲市农业农村局"].pk, on=CHANGE, now=NOW
        )
        gone = house["甲市水利局"]
        assert gone.dissolved_on == CHANGE
        office.refresh_from_db()
        assert office.parent == target
        assert unit_resolve(phrase="市水利局", on=CHANGE).unit == target
        assert unit_resolve(phrase="市水利局", on=CHANGE - timedelta(days=1)).unit == gone
        assert gone not in unit_list(actor=SYSTEM, on=CHANGE)
        assert gone in unit_list(actor=SYSTEM, on=CHANGE - timedelta(days=1))

    def test_into_a_new_unit(self, house: House) -> None:
        sources = [house["甲市水利局"].pk, house["甲市农业农村局"].pk]
        new = NewUnit(kind="department", name="甲市农业农村和水利局", parent_id=house.top.pk, short_name="市农水局")
        target = unit_merge(actor=SYSTEM, source_ids=sources, into=new, on=CHANGE, now=NOW)
        assert target.founded_on == CHANGE
        assert [n.from_on for n in target.names.all()] == [CHANGE]
        assert {line.source_id for line in UnitLineage.objects.filter(kind="merged")} == set(sources)
        assert unit_resolve(phrase="市农业农村局", on=TODAY).unit == target

    def test_refuses_itself_and_what_is_gone(self, house: House) -> None:
        unit_dissolve(actor=SYSTEM, unit_id=house["甲市融媒体中心"].pk, on=CHANGE, now=NOW)
        with pytest.raises(Refused) as refused:
            unit_merge(
                actor=SYSTEM,
                source_ids=[house["甲市融媒体中心"].pk, house["甲市水利局"].pk],
                into=house["甲市水利局"].pk,
                on=CHANGE,
                now=NOW,
            )
        assert sorted(refused.value.codes()) == ["orgs.change.gone", "orgs.change.itself"]
        assert house["甲市水利局"].dissolved_on is None

    def test_refuses_children_that_cannot_move_along(self, house: House) -> None:
        with pytest.raises(Refused) as refused:
            unit_merge(
                actor=SYSTEM, source_ids=[house["东湾镇人民政府"].pk], into=house["甲市水利局"].pk, on=CHANGE, now=NOW
            )
        assert refused.value.codes() == ["orgs.parent.kind"]


class TestUnitSplit:
    def test_into_two(self, house: House) -> None:
        source = house["甲市农业农村局"]
        parts = [
            NewUnit(kind="department", name="甲市农业局", parent_id=house.top.pk),
            NewUnit(kind="department", name="甲市乡村局", parent_id=house.top.pk),
        ]
        units = unit_split(actor=SYSTEM, source_id=source.pk, into=parts, on=CHANGE, now=NOW)
        answer = unit_resolve(phrase="甲市农业农村局", on=CHANGE)
        assert answer.kind == "ambiguous"
        assert {unit for unit, _ in answer.candidates} == set(units)

    def test_off_from_a_unit_that_stays(self, house: House) -> None:
        source = house["甲市农业农村局"]
        part = NewUnit(kind="department", name="甲市畜牧局", parent_id=house.top.pk)
        unit_split(actor=SYSTEM, source_id=source.pk, into=[part], on=CHANGE, now=NOW, keep=True)
        assert unit_resolve(phrase="市农业农村局", on=CHANGE).unit == source

    def test_needs_a_successor(self, house: House) -> None:
        with pytest.raises(Refused) as refused:
            unit_split(actor=SYSTEM, source_id=house["甲市水利局"].pk, into=[], on=CHANGE, now=NOW)
        assert refused.value.codes() == ["orgs.change.no_target"]


class TestUnitDissolve:
    def test_refuses_while_units_stand_under_it(self, house: House) -> None:
        with pytest.raises(Refused) as refused:
            unit_dissolve(actor=SYSTEM, unit_id=house["东湾镇人民政府"].pk, on=CHANGE, now=NOW)
        assert "东湾村村民委员会" in str(refused.value)

    def test_preview_names_the_consequences(self, house: House) -> None:
        preview = change_preview(actor=SYSTEM, unit_ids=[house["东湾镇人民政府"].pk], on=CHANGE)
        assert [unit.name for unit in preview.children] == ["东湾村村民委员会"]


class TestUnitCreate:
    def create(self, house: House, **more: object) -> Unit:
        arguments = {"kind": "department", "name": "甲市商务局", "parent_id": house.top.pk, **more}
        return unit_create(actor=SYSTEM, new=NewUnit(**arguments), now=NOW)  # type: ignore[arg-type]

    def test_tidies_the_name(self, house: House) -> None:
        assert self.create(house, name=" 甲市 商务局(口岸办) ").name == "甲市商务局（口岸办）"

    @pytest.mark.parametrize(
        ("more", "codes"),
        [
            ({"name": "甲市财政局"}, ["orgs.name.taken"]),
            ({"name": " 甲市财 政局"}, ["orgs.name.taken"]),
            ({"aliases": ["甲市财政局"]}, ["orgs.alias.taken"]),
            ({"parent_id": None}, ["orgs.parent.missing"]),
            ({"kind": "government", "name": "乙县人民政府", "division_code": "36073"}, ["orgs.code.shape"]),
            ({"kind": "town", "name": "乙镇人民政府", "division_code": "360731101"}, ["orgs.code.outside"]),
            ({"kind": "town", "name": "乙镇人民政府", "division_code": "360783101"}, ["orgs.code.taken"]),
            (
                {"founded_on": date(2024, 1, 2), "dissolved_on": date(2024, 1, 2), "division_code": "999999"},
                ["orgs.dates.order", "orgs.code.shape"],
            ),
        ],
    )
    def test_tells_everything_that_is_wrong(self, house: House, more: dict[str, object], codes: list[str]) -> None:
        with pytest.raises(Refused) as refused:
            self.create(house, **more)
        assert refused.value.codes() == codes

    def test_a_name_is_free_again_after_its_unit_is_gone(self, house: House) -> None:
        unit_dissolve(actor=SYSTEM, unit_id=house["甲市水利局"].pk, on=CHANGE, now=NOW)
        assert self.create(house, name="甲市水利局", founded_on=CHANGE).pk

    def test_a_unit_cannot_stand_under_itself(self, house: House) -> None:
        office = found("办公室", "internal_office", house["甲市水利局"])
        with pytest.raises(Refused) as refused:
            unit_update(actor=SYSTEM, unit_id=house["甲市水利局"].pk, fields={"parent_id": office.pk}, now=NOW)
        assert refused.value.codes() == ["orgs.parent.cycle"]

    def test_an_alias_names_one_unit_only(self, house: House) -> None:
        unit_alias_add(actor=SYSTEM, unit_id=house["甲市融媒体中心"].pk, text="市融媒", now=NOW)
        with pytest.raises(Refused) as refused:
            unit_alias_add(actor=SYSTEM, unit_id=house["甲市水利局"].pk, text="市融媒", now=NOW)
        assert refused.value.codes() == ["orgs.alias.taken"]
        assert unit_resolve(phrase="市融媒", on=TODAY).unit == house["甲市融媒体中心"]
