"""The hash chain as a pure rule: what is hashed, and that anyone can compute it."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.kernel.audit.chain import GENESIS, Link, canonical, check_chain, digest, moment, plain
from gongkai.kernel.audit.export import as_line

AT = datetime(2026, 3, 2, 9, 30, tzinfo=timezone(timedelta(hours=8)))


def link(sequence: int = 1, previous: str = GENESIS, **changes: object) -> Link:
    content = {
        "at": AT,
        "recorded_at": AT + timedelta(seconds=sequence),
        "actor_id": 7,
        "actor_name": "李明",
        "actor_kind": "person",
        "unit_id": None,
        "action": "audittest.thing.create",
        "target_type": "audittest.thing",
        "target_id": "12",
        "summary": "新建“试验品”",
        "details": {"乙": 1, "甲": [True, None]},
    }
    return Link(**{"sequence": sequence, "previous": previous, **content, **changes})


def chain(length: int) -> list[tuple[Link, str]]:
    links, previous = [], GENESIS
    for sequence in range(1, length + 1):
        one = link(sequence, previous)
        previous = digest(one)
        links.append((one, previous))
    return links


class TestDigest:
    def test_is_what_the_documentation_says(self) -> None:
        expected = (
            '{"action":"audittest.thing.create","actor_id":7,"actor_kind":"person","actor_name":"李明",'
            '"at":"2026-03-02T01:30:00.000000Z","details":{"乙":1,"甲":[true,null]},"previous":"' + GENESIS + '",'
            '"recorded_at":"2026-03-02T01:30:01.000000Z","sequence":1,"summary":"新建“试验品”","target_id":"12",'
            '"target_type":"audittest.thing","unit_id":null}'
        )
        assert canonical(link()).decode() == expected
        assert digest(link()) == hashlib.sha256(expected.encode()).hexdigest()

    def test_does_not_depend_on_the_zone_of_a_moment(self) -> None:
        assert digest(link(at=AT.astimezone(UTC))) == digest(link())

    def test_does_not_depend_on_the_order_of_details(self) -> None:
        assert digest(link(details={"甲": [True, None], "乙": 1})) == digest(link())

    @pytest.mark.parametrize("field", [name for name in Link.__slots__ if name not in {"details", "at", "recorded_at"}])
    def test_depends_on_every_field(self, field: str) -> None:
        other = 99 if field in {"sequence", "actor_id", "unit_id"} else "别的"
        assert (
            digest(link(**{field: other})) != digest(link())
            if field != "sequence"
            else digest(link(99)) != digest(link())
        )


class Color(StrEnum):
    RED = "red"


class TestPlain:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (date(2026, 3, 2), "2026-03-02"),
            (time(9, 30), "09:30:00"),
            (AT, "2026-03-02T01:30:00.000000Z"),
            (datetime(2026, 3, 2, 9, 30), "2026-03-02T09:30:00"),
            (1.5, "1.5"),
            (Decimal("1.50"), "1.50"),
            (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
            (Color.RED, "red"),
            ({3, 1, 2}, [1, 2, 3]),
            (("甲", None), ["甲", None]),
            ({1: date(2026, 1, 1)}, {"1": "2026-01-01"}),
            ("空\x00字", "空\ufffd字"),
            ("半\ud800个", "半\ufffd个"),
            ("𠮷", "𠮷"),
            (True, True),
            (2**70, 2**70),
        ],
    )
    def test_gives_what_comes_back_unchanged(self, value: object, expected: object) -> None:
        assert plain(value) == expected

    def test_refuses_what_has_no_plain_form(self) -> None:
        with pytest.raises(TypeError, match="object"):
            plain({"a": object()})

    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.text(), lambda s: st.lists(s) | st.dictionaries(st.text(), s)
        )
    )
    def test_is_stable(self, value: object) -> None:
        once = plain(value)
        assert plain(once) == once
        assert json.loads(json.dumps(once)) == once


class TestCheckChain:
    def test_passes_an_unbroken_chain(self) -> None:
        assert list(check_chain(chain(20))) == []

    def test_passes_a_stretch_from_the_middle(self) -> None:
        links = chain(20)
        assert list(check_chain(links[10:], after=(10, links[9][1]))) == []

    @given(st.integers(1, 11), st.integers(0, 11))
    def test_notices_any_entry_left_out_or_moved(self, index: int, to: int) -> None:
        links = chain(12)
        moved = links.pop(index)
        if to == index or index == 11:
            links.insert(index, moved)
            assert list(check_chain(links)) == []
        else:
            assert [issue.code for issue in check_chain(links)] == ["audit.chain.gap"]

    def test_bears_a_small_step_back_of_the_clock(self) -> None:
        first = link(1)
        second = link(2, digest(first), recorded_at=first.recorded_at - timedelta(seconds=4))
        assert list(check_chain([(first, digest(first)), (second, digest(second))])) == []


def test_moment_has_six_digits_of_a_second() -> None:
    assert moment(datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC)) == "2026-01-02T03:04:05.000006Z"


def test_the_lines_of_the_documentation_check_an_exported_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (Path(__file__).parents[3] / "docs" / "domain" / "audit.md").read_text()
    program = page.partition("```python\n")[2].partition("```")[0]
    path = tmp_path / "audit.jsonl"
    lines = [as_line(one, found) + "\n" for one, found in chain(3)]
    monkeypatch.chdir(tmp_path)
    path.write_text("".join(lines))
    exec(program, {})
    path.write_text("".join(lines).replace("李明", "王明", 1))
    with pytest.raises(AssertionError):
        exec(program, {})
