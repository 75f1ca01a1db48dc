"""Whether a place has come too often with links that open nothing."""

from __future__ import annotations

import hmac
import ipaddress
from datetime import datetime, timedelta

from django.conf import settings

from gongkai.kernel.approvals.models import TokenFailure

MOST = 20
"""Failures from one place within the time below; a technical bound, tokens are too long to be guessed anyway."""
WINDOW = timedelta(minutes=15)


def tokens_throttled(*, place: str, now: datetime) -> bool:
    """Tell whether the place (an address of the network) has failed too often lately, in whatever process."""
    found = TokenFailure.objects.filter(place=place_key(place), since__gt=now - WINDOW)
    return found.filter(count__gte=MOST).exists()


def place_key(place: str) -> str:
    """Return what is kept of a place: a keyed hash; of IPv6 the network that one household gets."""
    return hmac.new(settings.SECRET_KEY.encode(), _network(place).encode(), "sha256").hexdigest()


def _network(place: str) -> str:
    try:
        found = ipaddress.ip_address(place)
    except ValueError:
        return place
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((found.packed, 64), strict=False))
