"""The door: finds the format, and keeps strangers' files in a process of their own. Needs neither Django nor a database."""

from __future__ import annotations

from gongkai.domain.issues import Issue
from gongkai.kernel.documents.archive import megabytes
from gongkai.kernel.documents.errors import DocumentRefused, refusal
from gongkai.kernel.documents.kinds import find_kind
from gongkai.kernel.documents.limits import DEFAULT
from gongkai.kernel.errors import Refused
from gongkai.kernel.reading import ReaderStopped, ReadingPool
from gongkai.kernel.redaction.docx import redact_docx
from gongkai.kernel.redaction.pdf import redact_pdf
from gongkai.kernel.redaction.result import Order, Redacted

FORMATS = {"pdf": redact_pdf, "docx": redact_docx}
SECONDS = 600
"""Processor time of one file; a technical bound: hundreds of pages are drawn, scans are read."""


def redact(order: Order) -> Redacted:
    """Return the redacted file and its report.

    Raises Refused, and nothing else, with all reasons: marks that cannot be used, a file of another format or that
    cannot be read, a result that did not pass the check (then there is none).
    """
    if len(order.data) > DEFAULT.max_bytes:
        size, limit = megabytes(len(order.data)), megabytes(DEFAULT.max_bytes)
        raise refusal("document.too_large", name=order.name, size=size, limit=limit)
    kind = find_kind(order.data, name=order.name, limits=DEFAULT)
    if kind not in FORMATS:
        raise refusal("redaction.kind", name=order.name, kind=kind.upper())
    try:
        return FORMATS[kind](order)
    except Refused:
        raise
    except Exception as error:
        # Whatever a library stumbles over: nothing is given out, and the person gets one sentence.
        raise refusal("redaction.failed", name=order.name) from error


def redact_apart(order: Order, *, seconds: float = SECONDS) -> Redacted:
    """Do the same in a process of its own, which is ended when it takes too much time or memory."""
    with ReadingPool(answer, size=1, seconds=seconds) as pool:
        try:
            done = pool.submit(order).result()
        except ReaderStopped as stopped:
            code = "redaction.too_slow" if stopped.slow else "redaction.failed"
            raise refusal(code, name=order.name) from stopped
    if isinstance(done, Redacted):
        return done
    raise DocumentRefused(done)


def answer(order: Order) -> Redacted | tuple[Issue, ...]:
    """Return the result or the reasons why there is none: exceptions do not come whole out of a process."""
    try:
        return redact(order)
    except Refused as refused:
        return refused.issues
