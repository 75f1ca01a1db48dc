"""Writing personal data so that they can be shown: first and last characters stay, the rest becomes asterisks."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Mask:
    """How many characters at the beginning and at the end may be read. Separators are not counted."""

    head: int
    tail: int


def masked(text: str, mask: Mask) -> str:
    """Return ``text`` with every letter and digit but the first ``head`` and last ``tail`` replaced by ``*``.

    At least four characters are masked; of texts too short for that only a quarter at either end may be read.
    """
    signs = [at for at, sign in enumerate(text) if sign.isalnum()]
    head, tail = mask.head, mask.tail
    if len(signs) - head - tail < 4:
        head, tail = min(head, len(signs) // 4), min(tail, len(signs) // 4)
    hidden = set(signs[head : len(signs) - tail])
    return "".join("*" if at in hidden else sign for at, sign in enumerate(text))
