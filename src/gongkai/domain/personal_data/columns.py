"""What the headers of a table give away: columns of addresses, of illness, of data about children."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_BLANKS = re.compile(r"[\s（）()：:]+")
_ADDRESS = re.compile(
    "(?:家庭|户籍|户口|居住|现住|常住|通讯|通信|联系|身份证)(?:地|所在地|住|详细)*(?:址|地址)|^住址$|^现住址?$"
)


@dataclass(frozen=True, slots=True)
class Headers:
    """Words that head the columns of a table: those of names, of health, of minors, of posts in an office."""

    name: tuple[str, ...]
    health: tuple[str, ...]
    minor: tuple[str, ...]
    office: tuple[str, ...] = ()


def is_address_header(label: str) -> bool:
    """Tell whether a column is headed as one of home addresses."""
    return _ADDRESS.search(_BLANKS.sub("", label)) is not None


def lists_persons(headers: Sequence[str], words: Headers) -> bool:
    """Tell whether a table lists private persons: it has a column of names and none of posts or offices."""
    plain = [_BLANKS.sub("", header) for header in headers]
    named = any(word in header for header in plain for word in words.name)
    return named and not any(word in header for header in plain for word in words.office)


def sensitive_columns(headers: Sequence[str], words: Headers) -> list[tuple[int, str]]:
    """Return (column, code) of the columns that must not stand beside a name, both as the caller counts columns.

    Nothing is returned for a table without a column of names.
    """
    plain = [_BLANKS.sub("", header) for header in headers]
    if not any(word in header for header in plain for word in words.name):
        return []
    found = []
    for number, header in enumerate(plain):
        if any(word in header for word in words.health):
            found.append((number, "content.person.health_column"))
        elif any(word in header for word in words.minor):
            found.append((number, "content.person.minor_column"))
    return found
