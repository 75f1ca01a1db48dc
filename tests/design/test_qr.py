"""Our squares against those of a library that knows the whole standard."""

from __future__ import annotations

import pytest
import segno
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.design.qr import MASK, QUIET, qr_square


def modules(path: str, size: int) -> list[list[int]]:
    """Draw a path again: rows of the square without the white around it."""
    drawn = [[0] * size for _ in range(size)]
    for piece in path.split("M")[1:]:
        start, _, rest = piece.partition("h")
        x, y = (int(one) for one in start.split())
        for n in range(int(rest.partition("v")[0])):
            drawn[y][x + n] = 1
    return [row[QUIET : size - QUIET] for row in drawn[QUIET : size - QUIET]]


def expected(address: str) -> list[list[int]]:
    made = segno.make(address, error="l", boost_error=False, micro=False, mask=MASK, mode="byte")
    return [list(row) for row in made.matrix]


class TestSquare:
    @pytest.mark.parametrize("length", [1, 17, 18, 32, 33, 53, 54, 78, 79, 106, 107, 300])
    def test_is_the_standard_s_at_every_size(self, length: int) -> None:
        address = ("https://www.qinglu.gov.cn/info/" * 12)[:length]
        square = qr_square(address)
        assert modules(square.path, square.size) == expected(address)

    @settings(max_examples=60, deadline=None)
    @given(st.uuids(), st.sampled_from(["http://127.0.0.1:8000", "https://www.qinglu.gov.cn", "https://例.gov.cn"]))
    def test_is_the_standard_s_for_every_address(self, uid: object, base: str) -> None:
        address = f"{base}/info/{uid}/"
        square = qr_square(address)
        assert modules(square.path, square.size) == expected(address)
