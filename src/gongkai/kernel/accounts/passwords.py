"""Passwords: what one must contain, and the one-time passwords that an administrator hands out."""

from __future__ import annotations

import secrets
import string

from django.core.exceptions import ValidationError

from gongkai.rulebook.messages import text

# Without letters and digits that are mistaken for each other when read out or copied from paper.
_LOWER, _UPPER, _DIGITS = "abcdefghjkmnpqrstuvwxyz", "ABCDEFGHJKLMNPQRSTUVWXYZ", "23456789"
KINDS_NEEDED = 3


class LongEnoughValidator:
    """Asks for a least number of characters."""

    def __init__(self, min_length: int) -> None:
        self.min_length = min_length

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when the password is too short."""
        if len(password) < self.min_length:
            raise ValidationError(self.get_help_text(), code="accounts.password.length")

    def get_help_text(self) -> str:
        """Return what is asked for."""
        return text("accounts.password.length", length=self.min_length)


class ThreeKindsValidator:
    """Asks for three of four kinds of characters: small letters, capitals, digits, others."""

    def validate(self, password: str, user: object = None) -> None:
        """Raise ValidationError when fewer than three kinds occur."""
        kinds = (
            any(c in string.ascii_lowercase for c in password),
            any(c in string.ascii_uppercase for c in password),
            any(c.isdigit() for c in password),
            any(not c.isalnum() or not c.isascii() for c in password),
        )
        if sum(kinds) < KINDS_NEEDED:
            raise ValidationError(text("accounts.password.kinds"), code="accounts.password.kinds")

    def get_help_text(self) -> str:
        """Return what is asked for."""
        return text("accounts.password.kinds")


def one_time_password() -> str:
    """Return a random password that satisfies the rules and can be read out: three groups of four."""
    groups = [
        secrets.choice(_UPPER) + "".join(secrets.choice(_LOWER) for _ in range(3)),
        "".join(secrets.choice(_DIGITS) for _ in range(4)),
        "".join(secrets.choice(_LOWER + _DIGITS) for _ in range(4)),
    ]
    return "-".join(groups)
