from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.kernel.content import HyperscanMatcher
from gongkai.kernel.content.matcher import MOST_WORDS, WORTH_KEEPING


def plainly(words: list[str], text: str) -> set[tuple[int, int, int]]:
    found = set()
    for number, word in enumerate(words):
        at = text.find(word)
        while at >= 0:
            found.add((number, at, at + len(word)))
            at = text.find(word, at + 1)
    return found


class TestScan:
    def test_positions_are_characters(self) -> None:
        matcher = HyperscanMatcher(["国务院", "院", "ab"])
        assert sorted(matcher.scan("𠮷é国务院。ab")) == [(0, 2, 5), (1, 4, 5), (2, 6, 8)]

    def test_latin_letters_in_either_case(self) -> None:
        assert HyperscanMatcher(["Ipv6"]).scan("IPV6、ipv6") == [(0, 0, 4), (0, 5, 9)]

    def test_signs_of_patterns_are_plain_signs(self) -> None:
        assert HyperscanMatcher(["a.c", "(甲)", "[1"]).scan("abc a.c(甲)[1") == [(0, 4, 7), (1, 7, 10), (2, 10, 12)]

    def test_nothing_to_look_for_and_nothing_to_look_in(self) -> None:
        assert HyperscanMatcher([]).scan("甲") == []
        assert HyperscanMatcher(["甲"]).scan("") == []

    def test_half_a_character_does_not_stop_it(self) -> None:
        assert HyperscanMatcher(["甲"]).scan("\ud800甲") == [(0, 1, 2)]

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(st.text("甲乙é𠮷.1", min_size=1, max_size=4), min_size=1, max_size=12, unique=True),
        st.text("甲乙丙é𠮷.1", max_size=60),
    )
    def test_finds_what_a_plain_search_finds(self, words: list[str], text: str) -> None:
        assert set(HyperscanMatcher(words).scan(text)) == plainly(words, text)

    def test_serves_several_threads(self) -> None:
        matcher = HyperscanMatcher(["峻工"])
        text = "工程峻工。" * 20_000
        counts: list[int] = []
        threads = [threading.Thread(target=lambda: counts.append(len(matcher.scan(text)))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert counts == [20_000] * 4


class TestWords:
    def test_an_empty_word_is_refused(self) -> None:
        with pytest.raises(ValueError, match="empty"):
            HyperscanMatcher(["甲", ""])

    def test_too_many_are_refused(self) -> None:
        with pytest.raises(ValueError, match="100000"):
            HyperscanMatcher(["甲"] * (MOST_WORDS + 1))


class TestCache:
    def test_a_large_lexicon_is_kept_and_loaded(self, tmp_path: Path) -> None:
        words = [f"词{n}条" for n in range(WORTH_KEEPING)]
        first = HyperscanMatcher(words, cache=tmp_path / "cache")
        (kept,) = (tmp_path / "cache").iterdir()
        before = kept.stat().st_mtime_ns
        second = HyperscanMatcher(words, cache=tmp_path / "cache")
        assert kept.stat().st_mtime_ns == before
        assert second.scan("有词77条") == first.scan("有词77条") == [(77, 1, 5)]

    def test_a_damaged_one_is_made_anew(self, tmp_path: Path) -> None:
        words = [f"词{n}条" for n in range(WORTH_KEEPING)]
        HyperscanMatcher(words, cache=tmp_path)
        (kept,) = tmp_path.iterdir()
        kept.write_bytes(b"nothing")
        assert HyperscanMatcher(words, cache=tmp_path).scan("词3条") == [(3, 0, 3)]

    def test_a_small_one_is_not_kept(self, tmp_path: Path) -> None:
        HyperscanMatcher(["甲"], cache=tmp_path)
        assert list(tmp_path.iterdir()) == []
