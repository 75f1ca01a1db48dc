"""Dates as documents write them: 2024年7月19日, 二〇二四年七月十九日, 2024-07-19, 2024.7.19."""

from __future__ import annotations

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta

_ZERO_TO_NINE = {c: n for n, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "○": 0,
    "Ｏ": 0,
    "O": 0,
    "０": 0,
    "两": 2,
}
_CHINESE = "零〇○ＯO一二三四五六七八九十"
_GAP = r"[ \t\u3000\xa0]*"
_NUMBER = rf"(?:[0-9０-９]{{1,2}}|[{_CHINESE}]{{1,3}})"
DATE = re.compile(
    rf"(?P<year>[0-9０-９]{{4}}|[{_CHINESE}]{{4}}){_GAP}年{_GAP}(?P<month>{_NUMBER}){_GAP}月{_GAP}(?P<day>{_NUMBER}){_GAP}日"
    r"|(?P<y>(?:19|20)[0-9]{2})(?P<sep>[-/.])(?P<m>[0-9]{1,2})(?P=sep)(?P<d>[0-9]{1,2})(?![0-9])"
)


def read_number(text: str) -> int | None:
    """Read a number up to 99 in digits of any width or in Chinese (十五, 二十, 三十一); None for anything else."""
    text = unicodedata.normalize("NFKC", text.strip())
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(c not in _ZERO_TO_NINE and c != "十" for c in text):
        return None
    if "十" not in text:
        value = 0
        for c in text:
            value = value * 10 + _ZERO_TO_NINE[c]
        return value
    tens, _, ones = text.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return None
    return (_ZERO_TO_NINE[tens] if tens else 1) * 10 + (_ZERO_TO_NINE[ones] if ones else 0)


def read_date(text: str) -> date | None:
    """Read a text that is one date and nothing else but blanks; None for anything else, also for days that do not exist."""
    match = DATE.fullmatch(text.strip())
    return date_of(match) if match else None


def date_of(match: re.Match[str]) -> date | None:
    """Return the day that a match of ``DATE`` names, or None where there is no such day."""
    if match["year"] is None:
        parts: list[int | None] = [int(match["y"]), int(match["m"]), int(match["d"])]
    else:
        parts = [_year(match["year"]), read_number(match["month"]), read_number(match["day"])]
    year, month, day = parts
    if year is None or month is None or day is None:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def find_date(text: str) -> date | None:
    """Return the first date in a text, or None."""
    return next((found for match in DATE.finditer(text) if (found := date_of(match)) is not None), None)


def years_later(start: date, years: int) -> date:
    """Return the last day of a term of whole years that begins on ``start``."""
    year = start.year + years
    day = min(start.day, monthrange(year, start.month)[1])
    return date(year, start.month, day) - timedelta(days=1)


def _year(text: str) -> int | None:
    text = unicodedata.normalize("NFKC", text)
    if text.isascii() and text.isdigit():
        return int(text)
    digits = [_ZERO_TO_NINE.get(c) for c in text]
    if any(d is None for d in digits):
        return None
    return int("".join(str(d) for d in digits))
