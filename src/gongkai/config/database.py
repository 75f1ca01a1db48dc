"""Where the database is: an outside PostgreSQL by ``DATABASE_URL``, or the embedded one under ``GONGKAI_HOME``.

The embedded server listens on a Unix socket in a folder that only its account may enter (mode 0700), so neither the
network nor another local user can reach it. It runs with fsync and full-page writes on. Whoever uses it holds a shared
lock on a file; a lock vanishes with its process, however that ends, and the last one to let go stops the server. See
ADR 0002.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import dj_database_url

from gongkai.config import cluster
from gongkai.config.cluster import DatabaseUnavailable
from gongkai.config.memory import LEAST_MB, buffer_mb, machine_mb

__all__ = ["DatabaseUnavailable", "EmbeddedServer", "data_folder", "database_settings", "socket_folder"]

OPTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
SOCKET_PATH_BYTES = 100  # a Unix socket's address holds 107 bytes on Linux and 103 on BSD and macOS
START_SECONDS = 900  # recovery after a crash reads the write-ahead log; on a slow disk that takes minutes
STOP_SECONDS = 60

_started: list[subprocess.Popen[bytes]] = []  # servers that this process launched, so that they are reaped, not lost


def data_folder(home: Path) -> Path:
    """Return the folder of the embedded server; nothing else is kept in it."""
    return home / "postgres"


def log_folder(home: Path) -> Path:
    """Return the folder of the embedded server's own logs, one file a weekday."""
    return home / "logs" / "postgres"


def database_settings(url: str, home: Path) -> dict[str, Any]:
    """Return Django's database settings for ``url``, or for the embedded server when it is empty."""
    if url:
        return {**dj_database_url.parse(url), **OPTIONS}
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "gongkai",
        "USER": "postgres",
        "PASSWORD": "",
        "HOST": str(socket_folder(home)),
        "PORT": "",
        **OPTIONS,
    }


def socket_folder(home: Path) -> Path:
    """Return where the embedded server puts its socket: its own folder, or a short one where that path is too long."""
    folder = data_folder(home.resolve())
    if len(os.fsencode(folder / ".s.PGSQL.5432.lock")) <= SOCKET_PATH_BYTES:
        return folder
    return Path("/tmp") / f"gongkai-{os.getuid()}-{hashlib.sha256(os.fsencode(folder)).hexdigest()[:12]}"


