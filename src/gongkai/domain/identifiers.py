"""Document numbers (发文字号) and register numbers (登记编号): read in any of their spellings, written in one.

A document number is the code of the issuing organ, the year in hexagonal brackets and the serial number, as GB/T
9704-2012 (section 7.2.5) has it: 赣市府办字〔2023〕57号. In files it comes with every kind of bracket, full-width digits,
spaces and leading zeros.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.domain.issues import Issue

_OPEN, _CLOSE = "〔\\[【（(［〖﹝「〈<", "〕\\]】）)］〗﹞」〉>"
SPELLED, UNIFIED = "[【（(［〖﹝「〈<]】）)］〗﹞」〉>０１２３４５６７８９", "〔" * 10 + "〕" * 10 + "0123456789"
"""Character by character: every bracket and digit that numbers are written with, and the one form they are compared in."""
_UNIFY = str.maketrans(SPELLED, UNIFIED)
_DIGIT = "[0-9０-９]"
_PREFIX = r"[\u4e00-\u9fffA-Za-z]"
_SPACE = r"[ \t\u3000\xa0]"
_DOC_NO = re.compile(
    rf"(?P<prefix>{_PREFIX}(?:{_SPACE}{{0,2}}{_PREFIX}){{0,19}}){_SPACE}*"
    rf"[{_OPEN}]{_SPACE}*(?P<year>{_DIGIT}{{4}}){_SPACE}*年?{_SPACE}*[{_CLOSE}]{_SPACE}*"
    rf"第?{_SPACE}*(?P<number>{_DIGIT}{{1,5}}){_SPACE}*号"
)
_LEAD_IN = re.compile(
    ".*(?:根据|按照|依据|依照|参照|遵照|落实|贯彻|执行|废止|转发|印发|文件|通知|以及|包括|即)|[见按据]|.+[和与及见]"
)
EARLIEST_YEAR = 1949


@dataclass(frozen=True, slots=True, order=True)
class DocNo:
    """A document number; ``str()`` writes it in its one correct form.

    ``year`` has four digits, ``number`` counts from 1. Raises ValueError for anything else.
    """

    prefix: str
    year: int
    number: int

    def __post_init__(self) -> None:
        if not self.prefix or not re.fullmatch(rf"{_PREFIX}+", self.prefix):
            raise ValueError(f"{self.prefix!r} is no code of an issuing organ")
        if not EARLIEST_YEAR <= self.year <= 9999:
            raise ValueError(f"{self.year} is no year of a document number")
        if self.number < 1:
            raise ValueError("a document number counts from 1")

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕{self.number}号"


@dataclass(frozen=True, slots=True)
class FoundDocNo:
    """A document number in running text: ``text[start:end]`` is how it was written there."""

    doc_no: DocNo
    start: int
    end: int


def parse_doc_no(text: str) -> DocNo | None:
    """Read a text that is a document number and nothing else (spaces around it are allowed); None when it is not."""
    match = _DOC_NO.fullmatch(text.strip())
    return _doc_no(match["prefix"], match["year"], match["number"]) if match else None


def unified(text: str) -> str:
    """Return a text with its brackets and digits in one form, so that 赣府办字[2023]57号 is found as 〔2023〕57号."""
    return text.translate(_UNIFY)


def find_doc_nos(text: str) -> list[FoundDocNo]:
    """Find the document numbers in a running text, in order.

    Words that lead up to a number (根据, 按照, 转发 …) are not taken for part of its code.
    """
    found = []
    for match in _DOC_NO.finditer(text):
        prefix, start = match["prefix"], match.start()
        if prefix[0] in "和与及" and len(prefix) > 1 and text[:start].rstrip()[-1:] in tuple("号）)》"):
            prefix, start = prefix[1:], start + 1  # "…5号和…": the conjunction; at the beginning 和 may be a county
        lead = _LEAD_IN.match(prefix)
        if lead is not None and lead.end() < len(prefix):
            prefix, start = prefix[lead.end() :], start + lead.end()
        skipped = len(prefix) - len(prefix.lstrip())
        doc_no = _doc_no(prefix, match["year"], match["number"])
        if doc_no is not None:
            found.append(FoundDocNo(doc_no, start + skipped, match.end()))
    return found


def _doc_no(prefix: str, year: str, number: str) -> DocNo | None:
    try:
        return DocNo(re.sub(_SPACE, "", prefix), _integer(year), _integer(number))
    except ValueError:
        return None


def _integer(digits: str) -> int:
    return int(unicodedata.normalize("NFKC", digits))


_FIELDS = ("series", "unit", "year", "year2", "number")
_WIDTH = re.compile(r"0?([1-9])d?")


@dataclass(frozen=True, slots=True)
class RegisterPattern:
    """How numbers of a register are written: text with places in braces.

    ``{number}`` is the number, ``{number:4}`` the number with at least four digits, ``{year}`` the year, ``{year2}`` its
    last two digits, ``{unit}`` the code of the unit, ``{series}`` the code of the series. ``{number}`` must be there.
    """

    text: str

    def issues(self) -> list[Issue]:
        """Return everything that is wrong with the pattern; none when it can be used."""
        try:
            parts = list(string.Formatter().parse(self.text))
        except ValueError:
            return [Issue("registers.pattern.braces", field="pattern", values={"pattern": self.text})]
        found: list[Issue] = []
        names = [name for _, name, _, _ in parts if name is not None]
        unknown = [name for name in dict.fromkeys(names) if name not in _FIELDS]
        if unknown:
            values = {"names": "、".join(f"{{{name}}}" for name in unknown)}
            found.append(Issue("registers.pattern.unknown", field="pattern", values=values))
        if names.count("number") != 1:
            found.append(Issue("registers.pattern.no_number", field="pattern", values={"pattern": self.text}))
        for _, name, spec, conversion in parts:
            if name in _FIELDS and (conversion or (spec and (name != "number" or not _WIDTH.fullmatch(spec)))):
                found.append(Issue("registers.pattern.width", field="pattern", values={"name": name}))
        return found

    def format(self, *, year: int, number: int, unit: str = "", series: str = "") -> str:
        """Write a number. Raises ValueError when the pattern cannot be used or a value is out of range."""
        if self.issues():
            raise ValueError(f"{self.text!r} is no pattern of register numbers")
        if number < 1 or not 1000 <= year <= 9999:
            raise ValueError("register numbers count from 1 and years have four digits")
        values = {"year": str(year), "year2": f"{year % 100:02d}", "unit": unit, "series": series}
        out = []
        for literal, name, spec, _ in string.Formatter().parse(self.text):
            out.append(literal)
            if name == "number":
                out.append(f"{number:0{_width(spec)}d}")
            elif name is not None:
                out.append(values[name])
        return "".join(out)

    def parse(self, text: str) -> Mapping[str, str | int] | None:
        """Read a number back into its places; None when it was not written in this pattern.

        ``year``, ``year2`` and ``number`` come as integers. Raises ValueError when the pattern cannot be used.
        """
        if self.issues():
            raise ValueError(f"{self.text!r} is no pattern of register numbers")
        expression, seen = "", set()
        for literal, name, spec, _ in string.Formatter().parse(self.text):
            expression += re.escape(literal)
            if name is None:
                continue
            inner = {"year": "[0-9]{4}", "year2": "[0-9]{2}", "number": f"[0-9]{{{_width(spec)},9}}"}.get(name, ".*?")
            expression += f"(?P={name})" if name in seen else f"(?P<{name}>{inner})"
            seen.add(name)
        match = re.fullmatch(expression, unicodedata.normalize("NFC", text.strip()))
        if match is None:
            return None
        numeric = {"year", "year2", "number"}
        return {name: int(value) if name in numeric else value for name, value in match.groupdict().items()}


def _width(spec: str | None) -> int:
    match = _WIDTH.fullmatch(spec or "")
    return int(match.group(1)) if match else 1
