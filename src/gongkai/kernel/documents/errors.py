"""The one way in which reading or writing an office file fails."""

from __future__ import annotations

from gongkai.domain.issues import Issue, Severity
from gongkai.kernel.errors import Refused


class DocumentRefused(Refused):
    """A file cannot be read or a document cannot be written; ``issues`` holds every reason.

    No library's own error leaves ``gongkai.kernel.documents``: it is kept as ``__cause__``.
    """


def refusal(code: str, **values: object) -> DocumentRefused:
    """Build the refusal for one reason about the whole file."""
    return DocumentRefused([Issue(code, field="file", values=values)])


def warning(code: str, **values: object) -> Issue:
    """Build a finding that wants a look but does not stop the reading."""
    return Issue(code, field="file", values=values, severity=Severity.WARNING)


def notice(code: str, **values: object) -> Issue:
    """Build a finding that only tells what was done."""
    return Issue(code, field="file", values=values, severity=Severity.NOTICE)
