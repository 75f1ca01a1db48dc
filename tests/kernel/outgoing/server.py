"""A little web server on the loopback, that answers by the path."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from gongkai.kernel.outgoing import networks

LOOPBACK = networks(["127.0.0.0/8", "::1"])


class Site(ThreadingHTTPServer):
    """Answers ``/200`` with 200 and so on; ``/to/<address>`` redirects; ``/get`` knows only GET; ``/hang`` says nothing."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[tuple[str, str]] = []
        self.release = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_port}{path}"


class _Answers(BaseHTTPRequestHandler):
    server: Site

    def do_HEAD(self) -> None:
        self._answer()

    def do_GET(self) -> None:
        self._answer()

    def log_message(self, format: str, *args: object) -> None:
        pass

    def _answer(self) -> None:
        self.server.asked.append((self.command, self.path))
        path = self.path.partition("?")[0]
        if path == "/hang":
            self.server.release.wait(20)
            return
        if path == "/noise":
            self.wfile.write(b"this is not HTTP\r\n\r\n")
            return
        if path.startswith("/to/"):
            self.send_response(302)
            self.send_header("Location", self.path.removeprefix("/to/"))
        elif path == "/get":
            self.send_response(200 if self.command == "GET" else 405)
        elif path == "/round":
            self.send_response(301)
            self.send_header("Location", "/round")
        else:
            self.send_response(int(path.strip("/")) if path.strip("/").isdigit() else 200)
        self.end_headers()


@contextmanager
def running() -> Iterator[Site]:
    """A site that answers while the block runs."""
    site = Site()
    thread = threading.Thread(target=site.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        site.release.set()
        site.shutdown()
        site.server_close()
        thread.join(5)
