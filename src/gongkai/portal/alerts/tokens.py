"""The links in mails: signed, each good for one purpose only, so that a link to confirm cannot be turned into another."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum
from uuid import UUID

from django.core.signing import BadSignature, Signer

KEPT = timedelta(days=180)
"""How long a link to the list of one's searches is good for; every mail brings a new one."""
LONGEST = 200


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"
    STOP = "stop"
    STOP_ALL = "stop-all"
    MANAGE = "manage"


def sign(purpose: Purpose, uid: UUID, *, on: date | None = None) -> str:
    """Return the token of a link about an alert or a reader; ``on`` is the day from which its time is counted."""
    told = uid.hex if on is None else f"{uid.hex}-{on:%Y%m%d}"
    return _signer(purpose).sign(told)


def read(purpose: Purpose, token: str) -> UUID | None:
    """Return whom or what a token is about; None for one that is not ours or for another purpose."""
    told = _unsigned(purpose, token)
    return UUID(hex=told.partition("-")[0]) if told else None


def read_dated(purpose: Purpose, token: str, *, today: date) -> UUID | None:
    """Return the same of a token whose time is not over."""
    told = _unsigned(purpose, token)
    name, _, day = told.partition("-")
    if not day or not timedelta(0) <= today - date(int(day[:4]), int(day[4:6]), int(day[6:])) <= KEPT:
        return None
    return UUID(hex=name)


def _unsigned(purpose: Purpose, token: str) -> str:
    if len(token) > LONGEST:
        return ""
    try:
        return _signer(purpose).unsign(token)
    except BadSignature:
        return ""


def _signer(purpose: Purpose) -> Signer:
    return Signer(salt=f"gongkai.portal.alerts.{purpose.value}", sep=".")
