"""How personal data that are kept sealed are shown to those who have not asked for them: by kind, never the whole."""

from __future__ import annotations

from enum import StrEnum

from gongkai.domain.personal_data.masking import Mask, masked

HIDDEN = "****"
"""What stands for characters that are not shown; always as long, so that it does not tell how many there are."""
_NUMBERS = {"phone": Mask(3, 4), "id_number": Mask(3, 2)}


class Shown(StrEnum):
    """What of a value may be seen by everybody who sees its row."""

    NOTHING = "nothing"
    NAME = "name"
    PHONE = "phone"
    EMAIL = "email"
    ID_NUMBER = "id_number"
    ADDRESS = "address"


def displayed(text: str, shown: Shown) -> str:
    """Return what may be seen of ``text``; an empty text stays empty.

    Of a name the first sign, of an e-mail address its first sign and the host, of an address of a home the first six
    signs (province and city), of a phone and an identity number what the content check leaves, of anything else nothing.
    """
    written = text.strip()
    if not written:
        return ""
    if shown is Shown.NAME:
        return written[:1] + "**" if len(written) > 1 else "**"
    if shown is Shown.EMAIL:
        name, at, host = written.rpartition("@")
        return f"{name[:1] if len(name) > 1 else ''}{HIDDEN}@{host}" if at and name and host else HIDDEN
    if shown is Shown.ADDRESS:
        return written[:6] + HIDDEN if len(written) > 12 else HIDDEN
    if shown in _NUMBERS:
        return masked(written, _NUMBERS[shown])
    return HIDDEN
