"""One reason why not: the shape in which every rule, reader and gate reports what it found.

An issue carries a code and values, never a finished sentence; the sentence comes from the message files of the
rulebook (``gongkai.rulebook.messages``), so that a clerk, the API and a test read the same fact in their own words.
Functions that check something return *all* issues at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from enum import StrEnum


class Severity(StrEnum):
    """How much an issue matters: an error stops the work, a warning wants a look, a notice only tells."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Where:
    """Where in a source something stood; all numbers count from 1.

    ``line_from`` and ``line_to`` are lines of a text, paragraphs of a DOCX file or rows of a sheet, inclusive.
    """

    line_from: int
    line_to: int
    page: int | None = None
    sheet: str | None = None
    column: str | None = None


@dataclass(frozen=True, slots=True)
class Basis:
    """Reference from a result back to the provision it rests on."""

    rule: str
    citation: str
    status: str = "verified"
    layer: str = "cn"
    in_force_from: str | None = None


@dataclass(frozen=True, slots=True)
class Issue:
    """One reason why not.

    ``code`` is dotted (``plan.unit.unknown``) and names the message; ``field`` names the input it concerns;
    ``values`` fill the message; ``basis`` cites the rule where there is one.
    """

    code: str
    field: str | None = None
    values: Mapping[str, object] = dataclass_field(default_factory=dict)
    severity: Severity = Severity.ERROR
    where: Where | None = None
    basis: tuple[Basis, ...] = ()


def has_errors(issues: Iterable[Issue]) -> bool:
    """Tell whether any issue is grave enough to stop the work."""
    return any(issue.severity is Severity.ERROR for issue in issues)
