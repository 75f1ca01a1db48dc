"""Killing each part of a running installation in turn: it comes back, and nothing that was acknowledged is lost.

A real ``gongkai run`` with its own data folder and port; a writer commits all the time and notes what was acknowledged;
a mail server of the test counts what the worker sends. Then the database, the worker, the web server and the supervisor
are killed with SIGKILL.
"""

from __future__ import annotations

import contextlib
import http.cookiejar
import os
import re
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest

from gongkai.config import cluster
from gongkai.config.database import EmbeddedServer, data_folder, socket_folder

pytestmark = pytest.mark.kill
WRITER = Path(__file__).with_name("kill_writer.py")
STARTED = "按 Ctrl-C 停止"


class MailHandler(socketserver.StreamRequestHandler):
    """Just enough SMTP to take a message and note its subject."""

    def handle(self) -> None:
        self.wfile.write(b"220 test\r\n")
        while line := self.rfile.readline():
            word = line[:4].upper()
            if word == b"DATA":
                self.wfile.write(b"354 go on\r\n")
                message = b""
                while (part := self.rfile.readline()) not in (b".\r\n", b""):
                    message += part
                self.server.take(message)  # type: ignore[attr-defined]
            self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")
            if word == b"QUIT":
                return


class MailServer(socketserver.ThreadingTCPServer):
    """Counts messages by the number in their subject."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), MailHandler)
        self.sent: Counter[int] = Counter()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, message: bytes) -> None:
        import email
        from email.header import decode_header, make_header

        subject = str(make_header(decode_header(email.message_from_bytes(message)["Subject"])))
        found = re.search(r"第 (\d+) 号", subject)
        assert found is not None, subject
        self.sent[int(found[1])] += 1


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def wait_until(what: str, condition: Callable[[], Any], seconds: float = 40) -> Any:
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, f"{what}: not within {seconds:.0f} seconds"
        time.sleep(0.1)
    return found


class Installation:
    """One data folder, the environment to run it in, and the supervisor that runs it now."""

    def __init__(self, home: Path, mail_port: int) -> None:
        self.home = home
        self.port = free_port()
        own = {
            "GONGKAI_HOME": str(home),
            "GONGKAI_PORT": str(self.port),
            "GONGKAI_EMAIL_URL": f"smtp://127.0.0.1:{mail_port}",
            "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.embedded",
            "PYTHONWARNINGS": "ignore",
        }
        kept = {k: v for k, v in os.environ.items() if not k.startswith("GONGKAI_") and k != "DATABASE_URL"}
        self.environment = {**kept, **own}
        self.console = home.parent / "console.txt"
        self.supervisor: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start ``gongkai run`` and wait for its addresses."""
        with open(self.console, "wb") as console:
            self.supervisor = subprocess.Popen(
                [sys.executable, "-m", "gongkai", "run", "--no-demo"],
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=console,
                start_new_session=True,
            )
        wait_until("start", lambda: STARTED in self.said() or self.supervisor.poll() is not None, 120)
        assert STARTED in self.said(), self.said()

    def said(self) -> str:
        return self.console.read_text(errors="replace")

    def writer(self, *arguments: str, **options: Any) -> subprocess.Popen[str]:
        command = [sys.executable, str(WRITER), *arguments]
        return subprocess.Popen(command, env=self.environment, text=True, stdout=subprocess.PIPE, **options)

    def asked(self, *arguments: str) -> str:
        with self.writer(*arguments) as process:
            said = process.communicate(timeout=60)[0]
        assert process.returncode == 0, said
        return said

    def query(self, sql: str) -> list[Any]:
        with psycopg.connect(host=str(socket_folder(self.home)), user="postgres", dbname="gongkai") as connection:
            return connection.execute(sql).fetchall()

    def child(self, word: str) -> psutil.Process:
        """The living child of the supervisor whose command has ``word``."""

        def find() -> psutil.Process | None:
            assert self.supervisor is not None
            for process in psutil.Process(self.supervisor.pid).children():
                try:
                    if word in " ".join(process.cmdline()):
                        return process
                except psutil.Error:
                    continue
            return None

        found: psutil.Process = wait_until(f"a process with {word}", find)
        return found

    def family(self) -> list[psutil.Process]:
        assert self.supervisor is not None
        return psutil.Process(self.supervisor.pid).children(recursive=True)

    def answers(self) -> bool:
        """Whether the web server gives a page that needs the database."""
        try:
            with urllib.request.urlopen(self.url("/admin/login/"), timeout=5) as response:
                return response.status == 200
        except OSError:
            return False

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Hands a redirect out instead of following it."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def sign_in(installation: Installation) -> str:
    """Sign in through the web and return the key of the session that was acknowledged."""
    jar = http.cookiejar.CookieJar()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar), NoRedirect())
    address = installation.url("/admin/login/")
    page = browser.open(address, timeout=20).read().decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token[1], "username": "keeper", "password": "unbroken-2026", "next": "/admin/"}
    with pytest.raises(urllib.error.HTTPError) as answer:
        browser.open(address, urllib.parse.urlencode(form).encode(), timeout=20)
    answer.value.close()
    assert answer.value.code == 302
    return next(cookie.value or "" for cookie in jar if cookie.name == "sessionid")


@pytest.fixture
def mail() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server
        server.shutdown()


