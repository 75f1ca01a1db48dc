"""What an office sets up for its letters: who it is, whom the applicant may turn to, how its numbers are written. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from gongkai.domain.foi.remedies import ROLE_NAMES, IssuerKind, Role, name_unfit
from gongkai.domain.identifiers import RegisterPattern
from gongkai.domain.issues import Issue

DOC_PATTERN = "{unit}公开〔{year}〕{number}号"
"""How document numbers are written where an office has set nothing else; ``{unit}`` is its code."""
AHEAD = timedelta(days=366)
"""How far ahead a change may be entered; a technical bound against slips of the year."""
NAMED = tuple(role for role in Role if role is not Role.ITSELF)
_CODE = re.compile(r"[\u4e00-\u9fffA-Za-z]{1,20}")


@dataclass(frozen=True, slots=True)
class OfficeEntry:
    """What somebody enters for an office; what is empty is not set, and then what the program knows otherwise holds."""

    issuer_kind: IssuerKind | None = None
    names: Mapping[Role, str] = field(default_factory=dict)
    signs_as: str = ""
    other_names: tuple[str, ...] = ()
    doc_code: str = ""
    doc_pattern: str = ""
    seal_name: str = ""
    contact: str = ""
    phone: str = ""
    address: str = ""
    office_hours: str = ""

    def doc_no(self, *, year: int, number: int, code: str) -> str:
        """Write a document number; ``code`` stands where the office has none of its own."""
        pattern = RegisterPattern(self.doc_pattern or DOC_PATTERN)
        return pattern.format(year=year, number=number, unit=self.doc_code or code)

    def contact_words(self, *, phone: str = "", address: str = "", hours: str = "") -> str:
        """Say in one line whom to ask; what the office left empty is taken from the directory of units."""
        phone, address, hours = self.phone or phone, self.address or address, self.office_hours or hours
        parts = [" ".join(one for one in (self.contact, phone) if one)]
        parts += [f"地址：{address}"] if address else []
        parts += [f"办公时间：{hours}"] if hours else []
        return "，".join(one for one in parts if one)


def check_office(entry: OfficeEntry, *, from_on: date, today: date) -> tuple[Issue, ...]:
    """Return everything that is wrong with an entry; nothing has to be filled in."""
    return tuple(_issues(entry, from_on, today))


def _issues(entry: OfficeEntry, from_on: date, today: date) -> Iterator[Issue]:
    for role, name in entry.names.items():
        if role not in NAMED or name_unfit(role, name.strip()):
            yield Issue("foi.office.name_unfit", role.value, {"name": name.strip(), "role": ROLE_NAMES[role]})
    if entry.doc_code and not _CODE.fullmatch(entry.doc_code):
        yield Issue("foi.office.doc_code", "doc_code", {"code": entry.doc_code})
    if entry.doc_pattern:
        yield from (
            Issue(issue.code, "doc_pattern", issue.values) for issue in RegisterPattern(entry.doc_pattern).issues()
        )
    if from_on > today + AHEAD:
        yield Issue("foi.office.far_ahead", "from_on", {"on": from_on.isoformat()})
