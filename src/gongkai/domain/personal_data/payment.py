"""Numbers of bank cards: the Luhn checksum, and the beginnings and lengths that cards issued in China have."""

from __future__ import annotations

import re

_CARDS = re.compile(
    "62[0-9]{14,17}"  # UnionPay, 16 to 19 digits
    "|4[0-9]{15}(?:[0-9]{3})?"  # Visa, and older cards of 19 digits
    "|5[1-5][0-9]{14}"  # Mastercard
    "|2(?:2(?:2[1-9]|[3-9][0-9])|[3-6][0-9]{2}|7(?:[01][0-9]|20))[0-9]{12}"  # Mastercard, 2221 to 2720
    "|3[47][0-9]{13}"  # American Express
    "|35(?:2[89]|[3-8][0-9])[0-9]{12}"  # JCB
    "|(?:9558|9559|9111|9400|6013|6029|6058|6070|6091)[0-9]{12,15}"  # cards older than the UnionPay numbers
    "|103[0-9]{16}"
)

UNLABELLED = re.compile("62[0-9]{14,17}|4[0-9]{15}(?:[0-9]{3})?|5[1-5][0-9]{14}|955[89][0-9]{12,15}")
"""Beginnings that are taken for a card even where no word nearby says so."""


def passes_luhn(number: str) -> bool:
    """Tell whether the last digit is the Luhn check digit (ISO/IEC 7812-1) of those before it; digits only."""
    if not (number.isascii() and number.isdigit()):
        return False
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (2 if position % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def is_card_number(number: str, *, labelled: bool) -> bool:
    """Tell whether the digits make a bank card: a known beginning and length, and the checksum.

    ``labelled`` says that a word nearby speaks of an account or card; then rarer beginnings count too.
    """
    form = _CARDS if labelled else UNLABELLED
    return form.fullmatch(number) is not None and passes_luhn(number)
