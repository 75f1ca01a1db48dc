from __future__ import annotations

from itertools import count
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.features.disclosure.staff.blocks import (
    body_of,
    cells_text,
    read_cells,
    stream_of,
    table_fields,
    table_value,
)

PICTURES = {7: "a" * 64}


def block(kind: str, value: Any, known: str) -> dict[str, Any]:
    return {"id": known, "type": kind, "value": value}


def back(stream: Any, before: Any = ()) -> tuple[dict[str, Any], ...]:
    numbers = count(1)
    return body_of(stream, before=before, pictures=PICTURES, new_id=lambda: f"new{next(numbers)}")


BODY = (
    block("heading", {"text": "一、总则", "level": 2}, "h1"),
    block("paragraph", "<p>第一条</p><p>第二条</p>", "p1"),
    block("list", "<ul><li>甲</li></ul>", "l1"),
    block("table", {"caption": "表1", "head": ["项目", "金额"], "rows": [["路灯", "3"], ["公厕", "5"]]}, "t1"),
    block("paragraph", "<p>表后</p>", "p2"),
    block("image", {"file_id": 7, "sha256": "a" * 64, "alt": "示意图", "caption": "图1"}, "i1"),
    block("quote", "<p>引文</p>", "q1"),
)


class TestStream:
    def test_joins_what_stands_between_tables_pictures_and_quotes(self) -> None:
        assert stream_of(BODY) == [
            ("text", "<h2>一、总则</h2><p>第一条</p><p>第二条</p><ul><li>甲</li></ul>"),
            ("table", {"caption": "表1", "cells": "项目\t金额\n路灯\t3\n公厕\t5", "has_head": True}),
            ("text", "<p>表后</p>"),
            ("image", {"file_id": 7, "alt": "示意图", "caption": "图1"}),
            ("quote", "<p>引文</p>"),
        ]

    def test_leaves_out_what_it_does_not_know(self) -> None:
        assert stream_of([{"id": "x", "type": "video", "value": {}}]) == []


class TestBody:
    def test_of_an_untouched_stream_is_the_body_letter_for_letter(self) -> None:
        assert back(stream_of(BODY), BODY) == BODY

    def test_keeps_ids_around_a_new_paragraph(self) -> None:
        stream = stream_of(BODY)
        stream[0] = ("text", stream[0][1].replace("<ul>", "<p>第三条</p><ul>"))
        body = back(stream, BODY)
        assert [one["id"] for one in body] == ["h1", "p1", "new1", "l1", "t1", "p2", "i1", "q1"]
        assert body[2]["value"] == "<p>第三条</p>"

    def test_gives_a_changed_block_the_id_of_the_one_it_came_from(self) -> None:
        stream = stream_of(BODY)
        stream[2] = ("text", "<p>表后改</p>")
        stream[1] = ("table", {"caption": "表1", "cells": "项目\t金额\n路灯\t4", "has_head": True})
        body = back(stream, BODY)
        assert [(one["id"], one["type"]) for one in body[3:5]] == [("t1", "table"), ("p2", "paragraph")]
        assert body[3]["value"]["rows"] == [["路灯", "4"]]

    def test_parts_a_block_of_which_one_paragraph_changed(self) -> None:
        body = back([("text", "<p>第一条</p><p>第二条改</p>")], (BODY[1],))
        assert [one["value"] for one in body] == ["<p>第一条</p>", "<p>第二条改</p>"]
        assert len({one["id"] for one in body}) == 2

    def test_ids_are_never_given_twice(self) -> None:
        twice = (BODY[1], BODY[4])
        body = back([("text", "<p>表后</p><p>第一条</p><p>表后</p><p>第二条</p>")], twice)
        assert len({one["id"] for one in body}) == 4

    def test_takes_only_pictures_of_the_item(self) -> None:
        assert back([("image", {"file_id": 8, "alt": "x", "caption": ""})]) == ()

    def test_leaves_out_empty_blocks(self) -> None:
        stream = [("text", "<p> </p>"), ("table", {"caption": "", "cells": "", "has_head": True}), ("quote", "<p></p>")]
        assert back(stream) == ()

    def test_makes_html_safe(self) -> None:
        assert back([("text", "<p>甲<script>alert(1)</script></p>")])[0]["value"] == "<p>甲</p>"


class TestCells:
    @pytest.mark.parametrize(
        ("text", "rows"),
        [
            ("", []),
            ("甲\t乙\r\n1\t2\r\n", [["甲", "乙"], ["1", "2"]]),
            ('"两\n行"\t2', [["两\n行", "2"]]),
            ('甲"乙"\t2', [['甲"乙"', "2"]]),
            ("| 甲 | 乙 |\n| 1 | 2 |", [["甲", "乙"], ["1", "2"]]),
            ("甲\t\n\t\n乙\t3", [["甲", ""], ["乙", "3"]]),
        ],
    )
    def test_are_read_as_a_spreadsheet_copies_them(self, text: str, rows: list[list[str]]) -> None:
        assert read_cells(text) == rows

    def test_of_any_length_are_read(self) -> None:
        assert read_cells('"' + "长" * 200_000 + "\t2") != []

    def test_rows_are_made_equally_wide(self) -> None:
        assert table_value(cells="甲\t乙\n1") == {"caption": "", "head": ["甲", "乙"], "rows": [["1", ""]]}

    def test_a_table_without_head_stays_one(self) -> None:
        value = {"caption": "", "head": [], "rows": [["1", "2"]]}
        assert table_value(**table_fields(value)) == value

    cell = st.text(alphabet='甲乙1"\t\n，|', max_size=5).map(str.strip)

    @given(st.lists(st.lists(cell, min_size=2, max_size=2), min_size=1, max_size=4))
    def test_written_and_read_are_the_same(self, rows: list[list[str]]) -> None:
        kept = [row for row in rows if any(row)]
        assert read_cells(cells_text(kept)) == kept or not kept
