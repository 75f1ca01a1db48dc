"""Identity numbers of residents (GB 11643): 18 digits with a check digit, and the 15 digits used until 1999.

The division code is checked for its province only: numbers keep the code of the place where they were given out, and
most of those codes have been abolished since.
"""

from __future__ import annotations

from datetime import date

PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
        "71",
        "81",
        "82",
        "83",
    ]
)
"""First two digits of a division code (GB/T 2260); 83 stands in residence permits of people from Taiwan."""

EARLIEST_BIRTH = 1850
LATEST_BIRTH = 2099
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"


def check_digit(body: str) -> str:
    """Return the 18th character for the first seventeen digits; raises ValueError for anything but 17 digits."""
    if len(body) != 17 or not (body.isascii() and body.isdigit()):
        raise ValueError("an identity number has seventeen digits before its check digit")
    return CHECK_DIGITS[sum(weight * int(digit) for weight, digit in zip(WEIGHTS, body, strict=True)) % 11]


def birth_date(number: str) -> date | None:
    """Return the date of birth in a number of 15 or 18 characters, or None when there is no such day."""
    digits = number[6:14] if len(number) == 18 else "19" + number[6:12]
    if not digits.isdigit() or not EARLIEST_BIRTH <= int(digits[:4]) <= LATEST_BIRTH:
        return None
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def is_plausible(number: str) -> bool:
    """Tell whether province and date of birth exist; the check digit is not looked at.

    ``number`` is 15 or 18 characters without separators; a number of 15 digits needs a prefecture below 60 or 90 too.
    """
    if number[:2] not in PROVINCES or birth_date(number) is None:
        return False
    return len(number) == 18 or ("01" <= number[2:4] < "60" or number[2:4] == "90")


def is_identity_number(number: str) -> bool:
    """Tell whether 18 characters make an identity number: province, date of birth and check digit are right."""
    body, last = number[:17], number[17:].upper()
    return (
        len(number) == 18 and number.isascii() and body.isdigit() and is_plausible(number) and check_digit(body) == last
    )
