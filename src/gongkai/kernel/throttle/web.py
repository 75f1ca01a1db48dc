"""Counting by the address that a request comes from."""

from __future__ import annotations

import logging

from axes.helpers import get_client_ip_address
from django.db import DatabaseError, InterfaceError, connection
from django.http import HttpRequest
from django.utils import timezone

from gongkai.kernel.throttle.selectors import count_of
from gongkai.kernel.throttle.services import Hit, hit

logger = logging.getLogger(__name__)
_NOTHING = Hit(0, 1)


def place_of(request: HttpRequest) -> str:
    """Return the address of who asks, behind as many proxies as are set."""
    return get_client_ip_address(request) or "unknown"


def counted(request: HttpRequest, *, kind: str, seconds: int) -> Hit:
    """Count one request. Where the database cannot be asked nobody is held up: what needs it will say so itself."""
    try:
        return hit(kind=kind, place=place_of(request), seconds=seconds, now=timezone.now())
    except (DatabaseError, InterfaceError):
        if connection.in_atomic_block:
            raise
        logger.warning("requests are not counted (%s): the database does not answer", kind)
        return _NOTHING


def too_many(request: HttpRequest, *, kind: str, limit: int, seconds: int) -> bool:
    """Count one request and tell whether there were more than ``limit`` within ``seconds``; a limit of 0 counts nothing."""
    return limit > 0 and counted(request, kind=kind, seconds=seconds).count > limit


def is_over(request: HttpRequest, *, kind: str, limit: int) -> bool:
    """Tell whether there were ``limit`` already, and count nothing."""
    return count_of(kind=kind, place=place_of(request), now=timezone.now()) >= limit
