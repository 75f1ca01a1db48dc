"""From findings of personal data to a masked text."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gongkai.domain.wording.finding import Finding

PERSONAL = "content.person."
_WHOLE_COLUMNS = frozenset({"content.person.health_column", "content.person.minor_column"})
"""Findings about a column of a table: nothing in a text can be masked for them."""


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of the text that are masked, what stands there instead (of the same length), and by which rule."""

    start: int
    end: int
    masked: str
    code: str
    rule: str


@dataclass(frozen=True, slots=True)
class Redaction:
    """A proposal: the spans in order, none overlapping another, and the text with all of them masked."""

    spans: tuple[Span, ...]
    text: str

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to mask."""
        return not self.spans


def plan_redaction(text: str, findings: Iterable[Finding], *, leave: frozenset[str] = frozenset()) -> Redaction:
    """Plan the masking of everything personal that was found in ``text``.

    Masks are those of the rules (of an identity number the first three and last two signs may be read); ``leave`` names
    codes that are left as they are. Findings that do not lie in the text, or do not say what stands there, are left
    out: they belong to another version of it. Of overlapping ones the longer is taken.
    """
    wanted = [f for f in findings if _usable(f, text) and f.code not in leave]
    taken: list[Span] = []
    for finding in sorted(wanted, key=lambda f: (f.start - f.end, f.start, f.code)):
        if all(finding.end <= span.start or span.end <= finding.start for span in taken):
            taken.append(Span(finding.start, finding.end, finding.shown, finding.code, finding.rule))
    taken.sort(key=lambda span: span.start)
    parts: list[str] = []
    at = 0
    for span in taken:
        parts += (text[at : span.start], span.masked)
        at = span.end
    return Redaction(tuple(taken), "".join((*parts, text[at:])))


def _usable(finding: Finding, text: str) -> bool:
    if not finding.code.startswith(PERSONAL) or finding.code in _WHOLE_COLUMNS:
        return False
    if not 0 <= finding.start < finding.end <= len(text) or text[finding.start : finding.end] != finding.text:
        return False
    return len(finding.shown) == finding.end - finding.start and finding.shown != finding.text
