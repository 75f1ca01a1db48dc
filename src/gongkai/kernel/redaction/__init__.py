"""True redaction (区分处理, article 37): what is marked is taken out of a file for good, and the result is read again.

``redact(order)`` takes a PDF or DOCX file with marks (``gongkai.domain.redaction.marks``) and gives a new file and a report;
``redact_apart`` does it in a process of its own, for files of strangers. Nothing is given out that did not pass the
check. How it is done is told in docs/domain/redaction.md.
"""

from gongkai.kernel.redaction.result import MOST_PAGES, Order, Redacted
from gongkai.kernel.redaction.working import redact, redact_apart

__all__ = ["MOST_PAGES", "Order", "Redacted", "redact", "redact_apart"]
