"""The static release: a whole build against Hugo, one publication at each size, one page as file, by Django, by Wagtail.

Runs on the embedded server in a scratch database, dropped at the end::

    python -m benchmarks.release [--sizes 1000,10000,100000] [--rounds 40] [--whole 10000] [--hugo 10000] [--processes 2]

One item goes the whole way through the services, its rows are copied with the triggers off. For each size, items are
published one by one through the services and the builder takes one step after each: that step is what is measured, from
the commit to the signed manifest. Up to ``--whole`` items everything is rendered, by as many processes as there are
processors; beyond, the places of all items are given and the manifest is filled to its size with entries of files that
are not there, for a step reads neither pages nor files of other items. Hugo builds as many pages with the same text in the
same frame. One page is then asked for, by wrk, from nginx over the release, from ``gongkai run``'s server, as our Django
renders it (the same address with a question, which no file answers), and from stock Wagtail with the same fields and text.
What is not installed is left out and said.
"""

from __future__ import annotations

import argparse
import os
import re
import resource
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

from benchmarks import _hugo, _wagtail, ledger
from benchmarks.publications import copied

DATABASE = "gongkai_bench_release"
ROOT = Path(__file__).resolve().parents[1]
APART = 10_000_000
"""How far apart the numbers of the rows of two sizes lie."""
FILES_OF_AN_ITEM = (
    "index.html",
    "index.html.br",
    "index.html.gz",
    "proof/index.html",
    "proof/index.html.br",
    "proof/index.html.gz",
)
SECONDS = 8
PATIENCE = 300
"""Seconds that a server has to come up, and to end."""
HUGO = 20_000
"""Pages that Hugo builds unless told otherwise: its pace hardly depends on their number, its time does."""
WAGTAIL_DATABASE = "gongkai_bench_wagtail"


def fill(publication: Any, number: int, start: int) -> None:
    """Copy a publication with item and revision ``number`` times, a minute apart, the newest some days ago."""
    from django.db import connection

    item, revision, row = publication.item_id, publication.revision_id, publication.pk
    own = f"{start} + n"
    moment = f"now() - interval '3 days' - (({number} - n) * 60 || ' seconds')::interval"
    told = {
        "published_at": moment,
        "recorded_at": moment,
        "entered_at": moment,
        "title": f"'关于第' || ({own}) || '项工作的通知'",
    }
    with connection.cursor() as cursor:
        for statement in (
            "SET session_replication_role = replica",
            copied(
                "disclosure_item",
                item,
                number,
                {"id": own, "uid": "gen_random_uuid()", "index_no": f"'BENCH-' || ({own})", "head_id": own},
            ),
            copied("disclosure_revision", revision, number, {"id": own, "item_id": own}),
            copied("disclosure_publication", row, number, {"id": own, "item_id": own, "revision_id": own, **told}),
            "SET session_replication_role = origin",
            "ANALYZE",
        ):
            cursor.execute(statement)


def settle(builder: Any, number: int) -> float:
    """Give all items their places and name as many files in the manifest as they would have; returns seconds."""
    from django.utils import timezone

    from gongkai.domain.release import Entry
    from gongkai.features.disclosure.selectors.standing import items_published, uids_of
    from gongkai.portal.release.services.slots import slots_settle

    begun = time.perf_counter()
    at = builder.clock()
    with builder.disk.alone():
        for ids in items_published(at=at, chunk=2000):
            slots_settle(item_ids=ids, at=at, on=timezone.localdate(at))
            for uid in uids_of(item_ids=ids).values():
                for name in FILES_OF_AN_ITEM:
                    builder.disk.name(f"info/{uid}/{name}", Entry("0" * 64, 9000))
        builder.disk.commit(built_at=at)
    return time.perf_counter() - begun


def whole(builder: Any, size: int) -> None:
    """Build everything and print the pace; the processor's time is that of all processes, the database's not."""

    def busy() -> float:
        return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))

    begun, cpu = time.perf_counter(), busy()
    built = builder.full()
    seconds, cpu = time.perf_counter() - begun, busy() - cpu
    pages = sum(path.endswith(".html") for path in builder.disk.entries())
    print(
        f"whole build, {size} items, {builder.processes} processes: {seconds:.1f} s, {pages} pages, {pages / seconds:.0f} "
        f"pages/s, {built.files} files with feeds, br and gz; {cpu / size * 1000:.1f} ms of processor an item"
    )


