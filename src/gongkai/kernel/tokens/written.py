"""The form of a token: recognizable by people and by programs that look for leaked ones, and how it is kept.

``gk_<key>_<secret><check>``: eight signs that name it, forty that nobody knows, and six by which a mistyped token, and a
text that only looks like one, are told apart from real ones without asking the database.
"""

from __future__ import annotations

import hmac
import re
import secrets
import zlib

from django.conf import settings

PREFIX = "gk_"
SIGNS = "abcdefghijkmnpqrstuvwxyz23456789"
KEY_LENGTH, SECRET_LENGTH, CHECK_LENGTH = 8, 40, 6
FORM = re.compile(rf"gk_([{SIGNS}]{{{KEY_LENGTH}}})_([{SIGNS}]{{{SECRET_LENGTH}}})([0-9a-z]{{{CHECK_LENGTH}}})")
"""By this a leaked token is found in texts, logs and repositories."""


def token_made() -> tuple[str, str]:
    """Return a new token: its key, and the whole as its holder has to send it."""
    key = _signs(KEY_LENGTH)
    body = f"{PREFIX}{key}_{_signs(SECRET_LENGTH)}"
    return key, body + _check(body)


def key_of(written: str) -> str:
    """Return the key of a token, empty where the text is none."""
    found = FORM.fullmatch(written)
    if found is None or not hmac.compare_digest(_check(written[:-CHECK_LENGTH]), found[3]):
        return ""
    return found[1]


def token_digest(written: str) -> str:
    """Return what is kept of a token: 200 random bits need no slow hash, the key keeps a stolen table from being tried."""
    return hmac.new(settings.SECRET_KEY.encode(), b"tokens\x00" + written.encode(), "sha256").hexdigest()


def _signs(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _ in range(length))


def _check(body: str) -> str:
    number, found = zlib.crc32(body.encode()), ""
    digits = "0123456789abcdefghijklmnopqrstuvwxyz"
    while len(found) < CHECK_LENGTH:
        number, rest = divmod(number, 36)
        found = digits[rest] + found
    return found
