"""Figures by the interface: as the pages count them, of one unit or all, within the bounds of the token."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.utils import timezone

from gongkai.features.foi.selectors.figures import year_figures
from tests.factories.foi import Desk
from tests.features.foi.api.conftest import Sender

FIGURES = "foi_figures_read"


class TestFigures:
    def test_are_those_of_the_pages(self, sender: Sender) -> None:
        desk = sender.desk
        desk.granted(desk.today)
        desk.taken()
        told = sender.get("figures/", FIGURES)
        counted = year_figures(year=desk.today.year)
        assert (told["replied"], told["in_time"]) == (counted.replied, counted.in_time)
        assert told["received"] == 2 and told["unit"] is None
        assert told["applications"] is None and told["consistent"] is None

    def test_what_might_point_at_a_person_is_told_together(self, sender: Sender) -> None:
        for _ in range(3):
            sender.desk.taken()
        channels = sender.get("figures/", FIGURES)["channels"]
        assert {one["number"] for one in channels["items"]} == {None} and channels["together"] == 3

    def test_of_a_year_that_is_over_both_tables_are_told(self, sender: Sender) -> None:
        year = sender.desk.today.year - 1
        sender.desk.granted(date(year, 3, 3))
        told = sender.get("figures/", FIGURES, year=year)
        rows = {row["code"]: row["numbers"]["total"] for row in told["applications"]}
        assert rows["new_received"] == 1 and told["disputes"] and told["consistent"] is True

    def test_of_one_unit(self, sender: Sender) -> None:
        sender.desk.taken()
        assert sender.get("figures/", FIGURES, unit=sender.desk.unit.pk)["received"] == 1
        assert sender.get("figures/", FIGURES, unit=sender.desk.world.finance.pk)["received"] == 0

    def test_a_system_of_one_unit_reads_its_own_only(self, desk: Desk, connect: Callable[..., Sender]) -> None:
        desk.taken()
        own = connect("财政局系统", unit_id=desk.world.finance.pk)
        told = own.get("figures/", FIGURES)
        assert (told["received"], told["unit"]["id"]) == (0, desk.world.finance.pk)
        own.get("figures/", FIGURES, 400, unit=desk.unit.pk)

    @pytest.mark.parametrize("query", ["year=2020", "year=x", "unit=0", "unit=999999", "month=3"])
    def test_wrong_parameters_are_told(self, sender: Sender, query: str) -> None:
        sender.get(f"figures/?{query}", FIGURES, 400)

    def test_a_year_that_has_not_come_is_none(self, sender: Sender) -> None:
        sender.get("figures/", FIGURES, 400, year=timezone.localdate().year + 1)


class TestWords:
    def test_units_are_those_that_can_be_asked(self, sender: Sender) -> None:
        names = {one["name"] for one in sender.get("units/", "foi_units_list")["items"]}
        assert sender.desk.unit.name in names and sender.desk.world.village.name not in names

    def test_the_vocabulary_says_what_is_not_verified(self, sender: Sender) -> None:
        told = sender.get("vocabulary/", "foi_vocabulary_read")
        assert told["channels_status"] == "unverified" and told["channels_note"]
        assert {one["code"] for one in told["channels"]} == {"online", "oral", "email", "fax", "sent_to_wrong_unit"}
        assert all(one["receipt"] for one in told["channels"])