def steps(house: Any, builder: Any, rounds: int) -> tuple[list[float], float]:
    """Publish items one by one; return the seconds of the builder's step after each, sorted, and its median processor."""
    from tests.factories.world import NOW

    times, busy = [], []
    for n in range(rounds + 3):
        house.published(now=NOW + timedelta(minutes=n + 1))
        begun, cpu = time.perf_counter(), time.process_time()
        built = builder.step()
        seconds = time.perf_counter() - begun
        assert built is not None and not built.everything
        if n >= 3:  # the first ones read templates and shards
            times.append(seconds)
            busy.append(time.process_time() - cpu)
    return sorted(times), statistics.median(busy)


def wrk(name: str, address: str) -> None:
    """Print requests a second of one address."""
    if shutil.which("wrk") is None:
        print(f"{name:<44} left out: wrk is not installed")
        return
    command = ["wrk", "-t1", "-c16", f"-d{SECONDS}s", "--latency", address]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    rate, late = re.search(r"Requests/sec:\s+([\d.]+)", said), re.search(r"99%\s+(\S+)", said)
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    print(
        f"{name:<44} {float(rate[1]) if rate else 0:10.1f}  p99 {late[1] if late else '?'}{'  NOT 200' if wrong else ''}"
    )


def _port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], port: int, environment: dict[str, str] | None = None, cwd: Path | None = None
) -> Iterator[None]:
    """Run a server until the block ends; raises RuntimeError when it does not come up."""
    process = subprocess.Popen(command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{command[-1]} does not come up")
        yield
    finally:
        process.terminate()
        try:
            process.wait(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def nginx(site: Path, folder: Path, page: str) -> None:
    """Ask nginx for the page over the release, with the configuration of production."""
    binary = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if binary is None:
        print(f"{'nginx':<44} left out: it is not installed")
        return
    from tests.deploy.test_nginx import OUTER

    port = _port()
    text = (ROOT / "deploy/nginx.conf").read_text().replace("/srv/gongkai/release/site", str(site))
    (folder / "gongkai.conf").write_text(text.replace("listen 80;", f"listen 127.0.0.1:{port};"))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(OUTER.format(folder=folder, user=user))
    with running([binary, "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", "stderr"], port):
        wrk("nginx over the release", f"http://127.0.0.1:{port}{page}")


def server(home: Path, page: str) -> None:
    """Ask the server of ``gongkai run`` for the page as a file, and as Django renders it."""
    from django.db import connection

    port = _port()
    given = connection.settings_dict
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "gongkai.config.settings.embedded",
        "GONGKAI_SETTINGS": "embedded",
        "GONGKAI_HOME": str(home),
        "GONGKAI_LOG_LEVEL": "ERROR",
        "DATABASE_URL": f"postgresql://{given['USER']}@{str(given['HOST']).replace('/', '%2F')}/{given['NAME']}",
    }
    subprocess.run(
        [sys.executable, "-m", "django", "collectstatic", "--noinput"], env=environment, check=True, capture_output=True
    )
    with running(granian("gongkai.config.wsgi:application", port), port, environment):
        wrk("gongkai run, one process", f"http://127.0.0.1:{port}{page}")
        wrk("the same page rendered by our Django", f"http://127.0.0.1:{port}{page}?as=django")


def granian(application: str, port: int) -> list[str]:
    """Return the command of the server as ``gongkai run`` starts it, with one process."""
    host = ("--host", "127.0.0.1", "--port", str(port))
    threads = ("--workers", "1", "--blocking-threads", "4")
    return [sys.executable, "-m", "granian", "--interface", "wsgi", "--no-ws", *host, *threads, application]


def wagtail(folder: Path, html: str) -> None:
    """Ask stock Wagtail, served as ``gongkai run`` serves, for a page with the same fields, text and frame."""
    import psycopg
    from django.db import connection

    given = connection.get_connection_params()
    params = {k: v for k, v in given.items() if k in {"host", "port", "user", "password"} and v}
    drop = f'DROP DATABASE IF EXISTS "{WAGTAIL_DATABASE}" WITH (FORCE)'
    with psycopg.connect(**params, dbname="postgres", autocommit=True) as admin:
        admin.execute(drop)
        admin.execute(f"CREATE DATABASE \"{WAGTAIL_DATABASE}\" TEMPLATE template0 ENCODING 'UTF8'")
    try:
        database = {"NAME": WAGTAIL_DATABASE, **{key.upper(): value for key, value in params.items()}}
        page = _wagtail.make(folder, html, database)
        port = _port()
        command = granian("stock.wsgi:application", port)
        with running(command, port, {**_wagtail.environment(folder), "PYTHONPATH": str(folder)}, cwd=folder):
            wrk("stock Wagtail, one process", f"http://127.0.0.1:{port}{page}")
    finally:
        with psycopg.connect(**params, dbname="postgres", autocommit=True) as admin:
            admin.execute(drop)


def collected(folder: Path) -> None:
    """Name static files as an installation does: with their digests, looked up once."""
    from django.conf import settings
    from django.contrib.staticfiles.storage import staticfiles_storage
    from django.core.files.storage import storages
    from django.core.management import call_command
    from django.utils.functional import empty

    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "gongkai.config.statics.KeptNames"}}
    settings.STATIC_ROOT = folder / "static"
    vars(storages).pop("backends", None)
    storages._backends = None
    storages._storages.clear()
    staticfiles_storage._wrapped = empty
    call_command("collectstatic", interactive=False, verbosity=0)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--sizes", default="1000,10000,100000")
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--whole", type=int, default=10_000)
    parser.add_argument("--hugo", type=int, default=0, help="pages that Hugo builds; as many as --whole, 20000 at most")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    options = parser.parse_args()
    sizes = [int(size) for size in options.sizes.split(",")]
    ledger.DATABASE = DATABASE
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with ledger.scratch_database(keep=False), tempfile.TemporaryDirectory(prefix="gongkai-bench-") as name:
        from django.conf import settings
        from tests.features.disclosure.released import NOW, House

        from gongkai.portal.release.builder import Builder

        folder = Path(name)
        settings.FILES_DIR = folder / "files"
        collected(folder)
        house = House(short_route=True)
        first = house.published(now=NOW)
        builder = Builder(folder / "release", clock=lambda: datetime.now(UTC), processes=options.processes)
        builder.full()
        print(f"load of the machine at the beginning: {os.getloadavg()[0]:.1f}\n")
        there = 0
        for n, size in enumerate(sizes):
            fill(first, size - there, APART * (n + 1))
            there = size
            if size <= options.whole:
                whole(builder, size)
            else:
                print(f"places and manifest of {size} items: {settle(builder, size):.1f} s")
            times, busy = steps(house, builder, options.rounds)
            p95 = times[min(int(len(times) * 0.95), len(times) - 1)] * 1000
            print(
                f"one publication among {size:>7} items: p50 {statistics.median(times) * 1000:6.0f} ms  p95 {p95:6.0f} ms"
                f"  (processor {busy * 1000:.0f} ms)"
            )
        uid = house.published(now=NOW + timedelta(hours=9)).item.uid
        builder.step()
        page = f"/info/{uid}/"
        print(f"\n{'requests of one page':<44} {'a second':>10}")
        for kind in ("nginx", "hugo", "wagtail"):
            (folder / kind).mkdir()
        html = (builder.disk.site / f"info/{uid}/index.html").read_text()
        for ask in (
            lambda: nginx(builder.disk.site, folder / "nginx", page),
            lambda: server(folder, page),
            lambda: wagtail(folder / "wagtail", html),
        ):
            try:
                ask()
            except RuntimeError as error:
                print(f"left out: {error}")
        print()
        _hugo.measure(folder / "hugo", html, options.hugo or min(options.whole, max(sizes), HUGO))


if __name__ == "__main__":
    main()
