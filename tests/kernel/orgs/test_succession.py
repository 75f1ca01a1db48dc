"""What became of a unit, in words; and the events that tell it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import TestCase

from gongkai.kernel.events import bus, subscribe
from gongkai.kernel.orgs.events import UnitsMerged, UnitSplit
from gongkai.kernel.orgs.services import NewUnit, unit_dissolve, unit_merge, unit_rename, unit_split
from gongkai.kernel.orgs.succession import unit_successions
from tests.kernel.orgs.house import NOW, SYSTEM, TODAY, House

BEFORE = date(2020, 1, 1)
FIRST, SECOND = date(2023, 6, 1), date(2024, 6, 1)


def words(unit_id: int, since: date = BEFORE, on: date = TODAY) -> list[str]:
    return [step.words for step in unit_successions(unit_id=unit_id, since=since, on=on)]


class TestUnitSuccessions:
    def test_tells_nothing_of_a_unit_that_did_not_change(self, house: House) -> None:
        assert words(house["甲市财政局"].pk) == []

    def test_follows_a_unit_that_was_renamed_and_then_merged(self, house: House) -> None:
        unit = house["甲市水利局"]
        unit_rename(actor=SYSTEM, unit_id=unit.pk, name="甲市水务局", on=FIRST, now=NOW)
        unit_merge(actor=SYSTEM, source_ids=[unit.pk], into=house["甲市农业农村局"].pk, on=SECOND, now=NOW)
        assert words(unit.pk) == ["更名为甲市水务局", "并入甲市农业农村局"]
        assert words(unit.pk, since=FIRST) == ["并入甲市农业农村局"]
        assert words(unit.pk, on=SECOND - timedelta(days=1)) == ["更名为甲市水务局"]

    def test_goes_on_with_the_successor(self, house: House) -> None:
        unit, heir = house["甲市水利局"], house["甲市农业农村局"]
        unit_merge(actor=SYSTEM, source_ids=[unit.pk], into=heir.pk, on=FIRST, now=NOW)
        unit_rename(actor=SYSTEM, unit_id=heir.pk, name="甲市农业农村和水利局", on=SECOND, now=NOW)
        assert words(unit.pk) == ["并入甲市农业农村局", "更名为甲市农业农村和水利局"]

    def test_names_every_part_of_a_split_and_stops_there(self, house: House) -> None:
        unit = house["甲市水利局"]
        parts = [NewUnit(kind="department", name=f"甲市{name}局", parent_id=house.top.pk) for name in ("供水", "防汛")]
        unit_split(actor=SYSTEM, source_id=unit.pk, into=parts, on=FIRST, now=NOW)
        assert words(unit.pk) == ["拆分为甲市供水局、甲市防汛局"]

    def test_tells_what_was_set_up_beside_it(self, house: House) -> None:
        unit = house["甲市水利局"]
        part = NewUnit(kind="department", name="甲市供水局", parent_id=house.top.pk)
        unit_split(actor=SYSTEM, source_id=unit.pk, into=[part], on=FIRST, now=NOW, keep=True)
        assert words(unit.pk) == ["分设甲市供水局"]

    def test_tells_of_an_end(self, house: House) -> None:
        unit = house["甲市融媒体中心"]
        unit_dissolve(actor=SYSTEM, unit_id=unit.pk, on=FIRST, now=NOW)
        assert words(unit.pk) == ["撤销"]


told: list[object] = []


def hear(event: object) -> None:
    told.append(event)


class TestEvents:
    @pytest.fixture(autouse=True)
    def listening(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(bus, "_listeners", {})
        told.clear()
        subscribe(UnitsMerged, hear)
        subscribe(UnitSplit, hear)

    def test_a_merger_is_told(self, house: House) -> None:
        gone, heir = house["甲市水利局"], house["甲市财政局"]
        with TestCase.captureOnCommitCallbacks(execute=True):
            unit_merge(actor=SYSTEM, source_ids=[gone.pk], into=heir.pk, on=FIRST, now=NOW)
        assert told == [UnitsMerged((gone.pk,), heir.pk, FIRST)]

    def test_a_split_is_told(self, house: House) -> None:
        unit = house["甲市水利局"]
        part = NewUnit(kind="department", name="甲市供水局", parent_id=house.top.pk)
        with TestCase.captureOnCommitCallbacks(execute=True):
            [new] = unit_split(actor=SYSTEM, source_id=unit.pk, into=[part], on=FIRST, now=NOW)
        assert told == [UnitSplit(unit.pk, (new.pk,), False, FIRST)]
