"""Numbers made by their standards; none of them was taken from a person."""

from __future__ import annotations

from datetime import date

from hypothesis import strategies as st

from gongkai.domain.personal_data import Mask, PersonalRules, Rule, check_digit, passes_luhn
from gongkai.domain.personal_data.identity import PROVINCES
from gongkai.domain.wording import Grade

CODES = [
    "id_number",
    "id_number_doubtful",
    "id_number_old",
    "mobile",
    "landline",
    "bank_card",
    "account",
    "address",
    "passport",
    "plate",
    "health_column",
    "minor_column",
]
RULES = PersonalRules(
    kinds={f"content.person.{code}": Rule(code, Grade.L2, Mask(head=3, tail=2)) for code in CODES},
    allowed=frozenset({"13900000000"}),
)


@st.composite
def identity_numbers(draw: st.DrawFn) -> str:
    province = draw(st.sampled_from(sorted(PROVINCES)))
    place = draw(st.integers(0, 9999))
    born = draw(st.dates(date(1900, 1, 1), date(2030, 12, 31)))
    body = f"{province}{place:04d}{born:%Y%m%d}{draw(st.integers(0, 999)):03d}"
    return body + check_digit(body)


def card(body: str) -> str:
    """Return ``body`` with its Luhn digit."""
    return next(body + str(digit) for digit in range(10) if passes_luhn(body + str(digit)))
