"""The name of a problem: the same problem in the same place has the same key, however often it is looked for."""

from __future__ import annotations

import hashlib

KEY_LENGTH = 20
"""Hexadecimal digits of a key; 80 bits, so that the problems of one item never share one."""


def issue_key(code: str, *marks: object) -> str:
    """Return the key of a problem from its code and what tells it apart: field, place, rule, which of several.

    Personal data must be masked in ``marks``: a key is stored and shown.
    """
    joined = "\x1f".join((code, *(str(mark) for mark in marks)))
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:KEY_LENGTH]
