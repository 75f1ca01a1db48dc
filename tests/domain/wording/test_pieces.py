from __future__ import annotations

from gongkai.domain.wording import Joined, Piece, Place


class TestJoined:
    def test_leads_back_to_the_piece(self) -> None:
        pieces = [Piece("甲乙", Place(line=1)), Piece("", Place(line=2)), Piece("丙", Place(line=3), before="\t")]
        joined = Joined(pieces)
        assert joined.text == "甲乙\t丙"
        assert [joined.piece_at(n).place.line for n in (0, 1, 3)] == [1, 1, 3]

    def test_drops_characters_that_show_nothing(self) -> None:
        joined = Joined([Piece("峻\u200b工\ufeff", Place(line=1)), Piece("续", Place(line=2), before="")])
        assert joined.text == "峻工续"
        assert joined.piece_at(2).place.line == 2
