"""Administrative division codes: GB/T 2260 (six digits) and its extensions for towns (nine) and villages (twelve)."""

from __future__ import annotations

import re

# First two digits of GB/T 2260: provinces, autonomous regions, municipalities, special administrative regions.
_PROVINCES = frozenset(
    str(number)
    for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 82))
    for number in range(first, last + 1)
)


def is_division_code(code: str) -> bool:
    """Tell whether ``code`` has the shape of a division code: 6, 9 or 12 digits under a known province.

    A six-digit code names province (``360000``), prefecture (``360700``) or county (``360783``); ``360083`` (a county
    without prefecture) has no valid shape.
    """
    if not re.fullmatch(r"\d{6}(\d{3}(\d{3})?)?", code) or code[:2] not in _PROVINCES:
        return False
    if code[2:4] == "00" and code[4:6] != "00":
        return False
    if len(code) >= 9 and (code[4:6] == "00" or code[6:9] == "000"):
        return False
    return not (len(code) == 12 and code[9:] == "000")


def significant(code: str) -> str:
    """Return the digits that carry meaning: ``360000`` → ``36``, ``360700`` → ``3607``, ``360783`` → itself."""
    if len(code) > 6:
        return code
    if code.endswith("0000"):
        return code[:2]
    return code[:4] if code.endswith("00") else code


def rule_layer(code: str) -> str:
    """Return the rulebook layer of a division, e.g. ``cn-3607`` for ``360700``."""
    return f"cn-{significant(code)}"


def is_within(code: str, superior: str) -> bool:
    """Tell whether the division ``code`` lies within the division ``superior`` (or is it)."""
    return code.startswith(significant(superior))
