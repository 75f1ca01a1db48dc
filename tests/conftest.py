"""One embedded PostgreSQL for the whole run, one migrated template database, one copy of it a worker.

Wagtail's migrations take many seconds, so they run once: the template is named after a digest of every migration file
and kept between runs. ``DATABASE_URL`` may name another server; the copies are made there then. A test that commits
(``transactional_db``, ``live_server``) gets its worker a fresh copy afterwards: Django's own way, emptying every table,
would lose the rows that migrations made and is refused by the triggers that protect the audit log.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import inspect
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

TESTS = Path(__file__).resolve().parent
ROOT = TESTS.parent
SEEDS = ROOT.parent / "shared" / "seeds"
KEPT_TEMPLATES = 4
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
# A browser that looks for updates or plug-ins on the network only makes tests slow and flaky.
CHROMIUM_ARGS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--lang=zh-CN",
    *(["--no-sandbox"] if os.geteuid() == 0 else []),  # Chromium's sandbox does not run as root
]


# --- What runs and what is skipped -----------------------------------------------------------------------------------


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark everything under tests/browser; leave browser tests out only where the person running them said so."""
    wanted_out = os.environ.get("GONGKAI_SKIP_BROWSER", "").lower() in {"1", "true", "yes", "on"}
    for item in items:
        if TESTS / "browser" in item.path.parents:
            item.add_marker(pytest.mark.browser)
        if wanted_out and item.get_closest_marker("browser"):
            item.add_marker(pytest.mark.skip(reason="GONGKAI_SKIP_BROWSER is set"))


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The folder of the founding documents; tests that need them are skipped where it is absent."""
    if not SEEDS.is_dir():
        pytest.skip("the founding documents (../shared/seeds) are not here")
    return SEEDS


# --- Databases -------------------------------------------------------------------------------------------------------


def _migrations_digest() -> str:
    from django.apps import apps

    digest = hashlib.sha256(inspect.getsource(_build_template).encode())
    for app in sorted(apps.get_app_configs(), key=lambda a: a.label):
        folder = Path(app.path) / "migrations"
        for path in sorted([*folder.glob("*.py"), *folder.glob("*.sql")]):
            digest.update(f"{app.label}/{path.name}".encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _admin_connection(database: str = "postgres") -> Any:
    import psycopg
    from django.db import connections

    params = connections["default"].get_connection_params()
    params = {k: v for k, v in params.items() if k in {"host", "port", "user", "password"} and v}
    return psycopg.connect(**params, dbname=database, autocommit=True)


@contextlib.contextmanager
def _only_one(name: str) -> Iterator[None]:
    """Let one test process at a time do this, whatever becomes of the one that holds the lock."""
    from django.conf import settings

    settings.HOME.mkdir(parents=True, exist_ok=True)
    with open(settings.HOME / f"{name}.lock", "ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _build_template(name: str) -> None:
    """Migrate a fresh database and give it its final name only when that is done."""
    from django.core.management import call_command
    from django.db import connections

    connection = connections["default"]
    building = f"{name}_building"
    with _admin_connection() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{building}" WITH (FORCE)')
        admin.execute(f"CREATE DATABASE \"{building}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'")
    with _using(building):
        call_command("migrate", verbosity=0, interactive=False)
        # Tests begin with an empty audit record: what the installation itself entered goes, past the trigger.
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM audit_entry")
            cursor.execute("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        connection.close()
    with _admin_connection() as admin:
        admin.execute(f'ALTER DATABASE "{building}" RENAME TO "{name}"')


@contextlib.contextmanager
def _using(name: str) -> Iterator[None]:
    """Point Django's connection at another database for a while."""
    from django.db import connections

    connection = connections["default"]
    before = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def _drop_leftovers() -> None:
    """Drop the copies of test processes that are no more, and all but the newest templates."""
    import psycopg

    with _admin_connection() as admin:
        rows = admin.execute("SELECT datname FROM pg_database WHERE datname LIKE 'gongkai_t%' ORDER BY oid DESC")
        names = [name for (name,) in rows]
        templates = [name for name in names if name.startswith("gongkai_template_") and not name.endswith("_building")]
        copies = [name for name in names if name.startswith("gongkai_test_")]
        dead = [name for name in copies if not psutil.pid_exists(int(name.rsplit("_", 1)[1]))]
        for name in [*templates[KEPT_TEMPLATES:], *dead]:
            with contextlib.suppress(psycopg.Error):  # somebody is just copying it: next time, then
                admin.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.fixture(scope="session")
