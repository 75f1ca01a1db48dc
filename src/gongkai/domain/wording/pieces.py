"""The texts of a file with their places, joined into one text that is scanned once."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.domain.wording.finding import Place

INVISIBLE = dict.fromkeys([0xAD, *range(0x200B, 0x2010), *range(0x2060, 0x2065), 0xFEFF])
"""Characters that show nothing and would cut a word in two."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A text and where it stands.

    ``label`` is what the column says it holds (the header of a table's column). ``before`` separates the text from the
    piece before it: a line break, a tab between cells of one row, or nothing where a line runs on. ``headers`` are those
    of the whole table: they tell whom it lists.
    """

    text: str
    place: Place
    label: str = ""
    before: str = "\n"
    headers: tuple[str, ...] = ()


class Joined:
    """Many pieces as one text; a place in it leads back to its piece. Characters that show nothing are dropped."""

    def __init__(self, pieces: Iterable[Piece]) -> None:
        self.pieces: list[Piece] = []
        self.starts: list[int] = []
        parts: list[str] = []
        at = 0
        for piece in pieces:
            text = piece.text if piece.text.isascii() else piece.text.translate(INVISIBLE)
            if not text:
                continue
            before = piece.before if parts else ""
            parts += (before, text)
            at += len(before)
            self.pieces.append(piece)
            self.starts.append(at)
            at += len(text)
        self.text = "".join(parts)

    def piece_at(self, position: int) -> Piece:
        """Return the piece that holds the character at ``position``; raises IndexError for an empty text."""
        return self.pieces[self.index_at(position)]

    def index_at(self, position: int) -> int:
        """Return which of the pieces (from 0) holds the character at ``position``."""
        return max(bisect_right(self.starts, position) - 1, 0)
