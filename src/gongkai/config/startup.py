"""What has to hold before anything is served, and the preparations: migrations, static files, where children listen."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

import psutil

Tell = Callable[[str], None]
NEEDED_BYTES = 200 * 1024**2
MIGRATION_LOCK = 0x676F6E67  # one host at a time migrates a shared database ("gong")


class NotReady(Exception):
    """Nothing can be started; ``str()`` is one Chinese sentence that says why and what to do."""


def check_home(home: Path) -> None:
    """Raise NotReady unless files can be made in ``home`` and its disk has room."""
    try:
        home.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=home, prefix=".write-"):
            pass
        free = shutil.disk_usage(home).free
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise NotReady(f"磁盘已满，数据目录 {home} 写不进任何文件；请腾出空间后重新启动。") from None
        raise NotReady(
            f"数据目录 {home} 不能写入（{os.strerror(error.errno or 0)}）；请改正它的属主或权限，或用 GONGKAI_HOME 换一个目录。"
        ) from None
    if free < NEEDED_BYTES:
        raise NotReady(
            f"磁盘空间不足：{home} 所在的磁盘只剩 {free // 1024**2} MB，至少需要 {NEEDED_BYTES // 1024**2} MB。"
        )


def hold_home(home: Path) -> IO[str]:
    """Take the only seat of this data folder and return what holds it; the seat is free when its process has ended.

    Raises NotReady naming the process that sits there.
    """
    seat = open(home / "run.lock", "a+", encoding="utf-8")  # noqa: SIM115 - stays open as long as we run
    try:
        fcntl.flock(seat, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        seat.seek(0)
        pid = seat.read().strip() or "未知"
        seat.close()
        raise NotReady(
            f"这个数据目录（{home}）已有一个 gongkai run 在运行（进程 {pid}）；请先停止它，或换一个 GONGKAI_HOME。"
        ) from None
    seat.truncate(0)
    seat.write(f"{os.getpid()}\n")
    seat.flush()
    return seat


def check_port(address: str, port: int) -> None:
    """Raise NotReady when nobody can listen there, naming who does already."""
    if not 1 <= port <= 65535:
        raise NotReady(f"端口应在 1 到 65535 之间，现在是 {port}；请改正 GONGKAI_PORT 或 --port。")
    with socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address.strip("[]"), port))
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise NotReady(
                    f"端口 {port} 已被占用{_holder(port)}；请先停止它，或用 --port {port + 1} 换一个端口。"
                ) from None
            if error.errno == errno.EACCES:
                raise NotReady(f"没有权限使用端口 {port}；请换一个 1024 以上的端口，如 --port 8000。") from None
            raise NotReady(
                f"不能在地址 {address} 上监听（{error.strerror}）；请改正 GONGKAI_BIND 或 --bind。"
            ) from None


def _holder(port: int) -> str:
    try:
        for connection in psutil.net_connections("tcp"):
            if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port and connection.pid:
                words = " ".join(psutil.Process(connection.pid).cmdline())
                return f"（进程 {connection.pid}：{words[:80]}）"
    except psutil.Error:
        pass  # another user's process: only root may see it
    return ""


def migrations_missing(home: Path) -> bool:
    """Return whether a migration on disk was not applied, or the last migrating did not come to its end.

    Compares names only: a tenth of a second instead of the two that building Django's migration graph takes.
    """
    from django.apps import apps
    from django.db import DatabaseError, connection

    if _migrating(home).exists():
        return True
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT app, name FROM django_migrations")
            applied = set(cursor.fetchall())
    except DatabaseError:
        return True
    on_disk = {
        (app.label, path.stem)
        for app in apps.get_app_configs()
        for path in (Path(app.path) / "migrations").glob("[0-9]*.py")
    }
    return not on_disk <= applied


def _migrating(home: Path) -> Path:
    return home / "migrating"


class _Counter:
    """Takes the lines of ``migrate`` and tells now and then how far it is."""

    def __init__(self, tell: Tell) -> None:
        self.tell = tell
        self.done = 0

    def write(self, text: str) -> None:
        """Count a line."""
        if "Applying " in text:
            self.done += 1
            if self.done % 50 == 0:
                self.tell(f"  已完成 {self.done} 步…")

    def flush(self) -> None:
        """Nothing is held back."""


def migrate(home: Path, tell: Tell) -> None:
    """Bring the database to this version; hosts and programs that share it do so one after the other."""
    from django.core.management import call_command
    from django.db import connection

    _migrating(home).touch()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [MIGRATION_LOCK])
        try:
            call_command("migrate", interactive=False, verbosity=1, stdout=_Counter(tell), no_color=True)
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [MIGRATION_LOCK])
    _migrating(home).unlink(missing_ok=True)  # who waited beside us has ended too


def static_digest() -> str:
    """Return a digest of every static file's name, size and time."""
    from django.contrib.staticfiles.finders import get_finders

    digest = hashlib.sha256()
    for finder in get_finders():
        for path, storage in finder.list([]):
            status = os.stat(storage.path(path))
            digest.update(f"{path} {status.st_size} {status.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_static(home: Path) -> bool:
    """Collect static files where they changed; return whether they had."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = home / "static.digest"
    now = static_digest()
    if stamp.exists() and stamp.read_text() == now and Path(settings.STATIC_ROOT).is_dir():
        return False
    stamp.unlink(missing_ok=True)
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(now)
    return True


def child_environment(env: Any, settings_module: str) -> dict[str, str]:
    """Return the environment of the children: ours, with what was chosen on the command line."""
    shown = "127.0.0.1" if env["GONGKAI_BIND"] in {"0.0.0.0", "::", "[::]"} else env["GONGKAI_BIND"]
    address = f"http://{f'[{shown}]' if ':' in shown else shown}:{env['GONGKAI_PORT']}"
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings_module,
        "GONGKAI_HOME": str(env["GONGKAI_HOME"]),
        "GONGKAI_BASE_URL": os.environ.get("GONGKAI_BASE_URL") or address,
    }


def web_command(env: Mapping[str, Any] | Any) -> list[str]:
    """Return the command of the web server."""
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", "--respawn-failed-workers"),
        *("--host", str(env["GONGKAI_BIND"]), "--port", str(env["GONGKAI_PORT"])),
        *("--workers", str(env["GONGKAI_WEB_WORKERS"]), "--blocking-threads", str(env["GONGKAI_WEB_THREADS"])),
        *("--workers-kill-timeout", "10", "--respawn-interval", "0.5"),
        "gongkai.config.wsgi:application",
    ]


def worker_command(env: Mapping[str, Any] | Any) -> list[str]:
    """Return the command of the background worker."""
    return [
        *(sys.executable, "-m", "django", "procrastinate", "worker"),
        *("--concurrency", str(env["GONGKAI_JOB_CONCURRENCY"]), "--shutdown-graceful-timeout", "10"),
    ]


def publisher_command() -> list[str]:
    """Return the command of the publisher, which publishes at the moments that were set.

    A process of its own: no long job of the worker may keep it waiting.
    """
    return [sys.executable, "-m", "gongkai", "publication", "watch", "--supervised"]


def builder_command() -> list[str]:
    """Return the command of the builder, which keeps the static release as the publications are."""
    return [sys.executable, "-m", "gongkai", "build", "--watch", "--supervised"]
