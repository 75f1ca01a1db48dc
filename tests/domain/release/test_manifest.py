from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.release import Entry, compare, digest_of, head_bytes, shard_bytes, shard_of
from gongkai.domain.release.manifest import read_shard

UID = "0b8f6c9e-2c4d-4a53-9a6e-0d8f3c1b2a77"
ENTRIES = st.dictionaries(st.text(min_size=1), st.builds(Entry, st.text(max_size=8), st.integers(0, 9)), max_size=6)


class TestShards:
    def test_everything_of_an_item_is_named_in_one(self) -> None:
        paths = [f"info/{UID}/index.html", f"info/{UID}/proof/index.html.br", f"info/{UID}/files/3/附件.pdf"]
        assert len({shard_of(path) for path in paths}) == 1

    @given(ENTRIES)
    def test_reads_what_was_written(self, entries: dict[str, Entry]) -> None:
        assert read_shard(shard_bytes(entries)) == entries

    @given(ENTRIES)
    def test_is_the_same_whatever_the_order(self, entries: dict[str, Entry]) -> None:
        assert shard_bytes(dict(reversed(list(entries.items())))) == shard_bytes(entries)

    @pytest.mark.parametrize("data", [b"[]", b'{"a": 1}', b'{"a": ["x"]}', b'{"a": [1, 2]}', b"no"])
    def test_refuses_what_is_no_shard(self, data: bytes) -> None:
        with pytest.raises(ValueError):
            read_shard(data)


class TestHead:
    def test_names_every_shard_and_the_moment(self) -> None:
        data = head_bytes({"ff": "2", "0a": "1"}, files=7, built_at=datetime(2026, 11, 21, tzinfo=UTC))
        head = json.loads(data)
        assert list(head["shards"]) == ["0a", "ff"]
        assert (head["files"], head["built_at"]) == (7, "2026-11-21T00:00:00.000+00:00")


class TestCompare:
    def test_finds_what_was_changed_lost_and_added(self) -> None:
        expected = {"a": Entry("1", 1), "b": Entry("2", 1), "c": Entry("3", 1)}
        found = {"a": Entry("1", 1), "b": Entry("9", 1), "d": Entry("4", 1)}
        findings = compare(expected, found)
        assert (findings.changed, findings.missing, findings.added) == (("b",), ("c",), ("d",))
        assert not findings.clean

    @given(ENTRIES)
    def test_the_same_is_clean(self, entries: dict[str, Entry]) -> None:
        assert compare(entries, entries).clean

    def test_digest_is_that_of_everybody(self) -> None:
        assert digest_of(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