class EmbeddedServer:
    """The PostgreSQL server of the wheel, held by this process; it stops when its last holder lets go.

    ``durable=False`` is for throw-away test databases: it gives up fsync and takes little memory. ``buffers`` is the
    memory for pages of its files in MB, 0 for a part of the machine's. ``tell`` gets a Chinese line when starting takes
    long.
    """

    def __init__(
        self, home: Path, *, durable: bool = True, buffers: int = 0, tell: Callable[[str], None] | None = None
    ) -> None:
        self.home = home.resolve()
        self.folder = data_folder(self.home)
        self.durable = durable
        self.buffers = buffer_mb(buffers, machine=machine_mb()) if durable else LEAST_MB
        self.tell = tell or (lambda line: None)
        self._hold: int | None = None  # a file descriptor; the lock on it is this process's share

    def start(self) -> None:
        """Start the server or join the one that runs, and make the database if it is missing.

        Raises DatabaseUnavailable with one clear sentence.
        """
        try:
            self.home.mkdir(parents=True, exist_ok=True)
            with self._only_one():
                if not self.answers():
                    self._launch()
                self._ensure_database()
                if self._hold is None:
                    self._hold = self._lock_file("postgres.users")
                    fcntl.flock(self._hold, fcntl.LOCK_SH)
        except OSError as error:
            raise DatabaseUnavailable(
                cluster.explain(self.folder, f"{os.strerror(error.errno) if error.errno else error}")
            ) from error

    def stop(self) -> None:
        """Let go; the server stops when nobody else holds it."""
        if self._hold is None:
            return
        with self._only_one():
            hold, self._hold = self._hold, None
            try:
                fcntl.flock(hold, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return  # somebody else works with it
            finally:
                os.close(hold)
            self._halt()

    def pid(self) -> int | None:
        """Return the process id of the server, or None when it is not running."""
        _reap()
        process = cluster.postmaster(self.folder)
        return process.pid if process else None

    def answers(self) -> bool:
        """Return whether the server accepts connections now."""
        import psycopg.pq

        _reap()
        conninfo = f"host={_quoted(socket_folder(self.home))} user=postgres dbname=postgres connect_timeout=5"
        return psycopg.pq.PGconn.ping(conninfo.encode()) == psycopg.pq.Ping.OK

    @contextlib.contextmanager
    def _only_one(self) -> Iterator[None]:
        """Let one process at a time start or stop the server of this home."""
        lock = self._lock_file("postgres.lock")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
        finally:
            os.close(lock)

    def _lock_file(self, name: str) -> int:
        return os.open(self.home / name, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def _launch(self) -> None:
        if not cluster.check_data(self.folder):
            self.tell("正在建立内置数据库…")
            cluster.make_data(self.folder)
        cluster.hand_over(self.folder, 0o700)
        cluster.open_programs()
        logs = log_folder(self.home)
        cluster.hand_over(logs, 0o750)
        self._prepare_socket_folder()
        running = cluster.postmaster(self.folder)
        if running is None:
            cluster.clear_remains(self.folder, socket_folder(self.home))
            (logs / "start.log").unlink(missing_ok=True)
            with open(logs / "start.log", "wb") as log:
                _started.append(
                    subprocess.Popen(
                        [str(cluster.programs() / "postgres"), "-D", str(self.folder), *self._options(logs)],
                        cwd="/",
                        env=cluster.clean_environment(),
                        stdin=subprocess.DEVNULL,
                        stdout=log,
                        stderr=subprocess.STDOUT,
                        start_new_session=True,  # Ctrl-C in the terminal is for us, not for the database
                        **cluster.account(),
                    )
                )
        self._wait_until_ready(logs)

    def _options(self, logs: Path) -> list[str]:
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(socket_folder(self.home)).replace("\\", "\\\\").replace(",", "\\,"),
            "unix_socket_permissions": "0700",
            "timezone": "UTC",
            "log_timezone": "Asia/Shanghai",
            "logging_collector": "on",
            "log_directory": str(logs),
            "log_filename": "postgres-%a.log",
            "log_rotation_age": "1d",
            "log_rotation_size": "0",
            "log_truncate_on_rotation": "on",
            "shared_buffers": f"{self.buffers}MB",
            "fsync": "on" if self.durable else "off",
            "full_page_writes": "on" if self.durable else "off",
            "synchronous_commit": "on" if self.durable else "off",
        }
        return [part for name, value in options.items() for part in ("-c", f"{name}={value}")]

    def _prepare_socket_folder(self) -> None:
        folder = socket_folder(self.home)
        if folder == self.folder:
            return
        with contextlib.suppress(FileExistsError):
            folder.mkdir(mode=0o700)
        owner = folder.lstat()
        allowed = {os.geteuid(), cluster.account().get("user", os.geteuid())}
        if folder.is_symlink() or not folder.is_dir() or owner.st_uid not in allowed:
            raise DatabaseUnavailable(
                f"目录 {folder} 属于别的用户，内置数据库不能使用；请删除它，或换一个较短的 GONGKAI_HOME 路径。"
            )
        cluster.hand_over(folder, 0o700)

    def _wait_until_ready(self, logs: Path) -> None:
        began = told = time.monotonic()
        while not self.answers():
            now = time.monotonic()
            if self.pid() is None and now - began > 0.5:
                time.sleep(0.2)  # its last words may still be on their way to the log
                if self.pid() is None and not self.answers():
                    raise DatabaseUnavailable(cluster.explain(self.folder, cluster.failure_said(logs)))
            if now - began > START_SECONDS:
                raise DatabaseUnavailable(f"内置数据库 {START_SECONDS // 60} 分钟仍未就绪，日志在 {logs}。")
            if now - told > 10:
                self.tell(f"内置数据库正在恢复上次未正常结束时的数据，已等待 {now - began:.0f} 秒…")
                told = now
            time.sleep(0.05)

    def _ensure_database(self) -> None:
        import psycopg

        try:
            with psycopg.connect(host=str(socket_folder(self.home)), user="postgres", autocommit=True) as connection:
                row = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'gongkai'").fetchone()
                if row is None:
                    connection.execute(
                        "CREATE DATABASE gongkai TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
                    )
        except psycopg.Error as error:
            raise DatabaseUnavailable(cluster.explain(self.folder, " ".join(str(error).split()))) from error

    def _halt(self) -> None:
        if self.pid() is None:
            return
        for mode in ("fast", "immediate"):  # immediate loses nothing either: the next start recovers from the log
            try:
                cluster.run_program(
                    "pg_ctl",
                    "stop",
                    "-D",
                    str(self.folder),
                    "-m",
                    mode,
                    "-t",
                    str(STOP_SECONDS),
                    timeout=STOP_SECONDS + 5,
                )
            except subprocess.TimeoutExpired:
                continue
            if self.pid() is None:
                return


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("\\", "\\\\").replace("'", "\\'") + "'"


def _reap() -> None:
    """Collect servers of ours that have ended, so that they do not linger as zombies."""
    for process in list(_started):
        if process.poll() is not None:
            _started.remove(process)
