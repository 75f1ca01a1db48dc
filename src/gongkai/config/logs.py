"""The lines of the log: what went wrong and where, without the rows that a database quotes."""

from __future__ import annotations

import logging
from types import TracebackType

from gongkai.kernel.row_quotes import without_rows

ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class LineFormatter(logging.Formatter):
    """Formats a record; see ``kernel.row_quotes`` for what is left out."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, with the way to the error below it where there was one."""
        kept, record.exc_text = record.exc_text, None  # what another handler has made of it quotes the row
        try:
            return super().format(record)
        finally:
            record.exc_text = kept

    def formatMessage(self, record: logging.LogRecord) -> str:
        """Return the message, also without what it repeats of the error."""
        return without_rows(super().formatMessage(record), record.exc_info[1] if record.exc_info else None)

    def formatException(self, ei: ExcInfo) -> str:
        """Return the way to the error."""
        return without_rows(super().formatException(ei), ei[1])
