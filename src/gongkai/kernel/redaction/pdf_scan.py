"""Words in the picture of a page, by character recognition where it is installed."""

from __future__ import annotations

from collections.abc import Sequence

from PIL import Image

from gongkai.domain.redaction.terms import contains, occurrences
from gongkai.kernel.ocr.engine import Word, engine_ready, recognize
from gongkai.kernel.ocr.layers import PageLayer
from gongkai.kernel.redaction.pdf_signs import Box

LONGEST_SIDE = 4000
_WIDE, _NARROW = 1.0, 0.55


def can_recognize() -> bool:
    """Tell whether pictures can be read."""
    return engine_ready()


def recognized_boxes(picture: Image.Image, terms: Sequence[tuple[int, str]]) -> list[tuple[int, list[Box]]]:
    """Return for each word found in a picture its number and the boxes to blacken, in shares of the picture."""
    found: list[tuple[int, list[Box]]] = []
    for line in PageLayer(1, tuple(recognize(_bounded(picture)))).lines():
        text = "".join(word.text for word in line)
        for number, term in terms:
            found += [(number, _boxes(line, set(places))) for places in occurrences(text, term)]
    return found


def still_read(picture: Image.Image, terms: Sequence[tuple[int, str]]) -> list[int]:
    """Return the numbers of words that can still be read in a picture."""
    text = "\n".join(
        "".join(word.text for word in line) for line in PageLayer(1, tuple(recognize(_bounded(picture)))).lines()
    )
    return [number for number, term in terms if contains(text, term)]


def _boxes(line: Sequence[Word], places: set[int]) -> list[Box]:
    """Return the part of each piece that holds these signs of the line, one sign more to either side."""
    found: list[Box] = []
    at = 0
    for word in line:
        inside = [n - at for n in sorted(places) if at <= n < at + len(word.text)]
        at += len(word.text)
        if not inside:
            continue
        widths = [_WIDE if ord(sign) > 0x2E7F else _NARROW for sign in word.text]
        whole = sum(widths)
        left, top, right, bottom = word.box
        start = sum(widths[: inside[0]]) / whole - 0.5 / whole
        end = sum(widths[: inside[-1] + 1]) / whole + 0.5 / whole
        height = bottom - top
        span = right - left
        found.append(
            (
                max(0.0, left + span * max(0.0, start)),
                max(0.0, top - height * 0.15),
                min(1.0, left + span * min(1.0, end)),
                min(1.0, bottom + height * 0.15),
            )
        )
    return found


def _bounded(picture: Image.Image) -> Image.Image:
    longest = max(picture.size)
    if longest <= LONGEST_SIDE:
        return picture
    share = LONGEST_SIDE / longest
    return picture.resize((max(1, round(picture.width * share)), max(1, round(picture.height * share))))
