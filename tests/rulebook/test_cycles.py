from __future__ import annotations

from importlib import resources

import pytest

from gongkai.rulebook.cycles import FILE, cycle_rules, read_cycle_rules
from gongkai.rulebook.disclosure import disclosure_rules
from gongkai.rulebook.schema import Status

TEXT = (resources.files("gongkai.rulebook") / "data" / FILE).read_text(encoding="utf-8")


class TestProposed:
    @pytest.mark.parametrize(
        ("code", "name", "days", "status"),
        [
            ("C01", "履职依据/政策", 180, Status.VERIFIED),
            ("C07", "财政预决算", 365, Status.UNVERIFIED),
            ("C11-4", "社会保障", 60, Status.UNVERIFIED),
            ("NEWS", "政务要闻", 14, Status.VERIFIED),
            ("TZ", "通知公告", 180, Status.VERIFIED),
            ("LY", "留言选登", 60, Status.UNVERIFIED),
        ],
    )
    def test_by_code_then_by_name(self, code: str, name: str, days: int, status: Status) -> None:
        found = cycle_rules().proposed(code=code, name=name)
        assert found is not None
        assert (found.days, found.status) == (days, status)
        assert found.citation

    def test_nothing_where_nothing_fits(self) -> None:
        assert cycle_rules().proposed(code="A", name="政府信息公开指南") is None

    def test_codes_are_columns_of_the_directory(self) -> None:
        assert set(cycle_rules().by_code) <= set(disclosure_rules().columns)


class TestReadCycleRules:
    @pytest.mark.parametrize(
        ("old", "new", "told"),
        [
            ("codes: [C09]", "codes: [C01]", "C01 stands twice"),
            ("days: 14", "days: 0", "number from 1"),
            ("source: indicators,", "source: nowhere,", "nowhere"),
            ("status: verified", "status: sure", "sure"),
            ("words:\n", "names:\n", "words"),
        ],
    )
    def test_says_what_is_wrong(self, old: str, new: str, told: str) -> None:
        assert old in TEXT
        with pytest.raises(ValueError, match=told):
            read_cycle_rules(TEXT.replace(old, new))
