"""What a form has seen: lets a service notice that somebody else changed a row since the page was opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any

from gongkai.domain.issues import Issue
from gongkai.kernel.errors import Refused


def fingerprint(row: Any, fields: Iterable[str]) -> str:
    """Return a short digest of these fields of a row; equal values give equal digests in every process."""
    values = repr([(name, getattr(row, name)) for name in sorted(fields)])
    return hashlib.sha256(values.encode()).hexdigest()[:20]


def require_unchanged(row: Any, fields: Iterable[str], seen: str) -> None:
    """Raise Refused when ``seen`` (empty: not asked) is no fingerprint of the row, which the caller has locked."""
    if seen and seen != fingerprint(row, fields):
        raise Refused(Issue("kernel.changed_meanwhile", values={"name": str(row)}))
