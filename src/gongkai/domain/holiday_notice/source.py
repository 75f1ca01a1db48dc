"""The text of a notice without its accidents: one width of characters, no blanks, every character's line kept."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from html import unescape

from gongkai.domain.issues import Where

_TAG = re.compile(r"<(?:script|style)\b[\s\S]*?</(?:script|style)>|<[a-zA-Z/!][^<>]*>")


@dataclass(frozen=True, slots=True)
class Source:
    """The text with blanks and line ends taken out; ``lines[i]`` is the line, from 1, of character i."""

    text: str
    lines: tuple[int, ...]

    def where(self, start: int, end: int) -> Where:
        """The lines that a stretch of the text came from."""
        if not self.lines:
            return Where(1, 1)
        last = len(self.lines) - 1
        return Where(self.lines[min(start, last)], self.lines[min(max(end - 1, start), last)])


def clean(raw: str) -> Source:
    """Bring a text into the form the patterns expect.

    Full-width digits and signs become plain ones and every blank goes, so that 「１０ 月１日」 and a line broken in the
    middle of a date read like the original. The tags of a saved web page go too.
    """
    if "</" in raw:
        raw = unescape(_TAG.sub(lambda tag: "\n" * tag[0].count("\n"), raw))
    chars: list[str] = []
    lines: list[int] = []
    for number, line in enumerate(raw.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        for char in unicodedata.normalize("NFKC", line):
            if char.isspace() or char in "\ufeff\u200b":
                continue
            chars.append(
                {"[": "〔", "]": "〕", ";": "。", "－": "-", "—": "-", "–": "-", "~": "-", "到": "至"}.get(char, char)
            )
            lines.append(number)
    return Source("".join(chars), tuple(lines))
