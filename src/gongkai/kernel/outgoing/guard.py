"""Which machines may be asked: those of the public Internet, and those of the inside that the operator has named.

What is judged is the address that a name leads to, after it was looked up, and that very address is what is connected
to: a name that points to the inside, or begins to do so between two look-ups, leads nowhere.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Networks = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class Inside(Exception):
    """The name leads to a machine of the inside, which nobody outside may make us ask."""


class Unknown(Exception):
    """The name leads nowhere."""


def networks(texts: Iterable[str]) -> Networks:
    """Read networks or single addresses (``10.2.0.0/16``, ``10.2.3.4``); raises ValueError naming what is none."""
    return tuple(ipaddress.ip_network(text, strict=False) for text in texts)


def addresses_of(host: str, port: int, *, allowed: Networks) -> list[str]:
    """Look a name up and return its addresses, all of which may be asked; raises Inside or Unknown.

    One address of the inside among several condemns the name: nobody publishes such a mixture in good faith.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unknown(host) from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses:
        raise Unknown(host)
    if not all(is_permitted(address, allowed=allowed) for address in addresses):
        raise Inside(host)
    return addresses


def is_permitted(address: str, *, allowed: Networks = ()) -> bool:
    """Tell whether a numeric address belongs to the public Internet, or to a network that was named."""
    try:
        found = ipaddress.ip_address(address)  # a zone (fe80::1%eth0) makes it an address of the inside anyway
    except ValueError:
        return False
    return all(_is_public(one) or any(one in network for network in allowed) for one in _leads_to(found))


def _is_public(address: Address) -> bool:
    return address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified)


def _leads_to(address: Address) -> Sequence[Address]:
    """Return what has to be permitted: the IPv4 address that an IPv6 one stands for, or both where it is a tunnel."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped is not None:
        return [address.ipv4_mapped]
    if address in _NAT64:
        return [ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)]
    if address.sixtofour is not None:
        return [address, address.sixtofour]
    return [address, *address.teredo] if address.teredo is not None else [address]
