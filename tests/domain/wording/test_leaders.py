from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.wording import Grade, Leader, LeaderTable

DAY = date(2026, 3, 2)
LEADERS = (
    Leader("欧阳青山", "县委书记", 1, date(2024, 1, 1)),
    Leader("林溪", "县长", 2, date(2025, 7, 1)),
    Leader("林溪", "常务副县长", 3, None, date(2025, 6, 30)),
    Leader("周石桥", "副县长", 4, misspellings=("周石乔", "周时桥")),
    Leader("吴远", "县长", 2, None, date(2025, 6, 30)),
)


def table(day: date = DAY) -> LeaderTable:
    return LeaderTable(LEADERS, day=day)


def found(text: str, day: date = DAY) -> list[tuple[str, str, str]]:
    return [(one.code.rpartition(".")[2], one.text, one.replacement) for one in table(day).find(text)]


class TestFind:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("县委书记欧阳青山主持会议，县长林溪、副县长周石桥出席。", []),
            ("欧阳青山县委书记讲话。", []),
            ("副县长周石乔参加。", [("misspelt", "周石乔", "周石桥")]),
            ("周时桥参加。", [("misspelt", "周时桥", "周石桥")]),
            ("县委书记欧阳清山指出", [("misspelt", "欧阳清山", "欧阳青山")]),
            ("欧阳青三县委书记指出", [("misspelt", "欧阳青三", "欧阳青山")]),
            ("副县长周石侨，", [("misspelt", "周石侨", "周石桥")]),
            ("县长林希出席", [("misspelt", "林希", "林溪")]),
            ("县长林业工作会议", []),
            ("县长信箱", []),
            ("县长公开电话", []),
            ("县长吴远出席", [("title", "县长吴远", "")]),
            ("原县长吴远出席", []),
            ("时任县长吴远出席", []),
            ("常务副县长林溪出席", [("title", "常务副县长林溪", "县长林溪")]),
            ("副县长周石桥、县长林溪出席", [("order", "林溪", "")]),
            ("副县长周石桥出席会议。县长林溪另行调研。", []),
            ("林溪、林溪", []),
            ("没有领导", []),
            ("", []),
        ],
    )
    def test_what_wants_a_look(self, text: str, expected: list[tuple[str, str, str]]) -> None:
        assert found(text) == expected

    def test_title_is_judged_by_the_date_of_the_text(self) -> None:
        assert found("常务副县长林溪和县长吴远", date(2025, 1, 1)) == [("order", "吴远", "")]
        assert found("常务副县长林溪", date(2025, 6, 30)) == []
        assert table().on_day(date(2025, 1, 1)).find("县长吴远") == []

    def test_misspelt_name_is_suspected_of_the_gravest(self) -> None:
        (one,) = table().find("周石乔")
        assert one.grade is Grade.L1
        assert (one.start, one.end, one.category) == (0, 3, "职务称谓")

    def test_empty_table_finds_nothing(self) -> None:
        assert LeaderTable((), day=DAY).find("县长林溪") == []

    @pytest.mark.parametrize(("name", "title"), [("林", "县长"), ("", "县长"), ("林溪", " ")])
    def test_leader_without_name_or_title_is_refused(self, name: str, title: str) -> None:
        with pytest.raises(ValueError, match="two characters"):
            Leader(name, title)

    @given(st.text("县长副常务委书记欧阳青山林溪周石桥吴远、，。和\n", max_size=50))
    def test_findings_are_where_they_say_and_apart(self, text: str) -> None:
        got = table().find(text)
        assert all(text[one.start : one.end] == one.text for one in got)
        assert all(a.end <= b.start for a, b in zip(got, got[1:], strict=False))
