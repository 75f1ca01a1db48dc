"""Finding bracketed spans when opening and closing brackets need not be of one kind (〔 … ）)."""

from __future__ import annotations

from dataclasses import dataclass

from gongkai.domain.workplans.characters import fold

_OPEN = {"（": "）", "〔": "〕"}
_CLOSE = {"）": "（", "〕": "〔"}


@dataclass(frozen=True, slots=True)
class Bracket:
    """An outermost bracket: the place of its opening sign, the place after its closing sign, and how sound it is."""

    start: int
    end: int
    closed: bool = True
    mixed: bool = False

    def inner(self, text: str) -> str:
        """Return what stands inside."""
        return text[self.start + 1 : self.end - 1 if self.closed else self.end]


def find_brackets(text: str) -> list[Bracket]:
    """Return the outermost round and square brackets of ``text``.

    A closing sign whose own kind is not open closes the innermost bracket (mixed kinds); one whose kind is open further
    out closes everything within. An opening sign that nothing closes yields a bracket to the end of the text.
    """
    folded = fold(text)
    found: list[Bracket] = []
    stack: list[tuple[str, int]] = []
    for i, c in enumerate(folded):
        if c in _OPEN:
            stack.append((c, i))
        elif c in _CLOSE and stack:
            kinds = [kind for kind, _ in stack]
            mixed = _CLOSE[c] not in kinds
            depth = len(kinds) - 1 if mixed else len(kinds) - 1 - kinds[::-1].index(_CLOSE[c])
            start = stack[depth][1]
            del stack[depth:]
            if not stack:
                found.append(Bracket(start, i + 1, mixed=mixed))
    if stack:
        found.append(Bracket(stack[0][1], len(text), closed=False))
    return found


def open_depth(text: str) -> int:
    """Return how many brackets (round, square, quotation, title marks) are open at the end of ``text``."""
    folded = fold(text)
    brackets = find_brackets(text)
    unclosed = 1 if brackets and not brackets[-1].closed else 0
    quotes = max(0, folded.count("《") - folded.count("》")) + max(0, folded.count("“") - folded.count("”"))
    return unclosed + quotes
