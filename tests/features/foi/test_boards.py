"""Finding cases on a board: by number, by words, by person, over several units, page by page."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.features.foi.models import Application
from gongkai.features.foi.selectors import boards
from gongkai.features.foi.selectors.boards import Board, BoardFilters, board_cases, board_page, board_units
from gongkai.kernel.accounts.roles import Role
from tests.factories.foi import Desk, request
from tests.factories.world import TODAY

pytestmark = pytest.mark.django_db


def found(desk: Desk, text: str) -> list[str]:
    page = board_page(actor=desk.clerk, filters=BoardFilters(text=text), number=1, today=TODAY)
    return [row.subject for row in page.rows]


def about(desk: Desk, subject: str) -> Application:
    return desk.taken(request=request(subject=subject)).application


class TestWords:
    @pytest.mark.parametrize(
        ("text", "hit"),
        [
            ("环评", True),
            ("环评批复", True),
            ("PPP项目", True),
            ("ppp", True),
            ("学府路 批复", True),
            ("批复 学府路", True),
            ("路", True),
            ("复批", False),
            ("学府路 财政", False),
            ("100%", True),
            ("1_0", False),
            ("学府 路", True),
            ("PPP 项", True),
        ],
    )
    def test_a_subject_is_found_by_what_stands_in_it(self, desk: Desk, text: str, hit: bool) -> None:
        about(desk, "学府路PPP项目环评批复（补偿100%到位）")
        about(desk, "别的文件")
        assert bool(found(desk, text)) is hit

    def test_a_case_is_found_by_the_beginning_of_its_number(self, desk: Desk) -> None:
        about(desk, "甲文件")
        about(desk, "乙文件")
        assert found(desk, "2026-0002") == ["乙文件"]
        assert len(found(desk, "2026-")) == 2 and found(desk, "0002") == []

    def test_a_number_in_a_subject_is_found_too(self, desk: Desk) -> None:
        about(desk, "2026年预算")
        about(desk, "别的文件")
        assert "2026年预算" in found(desk, "2026年预算")

    @pytest.mark.parametrize("text", ["2026", "2026-", "2026年"])
    def test_numbers_and_subjects_of_a_year_stand_in_one_list_each_case_once(
        self, desk: Desk, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        both = replace(desk.clerk, grants=desk.clerk.grants | {(Role.DISCLOSURE_OFFICE, desk.world.finance.pk)})
        for unit in (desk.unit, desk.world.finance):
            for subject in ("2026年预算", "道路规划", "2026年决算"):
                desk.taken(actor=both, unit_id=unit.pk, request=request(subject=subject))
        monkeypatch.setattr(boards, "PAGE", 4)
        for actor, most in ((desk.clerk, 3), (both, 6)):
            pages = [board_page(actor=actor, filters=BoardFilters(text=text), number=n, today=TODAY) for n in (1, 2, 3)]
            rows = [row.id for page in pages for row in page.rows]
            assert rows == sorted(set(rows))
            assert len(rows) == (most // 3 * 2 if text == "2026年" else most)

    def test_what_a_list_holds_is_the_same_for_doing_something_with_all_of_it(self, desk: Desk) -> None:
        for subject in ("2026年预算", "道路规划"):
            about(desk, subject)
        for text in ("2026", "2026年", "202", "规划", "2025"):
            filters = BoardFilters(text=text)
            shown = {row.id for row in board_page(actor=desk.clerk, filters=filters, number=1, today=TODAY).rows}
            held = board_cases(actor=desk.clerk, unit_id=desk.unit.pk, filters=filters, today=TODAY)
            assert {one.pk for one in held} == shown

    def test_words_of_another_unit_s_case_find_nothing(self, desk: Desk) -> None:
        about(desk, "孔雀湖湿地规划")
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.finance)
        filters = BoardFilters(text="孔雀湖")
        assert board_page(actor=other, filters=filters, number=1, today=TODAY).rows == ()

    def test_the_index_knows_the_pairs_of_the_words(self, desk: Desk) -> None:
        about(desk, "学府路")
        with connection.cursor() as cursor:
            cursor.execute("SELECT foi_pairs(unit_id, subject) FROM foi_application")
            (pairs,) = cursor.fetchone()
        assert pairs == [f"{desk.unit.pk}:学府", f"{desk.unit.pk}:府路"]


class TestPages:
    def test_pages_follow_each_other_without_gap_or_double(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        for number in range(5):
            about(desk, f"第{number}份")
        monkeypatch.setattr(boards, "PAGE", 2)
        pages = [
            board_page(actor=desk.clerk, filters=BoardFilters(), number=number, today=TODAY) for number in (1, 2, 3)
        ]
        assert [len(page.rows) for page in pages] == [2, 2, 1]
        assert [page.more for page in pages] == [True, True, False]
        assert len({row.id for page in pages for row in page.rows}) == 5

    def test_cases_of_two_units_stand_in_one_order(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        both = replace(desk.clerk, grants=desk.clerk.grants | {(Role.DISCLOSURE_OFFICE, desk.world.finance.pk)})
        for unit in (desk.unit, desk.world.finance, desk.unit, desk.world.finance):
            desk.taken(actor=both, unit_id=unit.pk)
        monkeypatch.setattr(boards, "PAGE", 3)
        rows = []
        for number in (1, 2):
            rows += board_page(actor=both, filters=BoardFilters(), number=number, today=TODAY).rows
        assert [row.id for row in rows] == sorted(row.id for row in rows) and len(rows) == 4
        assert len(board_units(actor=both)) == 2 and board_units(actor=desk.clerk) == []
        one = BoardFilters(unit_id=desk.unit.pk)
        assert len(board_page(actor=both, filters=one, number=1, today=TODAY).rows) == 2

    def test_own_cases_are_those_one_works_on(self, desk: Desk) -> None:
        mine, other = desk.taken().application, desk.taken().application
        desk.do(mine, c.Accept(on=TODAY))
        desk.do(other, c.Accept(on=TODAY), by=desk.head)
        page = board_page(actor=desk.clerk, filters=BoardFilters(mine=True), number=1, today=TODAY)
        assert [row.id for row in page.rows] == [mine.pk]

    @pytest.mark.parametrize("board", list(Board))
    def test_a_page_costs_three_statements(self, desk: Desk, board: Board) -> None:
        desk.granted(TODAY)
        desk.taken()
        with CaptureQueriesContext(connection) as queries:
            board_page(actor=desk.clerk, filters=BoardFilters(board=board, text="批复"), number=1, today=TODAY)
        assert len(queries) <= 3
