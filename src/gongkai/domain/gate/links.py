"""Links in the body of an item: where they lead, judged by their form alone."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlsplit

_INSIDE = (".local", ".lan", ".internal", ".intranet", ".localdomain", ".home", ".corp", ".test", ".invalid")
_SPACES = re.compile(r"[\s\u3000]")

PROBLEMS: Mapping[str, str] = {
    "no_name": "找不到这个域名",
    "refused": "连接不上",
    "timeout": "很久没有回应",
    "certificate": "证书有问题",
    "redirects": "转来转去没有尽头",
    "no_http": "回应的不是网页",
}
"""Why an address did not open, in words, where no status of HTTP says it."""
INSIDE = "inside"
"""The problem of an address whose name leads to a machine of the inside."""


class LinkKind(StrEnum):
    """Where an address leads: out into the web, to a page of the own site, within the page, or nowhere one may point."""

    EXTERNAL = "external"
    INTERNAL = "internal"
    ANCHOR = "anchor"
    CONTACT = "contact"
    PRIVATE = "private"
    MALFORMED = "malformed"


@dataclass(frozen=True, slots=True)
class FoundLink:
    """A link in a block of the body: the address and the words that carry it."""

    block: str
    url: str
    text: str


class _Anchors(HTMLParser):
    """Collects (address, text) of the links of sanitized HTML; a picture inside a link speaks with its ``alt``."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[tuple[str, str]] = []
        self._url: str | None = None
        self._text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Begin a link, or take the words of a picture inside one."""
        given = dict(attrs)
        if tag == "a" and "href" in given:
            self._finish()
            self._url, self._text = given["href"] or "", []
        elif tag == "img" and self._url is not None:
            self._text.append(given.get("alt") or "")

    def handle_data(self, data: str) -> None:
        """Take the words of a link."""
        if self._url is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        """End a link."""
        if tag == "a":
            self._finish()

    def close(self) -> None:
        """End what was left open."""
        super().close()
        self._finish()

    def _finish(self) -> None:
        if self._url is not None:
            self.found.append((self._url.strip(), "".join(self._text).strip()))
        self._url = None


def find_links(body: tuple[Mapping[str, Any], ...]) -> Iterator[FoundLink]:
    """Yield the links of a body in reading order."""
    for block in body:
        value = block.get("value")
        if isinstance(value, str) and "<a" in value.lower():
            reader = _Anchors()
            reader.feed(value)
            reader.close()
            for url, text in reader.found:
                yield FoundLink(str(block.get("id", "")), url, text)


def link_kind(url: str, *, own_hosts: frozenset[str] = frozenset()) -> LinkKind:
    """Judge an address by its form.

    Only http, https, mailto and tel are addresses that the public can use. Hosts of the inside (private and loopback
    addresses, names without a dot, .local …) are ``PRIVATE``: the public cannot reach them and learns about the network.
    """
    if not url or _SPACES.search(url):
        return LinkKind.MALFORMED
    if url.startswith("#"):
        return LinkKind.ANCHOR if len(url) > 1 else LinkKind.MALFORMED
    if url.startswith("/") and not url.startswith("//"):
        return LinkKind.INTERNAL
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower().rstrip(".")
        parts.port  # noqa: B018  (raises ValueError for a port that is none)
    except ValueError:
        return LinkKind.MALFORMED
    scheme = parts.scheme.lower()
    if scheme in {"mailto", "tel"}:
        return LinkKind.CONTACT if parts.path else LinkKind.MALFORMED
    if scheme == "file" or url.startswith("\\\\"):
        return LinkKind.PRIVATE
    if scheme not in {"http", "https"} or not host or parts.username is not None:
        return LinkKind.MALFORMED
    if host in own_hosts:
        return LinkKind.INTERNAL
    return LinkKind.PRIVATE if _is_inside(host) else LinkKind.EXTERNAL


def _is_inside(host: str) -> bool:
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return "." not in host or host.endswith(_INSIDE)
