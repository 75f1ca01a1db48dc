"""Answering requests from the files of the release, before Django is asked: no database, no session, no template.

A WSGI application around another one. It answers GET and HEAD of what is released; anything else, an address with a
question in it, and what is not released, goes to the application within.
"""

from __future__ import annotations

import json
import mimetypes
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from gongkai.design.themes import wishes
from gongkai.domain.release import digest_of
from gongkai.portal.feeds.formats import TYPES as FEED_TYPES
from gongkai.portal.release.disk import entry_of

Start = Callable[..., Any]
Application = Callable[[dict[str, Any], Start], Iterable[bytes]]
THEME = "display/theme.css"
HOSTS = "sites/hosts.json"
"""Which host name leads to which folder, as the release has it (``portal.release.terminals.host_files``)."""
KEPT_BYTES, MOST_KEPT = 256 * 1024, 64 * 1024 * 1024
"""Files up to this size are kept in memory, and how much of them a process keeps."""
CHUNK = 64 * 1024
PICTURES = {"image/png", "image/jpeg", "image/gif", "image/webp"}
_HASHED = re.compile(r"\.[0-9a-f]{12}\.\w+$")
_ATTACHED = re.compile(r"info/[0-9a-f-]{36}/files/\d+/[^/]+$")
_OPEN = re.compile(r"\.(?:xml|txt|css|js|svg|json|csv|sig|pem|png|jpg|ico)$")
_TARGET = re.compile(rb'http-equiv="refresh" content="0; url=([^"]+)"')
_STATUS = {200: "200 OK", 301: "301 Moved Permanently", 304: "304 Not Modified", 410: "410 Gone"}
_TEXT = {"text/html", "text/css", "text/plain", "text/csv", "text/javascript", "application/xml", "text/xml"}
mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("application/x-pem-file", ".pem")
mimetypes.add_type("text/plain", ".sig")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file as it was when its time, size and number on the disk were these; without its bytes where it is large."""

    stamp: tuple[int, int, int]
    etag: str
    data: bytes | None


class ReleaseServer:
    """Serves ``site``; ``headers`` go with every answer, ``file_headers`` with attachments and pictures of items.

    ``secure``: whether plain HTTP is left to the application, which leads on to HTTPS.
    """

    def __init__(
        self,
        application: Application,
        site: Path,
        *,
        headers: Mapping[str, str],
        file_headers: Mapping[str, str],
        secure: bool = False,
    ) -> None:
        self.application = application
        self.site = site
        self.headers = dict(headers)
        self.file_headers = {**headers, **file_headers}
        self.secure = secure
        self._kept: dict[str, _Kept] = {}
        self._bytes = 0
        self._lock = threading.Lock()
        self._hosts: tuple[str, dict[str, str]] = ("", {})

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        """Answer from the release, or let the application answer."""
        answer = self._answer(environ, start_response)
        return self.application(environ, start_response) if answer is None else answer

    def _answer(self, environ: dict[str, Any], start: Start) -> Iterable[bytes] | None:
        if environ["REQUEST_METHOD"] not in {"GET", "HEAD"} or environ.get("QUERY_STRING"):
            return None
        if self.secure and "https" not in (environ["wsgi.url_scheme"], environ.get("HTTP_X_FORWARDED_PROTO")):
            return None
        try:
            path = environ.get("PATH_INFO", "").encode("latin-1").decode().removeprefix("/")
        except UnicodeError:
            return None
        if "\0" in path or "//" in path or any(part.startswith(".") for part in path.split("/")):
            return None
        if path == THEME:
            return self._theme(environ, start)
        if path == "":
            path = self._folder(environ.get("HTTP_HOST", ""))
        if path == "" or path.endswith("/"):
            for name, status in (("index.html", 200), ("gone.html", 410), ("moved.html", 301)):
                answer = self._file(f"{path}{name}", status, environ, start)
                if answer is not None:
                    return answer
            return None
        if _OPEN.search(path) or _ATTACHED.fullmatch(path):
            return self._file(path, 200, environ, start)
        return None

    def _folder(self, host: str) -> str:
        """The folder of the site that a host name leads to, with its slash; empty for the primary one, as for any other name."""
        kept = self._look(HOSTS)
        if kept is None or kept.data is None:
            return ""
        if self._hosts[0] != kept.etag:
            self._hosts = (kept.etag, _hosts(kept.data))
        return self._hosts[1].get(host.partition(":")[0].lower(), "")

    def _theme(self, environ: dict[str, Any], start: Start) -> Iterable[bytes] | None:
        cookies = dict(pair.strip().split("=", 1) for pair in environ.get("HTTP_COOKIE", "").split(";") if "=" in pair)
        return self._file("display/theme/{}-{}.css".format(*wishes(cookies)), 200, environ, start, varies="Cookie")

    def _file(
        self, path: str, status: int, environ: dict[str, Any], start: Start, varies: str = ""
    ) -> Iterable[bytes] | None:
        attached = _ATTACHED.fullmatch(path) is not None
        form, encoding = path, ""
        if not attached:
            for suffix, name in ((".br", "br"), (".gz", "gzip")):
                if _accepts(environ.get("HTTP_ACCEPT_ENCODING", ""), name) and self._look(f"{path}{suffix}"):
                    form, encoding = f"{path}{suffix}", name
                    break
        kept = self._look(form)
        if kept is None:
            return None
        headers = self._headers(path, attached, encoding, varies)
        headers["ETag"] = f'"{kept.etag}"'
        if status == 301:
            target = _TARGET.search((self.site / path).read_bytes())
            if target is None:
                return None
            headers["Location"] = target[1].decode().replace("&amp;", "&")
        elif status == 200 and _matches(environ.get("HTTP_IF_NONE_MATCH", ""), kept.etag):
            headers.pop("Content-Type")
            start(_STATUS[304], list(headers.items()))
            return [b""]
        headers["Content-Length"] = str(kept.stamp[1])
        body: Iterable[bytes] = [] if environ["REQUEST_METHOD"] == "HEAD" else self._body(form, kept)
        start(_STATUS[status], list(headers.items()))
        return body

    def _headers(self, path: str, attached: bool, encoding: str, varies: str) -> dict[str, str]:
        kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
        headers = dict(self.file_headers if attached else self.headers)
        headers["Content-Type"] = f"{kind}; charset=utf-8" if kind in _TEXT and not attached else kind
        feed = "" if attached else FEED_TYPES.get(path.rpartition("/")[2], "")
        if feed:
            headers |= {"Content-Type": feed, "Access-Control-Allow-Origin": "*"}
        if attached:
            name = quote(path.rpartition("/")[2])
            way = "inline" if kind in PICTURES else "attachment"
            headers["Content-Disposition"] = f"{way}; filename*=utf-8''{name}"
        else:
            headers["Vary"] = ", ".join(filter(None, ("Accept-Encoding", varies)))
        if encoding:
            headers["Content-Encoding"] = encoding
        # Public, but asked for again each time: what is withdrawn must be gone at once.
        lasting = path.startswith("static/") and _HASHED.search(path)
        scope = "private, " if varies else ""
        headers["Cache-Control"] = "public, max-age=31536000, immutable" if lasting else f"{scope}no-cache"
        return headers

    def _look(self, path: str) -> _Kept | None:
        try:
            status = os.stat(self.site / path)
        except (OSError, ValueError):
            return None
        stamp = (status.st_mtime_ns, status.st_size, status.st_ino)
        kept = self._kept.get(path)
        if kept is not None and kept.stamp == stamp:
            return kept
        return self._read(path, stamp)

    def _read(self, path: str, stamp: tuple[int, int, int]) -> _Kept | None:
        place = self.site / path
        try:
            if not place.is_file():
                return None
            data = place.read_bytes() if stamp[1] <= KEPT_BYTES else None
        except OSError:
            return None
        if data is not None:
            kept = _Kept((stamp[0], len(data), stamp[2]), digest_of(data), data)
        else:
            entry = entry_of(place)
            if entry is None:
                return None
            kept = _Kept(stamp, entry.sha256, None)
        with self._lock:
            if self._bytes > MOST_KEPT:
                self._kept, self._bytes = {}, 0
            self._kept[path] = kept
            self._bytes += len(data or b"") + 500
        return kept

    def _body(self, path: str, kept: _Kept) -> Iterable[bytes]:
        return [kept.data] if kept.data is not None else _stream(self.site / path)


def _hosts(data: bytes) -> dict[str, str]:
    try:
        found = json.loads(data)
    except ValueError:
        return {}
    return {str(host): str(folder) for host, folder in found.items()} if isinstance(found, dict) else {}


def _stream(place: Path) -> Iterator[bytes]:
    with place.open("rb") as handle:
        while chunk := handle.read(CHUNK):
            yield chunk


def _accepts(header: str, name: str) -> bool:
    for part in header.split(","):
        coding, _, weight = part.strip().partition(";")
        if coding == name:
            return weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return False


def _matches(header: str, etag: str) -> bool:
    return header.strip() == "*" or f'"{etag}"' in header
