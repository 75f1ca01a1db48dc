"""One embedded PostgreSQL for the whole run, one migrated template database, one copy of it a worker.

Wagtail's migrations take many seconds, so they run once: the template is named after a digest of every migration file
and kept between runs. ``DATABASE_URL`` may name another server; the copies are made there then.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SEEDS = ROOT.parent / "shared" / "seeds"


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the founding documents; tests that need them are skipped where it is absent."""
    if not SEEDS.is_dir():
        pytest.skip("the founding documents (../shared/seeds) are not here")
    return SEEDS


def _migrations_digest() -> str:
    from django.apps import apps

    digest = hashlib.sha256()
    for app in sorted(apps.get_app_configs(), key=lambda a: a.label):
        folder = Path(app.path) / "migrations"
        for path in sorted(folder.glob("*.py")) if folder.is_dir() else []:
            digest.update(f"{app.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _admin_connection(database: str):  # noqa: ANN202 - a psycopg connection
    import psycopg
    from django.db import connections

    params = connections["default"].get_connection_params()
    params = {k: v for k, v in params.items() if k in {"host", "port", "user", "password"} and v}
    return psycopg.connect(**params, dbname=database, autocommit=True)


def _build_template(name: str) -> None:
    """Migrate a fresh database and give it its final name only when that is done."""
    from django.core.management import call_command
    from django.db import connections

    connection = connections["default"]
    building = f"{name}_building"
    with _admin_connection("postgres") as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
        admin.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    connection.close()
    connection.settings_dict["NAME"] = building
    call_command("migrate", verbosity=0, interactive=False)
    connection.close()
    with _admin_connection("postgres") as admin:
        admin.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')
        stale = admin.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'gongkai_template_%%' AND datname <> %s", [name]
        ).fetchall()
        for (old,) in stale:
            admin.execute(f'DROP DATABASE IF EXISTS "{old}" WITH (FORCE)')


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Names of databases are given below, not by pytest-django."""


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The embedded server, or nothing to do when DATABASE_URL names one."""
    from django.conf import settings

    from gongkai.config.database import EmbeddedServer

    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = EmbeddedServer(settings.HOME)
    server.start()
    yield
    server.stop()


@pytest.fixture(scope="session")
def template_database(database_server: None) -> str:
    """The name of the migrated template; the first worker that gets the lock builds it."""
    import fasteners
    from django.conf import settings

    name = f"gongkai_template_{_migrations_digest()}"
    with fasteners.InterProcessLock(settings.HOME / "template.lock"):
        with _admin_connection("postgres") as admin:
            exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not exists:
            _build_template(name)
    return name


def copy_template(template: str, name: str) -> None:
    """Make ``name`` a fresh copy of the template."""
    from django.conf import settings

    import fasteners

    with fasteners.InterProcessLock(settings.HOME / "template.lock"), _admin_connection("postgres") as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for attempt in range(20):
            try:
                admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
                return
            except Exception:
                if attempt == 19:
                    raise
                time.sleep(0.25)  # somebody is still disconnecting from the template


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, template_database: str, django_db_blocker: pytest.FixtureRequest
) -> Iterator[None]:
    """A database of this worker's own, dropped at the end."""
    from django.db import connections

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"gongkai_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock():
        copy_template(template_database, name)
        connection = connections["default"]
        connection.close()
        connection.settings_dict["NAME"] = name
        yield
        connection.close()
        with _admin_connection("postgres") as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