@pytest.fixture
def installation(
    make_home: Callable[[], Path], mail: MailServer, request: pytest.FixtureRequest
) -> Iterator[Installation]:
    home = make_home() / "var"
    if not os.environ.get("DATABASE_URL"):
        restore_template(home, request.getfixturevalue("template_source"))
    made = Installation(home, mail.server_address[1])
    made.run()
    yield made
    assert made.supervisor is not None
    family = made.family() if made.supervisor.poll() is None else []
    made.supervisor.terminate()
    try:
        made.supervisor.wait(timeout=40)
    finally:
        for process in family:
            if process.is_running():
                process.kill()
        postmaster = cluster.postmaster(data_folder(home))
        if postmaster is not None:
            postmaster.kill()


@pytest.fixture
def template_source(template_database: str) -> tuple[Path, str]:
    """Where the migrated template of this test run is."""
    from django.conf import settings

    return settings.HOME, template_database


def restore_template(home: Path, source: tuple[Path, str]) -> None:
    """Fill a new data folder from the migrated template: two seconds instead of fifteen."""
    server = EmbeddedServer(home)
    server.start()
    dumped = home.parent / "template.sql"
    made = cluster.run_program("pg_dump", "-h", str(socket_folder(source[0])), "-U", "postgres", "-d", source[1])
    assert made.returncode == 0, made.stderr
    dumped.write_text(made.stdout)
    dumped.chmod(0o644)
    for folder in dumped.parents:
        folder.chmod(folder.stat().st_mode | 0o001)
    words = (
        "-h",
        str(socket_folder(home)),
        "-U",
        "postgres",
        "-d",
        "gongkai",
        "-q",
        "-v",
        "ON_ERROR_STOP=1",
        "-f",
        str(dumped),
    )
    restored = cluster.run_program("psql", *words)
    assert restored.returncode == 0, restored.stderr
    server.stop()


def killed(process: psutil.Process) -> None:
    process.send_signal(signal.SIGKILL)
    wait_until("its end", lambda: not alive(process))


class TestInstallation:
    def test_survives_the_kill_of_each_of_its_parts(self, installation: Installation, mail: MailServer) -> None:
        user_id = installation.asked("people").strip()
        acknowledged: list[tuple[int, int]] = []

        with installation.writer("write", user_id) as writer, contextlib.ExitStack() as stack:
            stack.callback(writer.kill)
            assert writer.stdout is not None
            out = writer.stdout

            def collect() -> None:
                with contextlib.suppress(ValueError):  # closed, because the test has failed
                    for line in out:
                        number, sequence = line.split()
                        acknowledged.append((int(number), int(sequence)))

            reader = threading.Thread(target=collect, daemon=True)
            reader.start()

            def writes_again(what: str) -> None:
                before = len(acknowledged)
                wait_until(f"writing after {what}", lambda: len(acknowledged) > before + 3)
                wait_until(f"answering after {what}", installation.answers)

            writes_again("the start")
            sessions = {sign_in(installation)}

            postmaster = cluster.postmaster(data_folder(installation.home))
            assert postmaster is not None
            killed(postmaster)
            writes_again("the kill of the database")
            sessions.add(sign_in(installation))

            postmaster = cluster.postmaster(data_folder(installation.home))
            assert postmaster is not None
            backend = next(p for p in postmaster.children() if "gongkai" in " ".join(p.cmdline()))
            killed(backend)  # PostgreSQL ends all sessions and recovers when one of its processes is killed
            writes_again("the kill of a database process")

            killed(installation.child("procrastinate"))
            sent = len(mail.sent)
            wait_until("mail after the kill of the worker", lambda: len(mail.sent) > sent + 3)

            web = installation.child("granian")
            killed(web.children()[0])
            wait_until("answering after the kill of a web process", installation.answers)
            killed(installation.child("granian"))
            writes_again("the kill of the web server")
            sessions.add(sign_in(installation))

            family = installation.family()
            supervisor = installation.supervisor
            assert supervisor is not None
            supervisor.kill()
            supervisor.wait()
            wait_until(
                "the end of everything the supervisor kept",
                lambda: not [p for p in family if alive(p) and not is_database(p)],
            )
            installation.run()
            writes_again("the kill of the supervisor")

            writer.terminate()
            reader.join(timeout=10)

        recovered, breaks = map(int, installation.asked("recover").split())
        assert breaks == 0, "the audit chain is broken"
        assert recovered <= 10
        numbers = [number for number, _ in acknowledged]
        wait_until("every mail", lambda: set(numbers) <= set(mail.sent), 30)
        assert [n for n in numbers if mail.sent[n] > 2] == []

        entries = {
            int(t): s
            for t, s in installation.query("SELECT target_id, sequence FROM audit_entry WHERE target_type = 'story'")
        }
        assert {number: entries.get(number) for number in numbers} == dict(acknowledged)
        kept = [
            int(key.split(":")[1])
            for (key,) in installation.query("SELECT dedupe_key FROM notices_notice WHERE kind = 'story'")
        ]
        assert set(numbers) <= set(kept)
        assert sorted(kept) == list(range(1, max(kept) + 1)), "a register number is missing or was given twice"
        known = {key for (key,) in installation.query("SELECT session_key FROM django_session")}
        assert sessions <= known, "a session that was begun is lost"


def alive(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def is_database(process: psutil.Process) -> bool:
    try:
        return process.name() == "postgres"
    except psutil.Error:
        return False
