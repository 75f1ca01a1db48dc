"""Asking one address: HEAD first, GET where that is not understood, a few redirects, never longer than some seconds."""

from __future__ import annotations

import http.client
import socket
import ssl
import time
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import quote, urljoin, urlsplit

from gongkai.kernel.outgoing.guard import Inside, Networks, Unknown, addresses_of

AGENT = "Mozilla/5.0 (compatible; Gongkai link check)"
_UNRESERVED = "!#$%&'()*+,/:;=?@[]~-._"
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_REFUSES_MACHINES = frozenset({401, 403, 405, 406, 407, 409, 412, 418, 421, 423, 425, 428, 429, 451, 521})
"""Answers of a site that is there and does not want to talk to a program; a person's browser may fare better."""


class Problem(StrEnum):
    """Why an address cannot be opened, where no status says it."""

    NO_NAME = "no_name"
    INSIDE = "inside"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    CERTIFICATE = "certificate"
    REDIRECTS = "redirects"
    NO_HTTP = "no_http"


@dataclass(frozen=True, slots=True)
class Limits:
    """Technical bounds: seconds a connection or an answer may take, seconds for one address in all, redirects."""

    wait: float = 10.0
    whole: float = 25.0
    redirects: int = 5


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of it. ``reachable`` None: it answered, and refuses programs, so a person has to look.

    ``status`` is that of HTTP, where there was one; ``problem`` says why there was none.
    """

    url: str
    reachable: bool | None
    status: int | None = None
    problem: Problem | None = None


class _Plain(http.client.HTTPConnection):
    """Connects to the address that was judged, whatever the name leads to by now."""

    def __init__(self, host: str, port: int, *, address: str, timeout: float) -> None:
        super().__init__(host, port, timeout=timeout)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _Secure(_Plain):
    default_port = http.client.HTTPS_PORT

    def connect(self) -> None:
        super().connect()
        self.sock = ssl.create_default_context().wrap_socket(self.sock, server_hostname=self.host)


def link_ask(url: str, *, allowed: Networks = (), limits: Limits | None = None) -> Answer:
    """Ask whether an address opens; every redirect is judged like the address itself. Raises nothing."""
    limits = limits or Limits()
    until = time.monotonic() + limits.whole
    here = url
    for _ in range(limits.redirects + 1):
        try:
            status, onward = _ask_once(here, until=until, allowed=allowed, limits=limits)
        except Inside:
            return Answer(url, False, problem=Problem.INSIDE)
        except Unknown:
            return Answer(url, False, problem=Problem.NO_NAME)
        except TimeoutError:
            return Answer(url, False, problem=Problem.TIMEOUT)
        except ssl.SSLError:
            return Answer(url, False, problem=Problem.CERTIFICATE)
        except OSError:
            return Answer(url, False, problem=Problem.REFUSED)
        except (http.client.HTTPException, ValueError):
            return Answer(url, False, problem=Problem.NO_HTTP)
        if onward is None:
            return Answer(url, _judged(status), status)
        here = urljoin(here, onward)
    return Answer(url, False, problem=Problem.REDIRECTS)


def _judged(status: int) -> bool | None:
    if 200 <= status < 400:
        return True
    return None if status in _REFUSES_MACHINES else False


def _ask_once(url: str, *, until: float, allowed: Networks, limits: Limits) -> tuple[int, str | None]:
    """Return the status and where a redirect leads; HEAD that is not answered with success is asked again as GET."""
    status, onward = _request("HEAD", url, until=until, allowed=allowed, limits=limits)
    if onward is None and status >= 400:
        status, onward = _request("GET", url, until=until, allowed=allowed, limits=limits)
    return status, onward


def _request(method: str, url: str, *, until: float, allowed: Networks, limits: Limits) -> tuple[int, str | None]:
    parts = urlsplit(url)
    host = parts.hostname
    if parts.scheme not in {"http", "https"} or not host or parts.username is not None:
        raise ValueError("not an address of the web")
    secure = parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    target = quote(parts.path or "/", safe=_UNRESERVED) + (
        f"?{quote(parts.query, safe=_UNRESERVED)}" if parts.query else ""
    )
    error: OSError | None = None
    for address in addresses_of(host, port, allowed=allowed):
        timeout = min(limits.wait, until - time.monotonic())
        if timeout <= 0:
            raise TimeoutError
        name = host.encode("idna").decode() if not host.isascii() else host
        connection = (_Secure if secure else _Plain)(name, port, address=address, timeout=timeout)
        try:
            connection.request(method, target, headers={"User-Agent": AGENT, "Accept": "*/*", "Connection": "close"})
            answer = connection.getresponse()  # the body is never read
            return answer.status, answer.getheader("Location") if answer.status in _REDIRECTS else None
        except ssl.SSLError:
            raise
        except TimeoutError:
            raise
        except OSError as failed:
            error = failed
        finally:
            connection.close()
    raise error or OSError
