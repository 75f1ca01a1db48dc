"""Reading an address that somebody typed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST = 254


def read_address(text: str) -> str:
    """Return an address as mail is sent to it: without spaces around, small letters; "" for what is none."""
    found = text.strip().lower()
    if len(found) > LONGEST:
        return ""
    try:
        validate_email(found)
    except ValidationError:
        return ""
    return found
