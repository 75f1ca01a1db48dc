"""The part of a file that a request asks for (RFC 9110, one range). Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})", re.ASCII)


class Unsatisfiable(Exception):
    """The range lies beyond the end of the file."""


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return first and last byte of a ``Range`` header (both included); None where the whole file is to be sent.

    What is no range of bytes, and several at once, is no reason to refuse: the whole file is an answer, too. Raises
    Unsatisfiable.
    """
    found = _RANGE.fullmatch(header.strip())
    if found is None or not (found[1] or found[2]):
        return None
    if not found[1]:
        length = min(int(found[2]), size)
        if length == 0:
            raise Unsatisfiable
        return size - length, size - 1
    first = int(found[1])
    last = min(int(found[2]), size - 1) if found[2] else size - 1
    if found[2] and int(found[2]) < first:
        return None
    if first >= size:
        raise Unsatisfiable
    return first, last
