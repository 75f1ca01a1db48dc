"""The check in the editor as a whole request: 10 000 characters in a unit with 50 000 words of its own.

Runs on the embedded server in a scratch database, dropped at the end::

    python -m benchmarks.live [--words 50000] [--rounds 60]

Measured from the request to its answer through all of Django (session, sign-in, permissions, JSON both ways), in the
process and over HTTP to a server in a thread of the same process. Aim: 150 ms for 95 of 100 requests.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

from benchmarks import ledger

DATABASE = "gongkai_bench_live"
ADDRESS = "/admin/disclosure/check/"


def words_add(number: int, unit_id: int, now: Any) -> list[str]:
    """Put that many words of the unit's own on file, as the service leaves them; returns them."""
    from django.db.models import F

    from benchmarks.content import words_of
    from gongkai.kernel.wordlists.models import LexiconEntry, WordlistState

    words = words_of(number)
    LexiconEntry.objects.bulk_create(
        [LexiconEntry(unit_id=unit_id, wrong=word, grade="L3", created_at=now) for word in words], batch_size=5000
    )
    WordlistState.objects.get_or_create(pk=1, defaults={"changed_at": now})
    WordlistState.objects.filter(pk=1).update(version=F("version") + 1)
    return words


def measured(ask: Callable[[], int], rounds: int) -> str:
    """Return the figures of so many requests; the first, which compiles the words, is told apart."""
    times = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        assert ask() == 200
        times.append((time.perf_counter() - begun) * 1000)
    first, rest = times[0], sorted(times[1:])
    return (
        f"first {first:8.1f} ms   p50 {statistics.median(rest):6.1f} ms   "
        f"p95 {rest[int(len(rest) * 0.95)]:6.1f} ms   max {rest[-1]:6.1f} ms"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--words", type=int, default=50_000)
    parser.add_argument("--rounds", type=int, default=60)
    options = parser.parse_args()
    ledger.DATABASE = DATABASE
    with ledger.scratch_database(keep=False):
        from django.conf import settings
        from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
        from django.core.wsgi import get_wsgi_application
        from django.db import connections
        from django.test import Client
        from django.utils import timezone
        from tests.factories.world import World

        from benchmarks.content import text_of
        from gongkai.kernel.accounts.roles import Role

        class Quiet(WSGIRequestHandler):
            """A handler that writes no line for each request."""

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        settings.ALLOWED_HOSTS = ["*"]
        world = World()
        words = words_add(options.words, world.finance.pk, timezone.now())
        page = text_of(10_000, words)
        data = json.dumps({"text": page, "unit": world.finance.pk})
        client = Client()
        client.force_login(
            world.person(Role.DRAFTER, world.finance), backend="django.contrib.auth.backends.ModelBackend"
        )

        def in_process() -> int:
            return client.post(ADDRESS, data, content_type="application/json").status_code

        print(f"{len(page)} characters, {len(words)} words of a unit, {options.rounds} requests")
        print(f"in the process  {measured(in_process, options.rounds)}")
        found = client.post(ADDRESS, data, content_type="application/json").json()
        server = ThreadedWSGIServer(("127.0.0.1", 0), Quiet, connections_override={"default": connections["default"]})
        connections["default"].inc_thread_sharing()
        server.set_app(get_wsgi_application())
        threading.Thread(target=server.serve_forever, daemon=True).start()
        token = client.get("/admin/").cookies.get("csrftoken")
        cookies = {name: one.value for name, one in client.cookies.items()}
        headers = {
            "Content-Type": "application/json",
            "Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items()),
            "X-CSRFToken": token.value if token else cookies.get("csrftoken", ""),
        }
        url = f"http://127.0.0.1:{server.server_port}{ADDRESS}"

        def over_http() -> int:
            request = urllib.request.Request(url, data=data.encode(), headers=headers)
            with urllib.request.urlopen(request) as answer:
                answer.read()
                return int(answer.status)

        print(f"over HTTP       {measured(over_http, options.rounds)}")
        print(f"told: {len(found['findings'])} findings, {found['more']} more")
        server.shutdown()


if __name__ == "__main__":
    main()
