"""What is to be taken out of a file for good, and on which ground: the marks that a clerk sets. Pure.

Article 37 of the Regulations: where a document holds what may not be disclosed and what may, and the two can be told apart,
the organ gives what may be disclosed and says on which grounds the rest is left out (articles 14, 15 and 16).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from gongkai.domain.issues import Issue
from gongkai.domain.redaction.terms import SHORTEST, plain
from gongkai.domain.wording.finding import Finding

MOST_MARKS = 2000
"""A technical bound."""
LONGEST_TERM = 200
THINNEST = 0.001
"""Share of a page; what is thinner was a slip of the mouse."""
BLOCK = "████"
"""What stands for removed text; always as long, so that it does not tell how much was there."""


@dataclass(frozen=True, slots=True)
class Region:
    """A part of one page (from 1) as it is seen, in shares of its width and height from the left upper corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Term:
    """A word that is removed wherever it stands in the file."""

    text: str


@dataclass(frozen=True, slots=True)
class Mark:
    """One thing to remove: what, on which ground (a key of the grounds of decisions), why in the clerk's words.

    ``rule`` names the finding that proposed it (``content.person.id_number``), if one did.
    """

    what: Region | Term
    ground: str
    reason: str = ""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Removed:
    """Something that was removed: by which mark (None: by what the tool always removes), where, how often.

    ``where`` is in words (``第3页``, ``页眉``), ``what`` a code of the message file (``redaction.removed.text``). The text itself
    is nowhere in it.
    """

    what: str
    where: str
    count: int = 1
    mark: int | None = None
    ground: str = ""
    citation: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What was done: removals in the order of the file, and which checks of the result were made (message codes)."""

    removed: tuple[Removed, ...]
    checks: tuple[str, ...]
    pages: int = 0
    rebuilt: tuple[int, ...] = ()
    notices: tuple[Issue, ...] = ()

    def grounds(self) -> dict[str, int]:
        """Return how many removals rest on which citation, for the decision's list of grounds."""
        counted: dict[str, int] = {}
        for one in self.removed:
            if one.citation:
                counted[one.citation] = counted.get(one.citation, 0) + one.count
        return counted


def terms_of(marks: Iterable[Mark]) -> list[tuple[int, str]]:
    """Return the words to remove with the number of their mark, the longest first: it may hold a shorter one."""
    found = [(number, mark.what.text) for number, mark in enumerate(marks) if isinstance(mark.what, Term)]
    return sorted(found, key=lambda pair: (-len(plain(pair[1])), pair[0]))


def regions_of(marks: Iterable[Mark], page: int) -> list[tuple[int, Region]]:
    """Return the regions of a page with the number of their mark."""
    return [
        (number, mark.what)
        for number, mark in enumerate(marks)
        if isinstance(mark.what, Region) and mark.what.page == page
    ]


def check_marks(marks: Sequence[Mark], *, grounds: Mapping[str, str], pages: int | None) -> list[Issue]:
    """Return everything that is wrong with the marks.

    ``grounds`` holds the citation of every ground a removal may rest on; ``pages`` is the number of pages, None for a
    file without fixed pages, in which no region can be marked.
    """
    issues: list[Issue] = []
    if not marks:
        issues.append(Issue("redaction.no_marks", field="marks"))
    if len(marks) > MOST_MARKS:
        issues.append(
            Issue("redaction.too_many_marks", field="marks", values={"count": len(marks), "most": MOST_MARKS})
        )
    seen: dict[str, int] = {}
    for number, mark in enumerate(marks, start=1):
        if mark.ground not in grounds:
            code = "redaction.ground_missing" if not mark.ground else "redaction.ground_unknown"
            issues.append(Issue(code, field="marks", values={"number": number, "ground": mark.ground}))
        if isinstance(mark.what, Term):
            issues += _term_issues(number, mark.what, seen)
        else:
            issues += _region_issues(number, mark.what, pages)
    return issues


def _term_issues(number: int, term: Term, seen: dict[str, int]) -> list[Issue]:
    signs = plain(term.text)
    if not SHORTEST <= len(signs) <= LONGEST_TERM:
        values = {"number": number, "least": SHORTEST, "most": LONGEST_TERM}
        return [Issue("redaction.term_length", field="marks", values=values)]
    first = seen.setdefault(signs, number)
    return (
        [Issue("redaction.term_twice", field="marks", values={"number": number, "first": first})]
        if first < number
        else []
    )


def _region_issues(number: int, region: Region, pages: int | None) -> list[Issue]:
    if pages is None:
        return [Issue("redaction.region_without_pages", field="marks", values={"number": number})]
    issues = []
    if not 1 <= region.page <= pages:
        values = {"number": number, "page": region.page, "pages": pages}
        issues.append(Issue("redaction.page_unknown", field="marks", values=values))
    inside = 0 <= region.left < region.right <= 1 and 0 <= region.top < region.bottom <= 1
    if not inside or min(region.right - region.left, region.bottom - region.top) < THINNEST:
        issues.append(Issue("redaction.region_bounds", field="marks", values={"number": number}))
    return issues


def marks_of_findings(findings: Iterable[Finding], *, ground: str) -> list[Mark]:
    """Propose a mark for each personal datum that the content check found, each text once."""
    proposed: dict[str, Mark] = {}
    for finding in findings:
        signs = plain(finding.text)
        if finding.code.startswith("content.person.") and SHORTEST <= len(signs) <= LONGEST_TERM:
            proposed.setdefault(signs, Mark(Term(finding.text.strip()), ground, rule=finding.code))
    return list(proposed.values())
