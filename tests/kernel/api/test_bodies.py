"""Reading JSON that was sent: what is no JSON, what is too large, and every fault of the members at once."""

from __future__ import annotations

import base64
import json
from datetime import date
from typing import Any

import pytest
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.issues import Issue
from gongkai.kernel.api.bodies import Members, body_object
from gongkai.kernel.api.refusals import TooLarge, WrongType
from gongkai.kernel.errors import Refused

MOST = 1024 * 1024


def read(data: bytes, kind: str = "application/json", **headers: Any) -> dict[str, Any]:
    request = RequestFactory().generic("POST", "/", data, content_type=kind, CONTENT_TYPE=kind, **headers)
    return body_object(request, most=MOST)


class TestBody:
    def test_an_object_is_read(self) -> None:
        assert read('{"名称": [1, "二"]}'.encode(), "application/json; charset=UTF-8") == {"名称": [1, "二"]}

    @pytest.mark.parametrize(
        ("data", "code"),
        [
            (b"", "api.body.empty"),
            (b"  \n", "api.body.empty"),
            (b"{", "api.body.json"),
            (b"\xff\xfe", "api.body.json"),
            ('{"a": "县"}'.encode("gbk"), "api.body.json"),
            (b'{"a": NaN}', "api.body.json"),
            (b'{"a": -Infinity}', "api.body.json"),
            (b"[" * 100_000, "api.body.json"),
            (b'{"a": ' + b"9" * 5000 + b"}", "api.body.json"),
            (b"[]", "api.body.object"),
            (b'"a"', "api.body.object"),
            (b"null", "api.body.object"),
            (b'{"a": 1, "a": 2}', "api.member.twice"),
        ],
        ids=range(13),
    )
    def test_anything_else_is_refused(self, data: bytes, code: str) -> None:
        with pytest.raises(Refused) as refused:
            read(data)
        assert refused.value.codes() == [code]

    @pytest.mark.parametrize(
        "kind", ["text/plain", "", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                 "application/json; charset=gbk", "application/jsonp"],
    )  # fmt: skip
    def test_other_types_are_refused(self, kind: str) -> None:
        with pytest.raises(WrongType):
            read(b"{}", kind)

    def test_what_is_packed_is_refused(self) -> None:
        with pytest.raises(WrongType):
            read(b"{}", headers={"Content-Encoding": "gzip"})

    @pytest.mark.parametrize("size", [MOST + 1, MOST * 3])
    def test_too_much_is_refused(self, size: int) -> None:
        with pytest.raises(TooLarge):
            read(b" " * size)

    def test_a_length_that_lies_does_not_help(self) -> None:
        with pytest.raises(Refused):
            read(b"{}", CONTENT_LENGTH="99999999999999999999999999")

    @given(st.binary(max_size=60))
    def test_bytes_of_any_kind_are_an_object_or_a_refusal(self, data: bytes) -> None:
        try:
            assert isinstance(read(data), dict)
        except Refused as refused:
            assert refused.sentences()


def members(**data: Any) -> tuple[Members, list[Issue]]:
    issues: list[Issue] = []
    return Members(data, issues), issues


class TestMembers:
    def test_tell_everything_at_once_by_its_place(self) -> None:
        top, issues = members(
            name=5, day="2026-02-30", kind="x", who={"phone": "1\n2"}, files=[{"content": "%"}, 3], y=1
        )
        top.text("name", most=10)
        top.number("unit", least=1, most=9)
        top.day("day", first=date(2026, 1, 1), last=date(2026, 12, 31))
        top.choice("kind", ["a", "b"])
        who = top.object("who")
        assert who is not None
        who.text("phone", most=40)
        who.finish()
        for file in top.objects("files", most=3):
            file.data_of("content", most=9)
        top.finish()
        assert [(one.code, one.field) for one in issues] == [
            ("api.member.text", "name"),
            ("api.member.missing", "unit"),
            ("api.member.day", "day"),
            ("api.member.choice", "kind"),
            ("api.member.characters", "who.phone"),
            ("api.member.base64", "files[0].content"),
            ("api.member.object", "files[1]"),
            ("api.member.unknown", "y"),
        ]

    @pytest.mark.parametrize("value", ["a\x00b", "a\x1bb", "a\ud800b", "a\nb", "a\u2028b"], ids=range(5))
    def test_signs_that_no_line_holds_are_refused(self, value: str) -> None:
        top, issues = members(name=value)
        assert top.text("name", most=10) == ""
        assert [one.code for one in issues] == ["api.member.characters"]

    def test_several_lines_where_they_may_be(self) -> None:
        top, issues = members(text=" 一\n二 ")
        assert (top.text("text", most=10, lines=True), issues) == ("一\n二", [])

    @pytest.mark.parametrize("value", [True, 1.5, "3", 0, 10, 2**70])
    def test_a_number_is_whole_and_within_its_bounds(self, value: object) -> None:
        top, issues = members(unit=value)
        assert top.number("unit", least=1, most=9) is None
        assert len(issues) == 1

    @pytest.mark.parametrize("value", [True, False, None])
    def test_a_flag_is_true_or_false(self, value: bool | None) -> None:
        top, issues = members(flag=value)
        assert (top.flag("flag"), issues) == (bool(value), [])

    def test_a_flag_is_no_word(self) -> None:
        top, issues = members(flag="true")
        assert (top.flag("flag"), len(issues)) == (False, 1)

    def test_a_file_is_bytes_of_a_size(self) -> None:
        good = base64.b64encode(b"12345").decode()
        top, issues = members(a=good, b=base64.b64encode(b"x" * 11).decode(), c="")
        assert top.data_of("a", most=10) == b"12345"
        assert (top.data_of("b", most=10), top.data_of("c", most=10)) == (b"", b"")
        assert [one.code for one in issues] == ["api.member.file_large", "api.member.base64"]

    @given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.floats(),
                        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3)))  # fmt: skip
    def test_no_value_of_json_breaks_a_reader(self, value: Any) -> None:
        for name in ("text", "number", "day", "choice", "flag", "object", "objects", "data_of"):
            top, issues = members(x=value)
            more: dict[str, Any] = {
                "text": {"most": 9},
                "number": {"least": 1, "most": 9},
                "day": {"first": date(2026, 1, 1), "last": date(2026, 1, 2)},
                "choice": {"choices": ["a"]},
                "objects": {"most": 2},
                "data_of": {"most": 9},
            }.get(name, {})
            found = getattr(top, name)("x", **more)
            if name == "objects":
                list(found)
            top.finish()
            assert all(json.dumps(one.field) for one in issues)
