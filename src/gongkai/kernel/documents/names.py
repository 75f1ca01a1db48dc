"""Names of elements of Office Open XML as lxml writes them."""

from __future__ import annotations

from functools import cache

from docx.oxml.ns import qn as _qn


@cache
def qn(name: str) -> str:
    """Return ``w:p`` as ``{address of the namespace}p``; asked many times for every paragraph, worked out once.

    Only for names that stand in the program, never for those of a file: they are kept for good.
    """
    return str(_qn(name))
