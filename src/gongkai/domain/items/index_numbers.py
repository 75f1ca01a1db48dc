"""Index numbers (索引号): the schemes in use, building a number from its parts and reading it back.

A number is given once, at the first circulation or publication, and never again: not after a withdrawal, not after the
unit was renamed or merged. Serial numbers run by unit and year.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from gongkai.domain.issues import Issue

CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""Signs of a unified social credit code (GB 32100-2015); I, O, S, V and Z are not used."""
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
DEFAULT = "usc"
FALLBACK = "letter_cat"
NO_CATEGORY = "0000"


@dataclass(frozen=True, slots=True)
class Scheme:
    """How index numbers of a unit are written.

    ``code`` is a pattern for the unit's part, ``code_words`` says in Chinese what is expected there; ``width`` is the
    least number of digits of the serial number; ``category`` tells whether the subject class is a part of it.
    """

    id: str
    name: str
    code: str
    code_words: str
    width: int
    category: bool = False

    @property
    def pattern(self) -> re.Pattern[str]:
        """Return the pattern of whole numbers with the groups code, category, year and number."""
        serial = rf"(?P<number>\d{{{self.width},9}})"
        if self.category:
            return re.compile(rf"(?P<code>{self.code})-(?P<category>\d{{2,6}})-(?P<year>\d{{4}})-{serial}")
        return re.compile(rf"(?P<code>{self.code})/(?P<year>\d{{4}})-{serial}")


SCHEMES: Mapping[str, Scheme] = {
    scheme.id: scheme
    for scheme in (
        Scheme("usc", "统一社会信用代码/年-流水号", rf"[{CODE_SIGNS}]{{18}}", "18位统一社会信用代码", 5),
        Scheme("state_council", "组织机构代码（9位数字）/年-流水号", r"\d{9}", "9位数字的组织机构代码", 5),
        Scheme("org9", "组织机构代码（9位）/年-流水号", r"[0-9A-Z]{9}", "9位组织机构代码", 5),
        Scheme(
            "letter_cat",
            "机构代码-类别代码-年份-流水号",
            r"[A-Z]\d{5}",
            "一个大写字母加5位数字的机构代码",
            4,
            category=True,
        ),
    )
}


@dataclass(frozen=True, slots=True)
class IndexNo:
    """An index number in its parts; ``str()`` writes it. ``category`` is empty where the scheme has none."""

    scheme: str
    code: str
    year: int
    number: int
    category: str = ""

    def __str__(self) -> str:
        scheme = SCHEMES[self.scheme]
        serial = f"{self.number:0{scheme.width}d}"
        if scheme.category:
            return f"{self.code}-{self.category or NO_CATEGORY}-{self.year}-{serial}"
        return f"{self.code}/{self.year}-{serial}"


def tidy_code(code: str) -> str:
    """Return a unit's code in its one form: half-width capitals without spaces, dashes or dots."""
    return re.sub(r"[\s\-–—·.]", "", unicodedata.normalize("NFKC", code)).upper()


def code_issues(scheme_id: str, code: str) -> list[Issue]:
    """Return everything that is wrong with a unit's code under a scheme; the check digits are computed."""
    scheme = SCHEMES.get(scheme_id)
    if scheme is None:
        values: dict[str, object] = {"scheme": scheme_id, "known": "、".join(SCHEMES)}
        return [Issue("disclosure.index.scheme_unknown", field="scheme", values=values)]
    if not re.fullmatch(scheme.code, code):
        values = {"code": code, "expected": scheme.code_words}
        return [Issue("disclosure.index.code_form", field="code", values=values)]
    if scheme_id == "usc" and code[-1] != usc_check_digit(code[:17]):
        values = {"code": code, "given": code[-1], "expected": usc_check_digit(code[:17])}
        return [Issue("disclosure.index.check_digit", field="code", values=values)]
    if scheme_id in ("state_council", "org9") and code[-1] != org_check_digit(code[:8]):
        values = {"code": code, "given": code[-1], "expected": org_check_digit(code[:8])}
        return [Issue("disclosure.index.check_digit", field="code", values=values)]
    return []


def usc_check_digit(first: str) -> str:
    """Return the 18th sign of a unified social credit code from its first 17 (GB 32100-2015)."""
    total = sum(CODE_SIGNS.index(sign) * weight for sign, weight in zip(first, _WEIGHTS, strict=True))
    return CODE_SIGNS[(31 - total % 31) % 31]


def org_check_digit(first: str) -> str:
    """Return the 9th sign of an organization code from its first 8 (GB 11714-1997)."""
    total = sum(_ORG_SIGNS.index(sign) * weight for sign, weight in zip(first, _ORG_WEIGHTS, strict=True))
    rest = 11 - total % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def build_index_no(*, scheme: str, code: str, year: int, number: int, category: str = "") -> IndexNo:
    """Build an index number; raises ValueError when a part does not fit the scheme."""
    known = SCHEMES.get(scheme)
    if known is None:
        raise ValueError(f"{scheme!r} is no scheme of index numbers")
    if not re.fullmatch(known.code, code):
        raise ValueError(f"{code!r} is no unit code of the scheme {scheme}")
    if number < 1 or not 1000 <= year <= 9999:
        raise ValueError("serial numbers count from 1 and years have four digits")
    category = (category or NO_CATEGORY) if known.category else ""
    if category and not re.fullmatch(r"\d{2,6}", category):
        raise ValueError(f"{category!r} is no category of an index number")
    return IndexNo(scheme, code, year, number, category)


def parse_index_no(text: str) -> IndexNo | None:
    """Read an index number of any known scheme; None when it is none. Full-width signs and spaces around it are allowed."""
    tidy = unicodedata.normalize("NFKC", text).strip().upper()
    for scheme in SCHEMES.values():
        match = scheme.pattern.fullmatch(tidy)
        if match and int(match["number"]) > 0:
            category = match["category"] if scheme.category else ""
            return IndexNo(scheme.id, match["code"], int(match["year"]), int(match["number"]), category)
    return None


def fallback_code(unit_number: int) -> str:
    """Return the code of a unit whose own code is not on file yet: a letter and five digits from its number."""
    letter, digits = divmod(unit_number, 100_000)
    if letter >= 26:
        raise ValueError(f"{unit_number} is too large for a unit code")
    return f"{'UABCDEFGHIJKLMNOPQRSTVWXYZ'[letter]}{digits:05d}"