def database_server() -> Iterator[None]:
    """The embedded server, or nothing to do when DATABASE_URL names one."""
    from django.conf import settings

    from gongkai.config.database import EmbeddedServer

    if os.environ.get("DATABASE_URL"):
        yield
        return
    server = EmbeddedServer(settings.HOME, durable=False)
    server.start()
    yield
    server.stop()


@pytest.fixture(scope="session")
def template_database(database_server: None) -> str:
    """The name of the migrated template; the first worker that gets the lock builds it."""
    name = f"gongkai_template_{_migrations_digest()}"
    with _only_one("template"):
        with _admin_connection() as admin:
            exists = admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone()
        if not exists:
            _build_template(name)
        _drop_leftovers()
    return name


def copy_template(template: str, name: str) -> None:
    """Make ``name`` a fresh copy of the template."""
    import psycopg

    with _only_one("copy"), _admin_connection() as admin:
        admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        for _attempt in range(40):
            try:
                admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
                return
            except psycopg.errors.ObjectInUse:
                time.sleep(0.25)  # somebody is still disconnecting from the template
    raise RuntimeError(f"the template database {template} stays in use")


@pytest.fixture(scope="session")
def django_db_modify_db_settings() -> None:
    """Names of databases are given below, not by pytest-django."""


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """A database of this worker's own, dropped at the end."""
    from django.test import TransactionTestCase

    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    name = f"gongkai_test_{worker}_{os.getpid()}"
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        template = request.getfixturevalue("template_database")
        copy_template(template, name)
        patch.setattr(TransactionTestCase, "_fixture_teardown", _copy_again(template, name))
        with _using(name):
            yield
        with _admin_connection() as admin:
            admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _copy_again(template: str, name: str) -> Callable[[Any], None]:
    """Return what stands in for emptying every table after a test that commits."""

    def teardown(case: Any) -> None:
        from django.db import connections

        connections["default"].close()
        copy_template(template, name)

    return teardown


@pytest.fixture(scope="session")
def make_home() -> Iterator[Callable[[], Path]]:
    """Makes data folders for embedded servers, away from pytest's own: every pytest run closes those to other accounts."""
    with tempfile.TemporaryDirectory(prefix="gongkai-", ignore_cleanup_errors=True) as folder:
        yield lambda: Path(tempfile.mkdtemp(dir=folder)).resolve()


@pytest.fixture(autouse=True)
def no_sample_city(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test starts by asking whether the sample city is loaded: counts of queries would depend on the order of tests."""
    from gongkai.workbench import context

    monkeypatch.setattr(context, "_answer", (False, time.monotonic()))


# --- Browser ---------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Debian's Chromium instead of one that Playwright would download."""
    if CHROMIUM is None:
        pytest.fail(
            "Chromium is not installed (apt-get install chromium fonts-noto-cjk), or set GONGKAI_SKIP_BROWSER=1"
        )
    # Playwright's loop runs in the main thread while tests do; Django would take every query for an async mistake.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    yield {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_ARGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Pages see a Chinese reader in Chinese time."""
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture
def axe() -> Callable[..., None]:
    """``axe(page)`` fails with a readable list when the page has any accessibility violation."""
    from axe_playwright_python.sync_playwright import Axe

    def check(page: Any, context: Any = None, options: dict[str, Any] | None = None) -> None:
        results = Axe().run(page, context=context, options={"resultTypes": ["violations"], **(options or {})})
        violations = results.response["violations"]
        lines = [
            f"{v['id']} ({v['impact']}): {v['help']}\n"
            + "\n".join(f"    {' '.join(map(str, n['target']))}\n      {n['html'][:200]}" for n in v["nodes"][:5])
            for v in violations
        ]
        assert not violations, f"{page.url}\n" + "\n".join(lines)

    return check
