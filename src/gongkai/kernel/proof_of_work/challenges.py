"""Challenges for browsers and sums for people: made and checked with a key, nothing is stored for them.

A challenge gives the SHA-256 of a salt with a number behind it; whoever wants to send the form finds the number by trying.
The salt carries when the challenge ends and which form it is for, and closes with ``&``, so that none of its signs can
be taken for a part of the number.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import parse_qs

ALGORITHM = "SHA-256"
LIFE = timedelta(hours=1)
"""How long a form may be filled in; a technical bound."""
LONGEST_ANSWER = 4000
_DIGITS = "零一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Challenge:
    """What the browser gets: find the number up to ``maxnumber``."""

    algorithm: str
    challenge: str
    maxnumber: int
    salt: str
    signature: str

    def as_json(self) -> str:
        """Return it as ALTCHA writes it."""
        return json.dumps({name: getattr(self, name) for name in self.__slots__})


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum for people: the words of the question, and the token that is sent back with the answer."""

    words: str
    token: str


def challenge_make(*, key: bytes, purpose: str, work: int, now: datetime) -> Challenge:
    """Return a new challenge for one form (``purpose``); ``work`` is the largest number, half of it is tried on average."""
    salt = f"{secrets.token_hex(12)}?expires={int((now + LIFE).timestamp())}&purpose={purpose}&"
    told = _hash(salt, secrets.randbelow(work + 1))
    return Challenge(ALGORITHM, told, work, salt, _sign(key, told))


def challenge_solved(answer: str, *, key: bytes, purpose: str, now: datetime) -> str:
    """Return what names the challenge that was solved (to be counted once), empty where none was."""
    try:
        if len(answer) > LONGEST_ANSWER:
            return ""
        told = json.loads(base64.b64decode(answer.encode("ascii"), validate=True))
        salt, number = told["salt"], told["number"]
        given, signature = str(told["challenge"]), str(told["signature"])
        if told["algorithm"] != ALGORITHM or not isinstance(salt, str) or type(number) is not int or number < 0:
            return ""
        held = parse_qs(salt.partition("?")[2].rstrip("&"), strict_parsing=True)
        in_time = int(held["expires"][0]) > now.timestamp()
    except (ValueError, KeyError, TypeError, IndexError, UnicodeError, binascii.Error, RecursionError):
        return ""
    right = hmac.compare_digest(_hash(salt, number), given) and hmac.compare_digest(_sign(key, given), signature)
    return signature if right and in_time and salt.endswith("&") and held.get("purpose") == [purpose] else ""


def solve(challenge: Challenge) -> str:
    """Return the answer to a challenge, as a browser finds it: by trying. For tests and programs."""
    for number in range(challenge.maxnumber + 1):
        if _hash(challenge.salt, number) == challenge.challenge:
            told = {
                "algorithm": challenge.algorithm,
                "challenge": challenge.challenge,
                "number": number,
                "salt": challenge.salt,
                "signature": challenge.signature,
            }
            return base64.b64encode(json.dumps(told).encode()).decode()
    raise ValueError("the challenge has no answer")


def sum_make(*, key: bytes, purpose: str, now: datetime) -> Sum:
    """Return a new sum; what is to be answered follows from the token and the key, and is not in the token."""
    body = f"{secrets.token_hex(12)}.{int((now + LIFE).timestamp())}"
    words, _ = _sum(key, purpose, body)
    return Sum(words, f"{body}.{_sign(key, f'{purpose}:{body}')}")


def sum_answered(token: str, answer: str, *, key: bytes, purpose: str, now: datetime) -> bool:
    """Tell whether the answer to a sum of ours is right; digits may be full-width, numbers in Chinese words too."""
    body, _, signature = token.rpartition(".")
    _, _, expires = body.rpartition(".")
    if not hmac.compare_digest(_sign(key, f"{purpose}:{body}").encode(), signature.encode("utf-8", "replace")):
        return False
    if int(expires) <= now.timestamp():
        return False
    return _number(answer) == _sum(key, purpose, body)[1]


def _sum(key: bytes, purpose: str, body: str) -> tuple[str, int]:
    drawn = hmac.new(key, f"sum:{purpose}:{body}".encode(), "sha256").digest()
    one, two = drawn[0] % 9 + 1, drawn[1] % 9 + 1
    if drawn[2] % 2:
        return f"{_DIGITS[one]}加{_DIGITS[two]}等于多少", one + two
    high = one + two
    return f"{_spoken(high)}减{_DIGITS[two]}等于多少", one


def _spoken(number: int) -> str:
    if number < 10:
        return _DIGITS[number]
    return f"{'' if number < 20 else _DIGITS[number // 10]}十{_DIGITS[number % 10] if number % 10 else ''}"


def _number(answer: str) -> int | None:
    written = answer.strip()
    if len(written) <= 3 and written.isdecimal():
        return int(written)
    return next((number for number in range(20) if written == _spoken(number)), None)


def _hash(salt: str, number: int) -> str:
    return hashlib.sha256(f"{salt}{number}".encode()).hexdigest()


def _sign(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode("utf-8", "replace"), "sha256").hexdigest()
