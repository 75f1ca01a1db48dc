"""The newest of some columns and units: the same lines by either way of finding them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.features.disclosure.selectors import newest
from gongkai.features.disclosure.selectors.newest import Wanted, newest_rows
from gongkai.features.disclosure.services.endings import publication_withdraw
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, World


@pytest.mark.django_db
class TestNewestRows:
    def test_are_the_same_however_many_of_the_latest_are_looked_at_first(self, monkeypatch: pytest.MonkeyPatch) -> None:
        bureau = Bureau(World())
        columns = [("C01",), ("C02",), ("C01-3",), ("C02", "C03"), ("C01",)]
        made = [
            bureau.published(title=f"第{number}号文件", columns=found, now=NOW + timedelta(minutes=number))
            for number, found in enumerate(columns, 1)
        ]
        at = NOW + timedelta(hours=1)
        publication_withdraw(actor=bureau.office, item_id=made[4].pk, kind="withdrawn", reason="核实", now=at)
        unit, other = frozenset({bureau.unit.pk}), frozenset({bureau.world.east.pk})
        for wanted, expected in (
            (Wanted(), [4, 3, 2, 1]),
            (Wanted(("C01",)), [3, 1]),
            (Wanted(("C02",), unit), [4, 2]),
            (Wanted(("C02",), other), []),
            (Wanted((), other, frozenset(), frozenset({made[0].pk})), [1]),
            (Wanted((), None, unit), []),
            (Wanted(("C09",)), []),
        ):
            for latest in (500, 2, 1):
                monkeypatch.setattr(newest, "LATEST", latest)
                rows = newest_rows(wanted=wanted, size=10, at=at)
                assert [row.title for row in rows] == [f"第{number}号文件" for number in expected], (wanted, latest)
            assert len(newest_rows(wanted=wanted, size=1, at=at)) == min(1, len(expected))
