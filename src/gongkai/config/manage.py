"""Setting Django up for a command, with the embedded database started where it is the one in use."""

from __future__ import annotations

import atexit
import os
import sys
from typing import TYPE_CHECKING

from gongkai.config.env import BadEnvironment, read_environment

if TYPE_CHECKING:
    from gongkai.config.database import EmbeddedServer

WITHOUT_DATABASE = {"makemigrations", "help", "collectstatic", "diffsettings", "compilemessages", "makemessages"}


def use_settings() -> str:
    """Choose the settings module by ``GONGKAI_SETTINGS`` unless Django was told already; return its name."""
    try:
        chosen = read_environment()["GONGKAI_SETTINGS"] or "embedded"
    except BadEnvironment as error:
        raise SystemExit(str(error)) from error
    if chosen not in {"embedded", "production", "test"}:
        raise SystemExit(f"GONGKAI_SETTINGS 应是 embedded、production 或 test，现在是“{chosen}”。")
    return os.environ.setdefault("DJANGO_SETTINGS_MODULE", f"gongkai.config.settings.{chosen}")


def setup(*, database: bool = True) -> None:
    """Make Django ready; start or join the embedded database server when it is needed and in use.

    Ends the process with one Chinese sentence when the environment or the database cannot be used.
    """
    use_settings()
    if database:
        start_database()
    import django

    django.setup()


def _tell(line: str) -> None:
    sys.stderr.write(f"{line}\n")
    sys.stderr.flush()


def start_database() -> EmbeddedServer | None:
    """Start or join the embedded server and let go of it when this process ends; None when ``DATABASE_URL`` is set.

    Ends the process with one Chinese sentence when it cannot be started.
    """
    from gongkai.config.database import DatabaseUnavailable, EmbeddedServer

    env = read_environment()
    if env["DATABASE_URL"]:
        return None
    server = EmbeddedServer(env["GONGKAI_HOME"], buffers=env["GONGKAI_DATABASE_MB"], tell=_tell)
    try:
        server.start()
    except DatabaseUnavailable as error:
        raise SystemExit(str(error)) from error
    atexit.register(server.stop)
    return server


def django_command(argv: list[str]) -> None:
    """Run one of Django's own commands (``migrate``, ``shell`` …)."""
    use_settings()
    if len(argv) > 1 and argv[1] not in WITHOUT_DATABASE:
        start_database()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["gongkai", *argv[1:]])
    sys.exit(0)
