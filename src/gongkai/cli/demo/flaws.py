"""What must never be published, for the drafts that show how it is found. None of it is anybody's."""

from __future__ import annotations

from gongkai.domain.personal_data.identity import check_digit
from gongkai.domain.personal_data.payment import passes_luhn

PLACE = "369981"
"""A division code that was never given, so no identity number that begins with it is a person's."""
PHONE = f"139{'0' * 7}8"


def identity_number() -> str:
    """Return an identity number of nobody, with the right check digit."""
    body = f"{PLACE}19900307018"
    return body + check_digit(body)


def card_number() -> str:
    """Return a bank card number that was never given, with the right check digit."""
    body = f"622848{'9' * 4}{'0' * 6}12"
    return next(body + digit for digit in "0123456789" if passes_luhn(body + digit))
