"""Challenges and sums: solved by work or by a person, in time, for one form; nothing else counts."""

from __future__ import annotations

import base64
import hashlib
import json
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.kernel.proof_of_work.challenges import (
    LIFE,
    Challenge,
    _number,
    _spoken,
    _sum,
    challenge_make,
    challenge_solved,
    solve,
    sum_answered,
    sum_make,
)

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
KEY = b"k" * 32
WORKER = Path(__file__).resolve().parents[3] / "src/gongkai/kernel/proof_of_work/static/proof_of_work/worker.js"


def made(purpose: str = "foi.apply", work: int = 300) -> Challenge:
    return challenge_make(key=KEY, purpose=purpose, work=work, now=NOW)


def solved(answer: str, purpose: str = "foi.apply", now: datetime = NOW, key: bytes = KEY) -> str:
    return challenge_solved(answer, key=key, purpose=purpose, now=now)


def told(answer: str, **changes: object) -> str:
    return base64.b64encode(json.dumps({**json.loads(base64.b64decode(answer)), **changes}).encode()).decode()


class TestChallenge:
    def test_is_solved_by_trying(self) -> None:
        one, two = made(), made()
        assert solved(solve(one)) == one.signature
        assert one.signature != two.signature
        assert set(json.loads(one.as_json())) == {"algorithm", "challenge", "maxnumber", "salt", "signature"}

    def test_is_for_its_form_its_time_and_its_key(self) -> None:
        answer = solve(made())
        assert not solved(answer, purpose="other")
        assert solved(answer, now=NOW + LIFE - timedelta(seconds=1))
        assert not solved(answer, now=NOW + LIFE)
        assert not solved(answer, key=b"x" * 32)

    def test_nothing_in_it_can_be_changed(self) -> None:
        answer = solve(made())
        held = json.loads(base64.b64decode(answer))
        later = held["salt"].replace("expires=", "expires=9")
        for changes in (
            {"number": held["number"] + 1},
            {"salt": later},
            {"salt": later, "challenge": hashlib.sha256(f"{later}{held['number']}".encode()).hexdigest()},
            {"signature": "0" * 64},
            {"algorithm": "SHA-1"},
            {"number": str(held["number"])},
            {"number": True},
            {"number": -1},
            {"salt": None},
        ):
            assert not solved(told(answer, **changes)), changes

    def test_signs_of_the_number_cannot_be_moved_into_the_salt(self) -> None:
        for _ in range(20):
            answer = solve(made())
            held = json.loads(base64.b64decode(answer))
            digits = str(held["number"])
            if len(digits) > 1 and digits[1] != "0":
                moved = told(answer, salt=held["salt"] + digits[0], number=int(digits[1:]))
                assert not solved(moved)

    @settings(max_examples=100)
    @given(st.text(max_size=60) | st.binary(max_size=60).map(lambda data: base64.b64encode(data).decode()))
    def test_anything_else_is_no_answer(self, answer: str) -> None:
        assert solved(answer) == ""

    @pytest.mark.parametrize("held", ["[]", "null", "1", '{"salt": 1}', "[" * 900])
    def test_json_of_another_shape_is_no_answer(self, held: str) -> None:
        assert solved(base64.b64encode(held.encode()).decode()) == ""

    def test_worker_of_the_browser_finds_the_same_number(self) -> None:
        node = shutil.which("node")
        if node is None:
            pytest.skip("node is not installed")
        one = made(work=3000)
        script = (
            f"global.self = {{postMessage: (told) => console.log(told.number)}};"
            f"require('vm').runInThisContext(require('fs').readFileSync({str(WORKER)!r}, 'utf8'));"
            f"self.onmessage({{data: {one.as_json()}}});"
            f"for (const text of ['', 'abc', 'x'.repeat(55), 'x'.repeat(56), 'x'.repeat(64), 'x'.repeat(119)]) console.log(sha256(text));"
        )
        lines = subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout.split()
        assert hashlib.sha256(f"{one.salt}{lines[0]}".encode()).hexdigest() == one.challenge
        texts = ["", "abc", "x" * 55, "x" * 56, "x" * 64, "x" * 119]
        assert lines[1:] == [hashlib.sha256(text.encode()).hexdigest() for text in texts]


class TestSum:
    @settings(max_examples=60)
    @given(st.binary(min_size=4, max_size=8))
    def test_is_answered_in_digits_or_words(self, key: bytes) -> None:
        asked = sum_make(key=key, purpose="foi.apply", now=NOW)
        words, answer = _sum(key, "foi.apply", asked.token.rpartition(".")[0])
        assert asked.words == words and words.endswith("等于多少") and 0 <= answer <= 18
        for written in (
            str(answer),
            f" {answer} ",
            _spoken(answer),
            "".join(chr(ord(d) + 0xFEE0) for d in str(answer)),
        ):
            assert sum_answered(asked.token, written, key=key, purpose="foi.apply", now=NOW)
        assert not sum_answered(asked.token, str(answer + 1), key=key, purpose="foi.apply", now=NOW)
        assert not sum_answered(asked.token, str(answer), key=key, purpose="other", now=NOW)
        assert not sum_answered(asked.token, str(answer), key=key, purpose="foi.apply", now=NOW + LIFE)
        assert str(answer) != asked.token and "等于" not in asked.token

    @pytest.mark.parametrize("token", ["", "a.b.c", "..", "汉字", "1" * 200])
    def test_token_of_somebody_else_is_none(self, token: str) -> None:
        assert not sum_answered(token, "1", key=KEY, purpose="foi.apply", now=NOW)

    @pytest.mark.parametrize(
        ("written", "number"),
        [("十", 10), ("十八", 18), ("零", 0), ("7", 7), ("一百", None), ("", None), ("-1", None), ("²", None)],
    )
    def test_reads_numbers(self, written: str, number: int | None) -> None:
        assert _number(written) == number
