"""Publishing: four publishers at one queue, and how late fifty schedules are.

Runs on the embedded server in a scratch database, dropped at the end::

    python -m benchmarks.publish [--items 200] [--schedules 50]

Every publication is a whole one: gate, locks, triggers, clocks, audit chain. Two of the four publishers are killed in the
middle, and the queue is looked through afterwards: one publication an item, one audit entry, the chain unbroken. Late means
from the moment set until another connection reads it as public.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

from benchmarks import ledger

DATABASE = "gongkai_bench_publish"


def queue(house: Any, number: int, due_at: datetime, step: float = 0.0) -> list[Any]:
    """Make approved items and a schedule each, ``step`` seconds apart."""
    from gongkai.features.disclosure.models import Item, Schedule

    items = [house.approved() for _ in range(number)]
    for n, item in enumerate(items):
        Schedule.objects.create(
            action="publish",
            item=item,
            digest=item.head.digest,
            due_at=due_at + timedelta(seconds=int(n * step)),
            set_by_id=house.office.user_id,
            set_at=due_at - timedelta(days=1),
        )
    Item.objects.filter(pk__in=[item.pk for item in items]).update(state="scheduled")
    return items


def throughput(house: Any, number: int, publishers: int, kills: int) -> float:
    """Return publications a second; raises AssertionError when one is lost or doubled."""
    from tests.features.disclosure.publishers import ended_well, fork_publisher, kill

    from gongkai.features.disclosure.models import Publication
    from gongkai.kernel.audit.models import Entry

    items = queue(house, number, datetime.now(UTC) - timedelta(seconds=5))
    wanted = {item.pk for item in items}
    begun = time.perf_counter()
    alive = [fork_publisher() for _ in range(publishers)]
    for n in range(kills):
        while Publication.objects.filter(item_id__in=wanted).count() < number * (n + 1) // (kills + 2):
            time.sleep(0.01)
        kill(alive.pop(0))
    ends = [ended_well(pid) for pid in alive]
    seconds = time.perf_counter() - begun
    assert all(ends), "a publisher failed"
    assert Counter(Publication.objects.filter(item_id__in=wanted).values_list("item_id", flat=True)) == Counter(wanted)
    entries = Entry.objects.filter(action="disclosure.publication.make", target_id__in=[str(pk) for pk in wanted])
    assert Counter(entries.values_list("target_id", flat=True)) == Counter(str(pk) for pk in wanted)
    return number / seconds


def lateness(house: Any, number: int) -> list[float]:
    """Return how many seconds after its moment each schedule is read as public, with one real publisher process."""
    import subprocess

    from django.db import connection

    from gongkai.features.disclosure.selectors.publications import is_public

    begin = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=15 + number // 4)
    items = queue(house, number, begin, step=0.4)
    dues = {item.pk: begin + timedelta(seconds=int(n * 0.4)) for n, item in enumerate(items)}
    code = (
        "import django; django.setup(); from django.db import connections; "
        f"connections['default'].settings_dict['NAME'] = {connection.settings_dict['NAME']!r}; import threading; "
        "from gongkai.features.disclosure.tasks import publish_until; publish_until(threading.Event())"
    )
    process = subprocess.Popen([sys.executable, "-c", code])
    late: dict[int, float] = {}
    try:
        while len(late) < number and datetime.now(UTC) < begin + timedelta(seconds=60 + number):
            now = datetime.now(UTC)
            for item_id in is_public(item_ids=[pk for pk in dues if pk not in late], at=now):
                late[item_id] = (now - dues[item_id]).total_seconds()
            time.sleep(0.01)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert len(late) == number, f"{number - len(late)} of {number} were never public"
    assert min(late.values()) >= 0, "public before its moment"
    return sorted(late.values())


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=200)
    parser.add_argument("--schedules", type=int, default=50)
    options = parser.parse_args()
    ledger.DATABASE = DATABASE
    sys.stdout.reconfigure(line_buffering=True)  # type: ignore[union-attr]
    with ledger.scratch_database(keep=False):
        from tests.features.disclosure.released import House

        house = House(short_route=True)
        one = throughput(house, options.items // 2, 1, 0)
        four = throughput(house, options.items, 4, 0)
        killed = throughput(house, options.items, 4, 2)
        print(f"one publisher            {one:8.1f} publications/s")
        print(f"four publishers          {four:8.1f} publications/s   {four / one:.2f}x")
        print(f"four, two of them killed {killed:8.1f} publications/s   none twice, none lost")
        late = lateness(house, options.schedules)
        p95 = late[min(int(len(late) * 0.95), len(late) - 1)]
        print(
            f"late, {len(late)} schedules: p50 {statistics.median(late) * 1000:.0f} ms  p95 {p95 * 1000:.0f} ms  "
            f"max {late[-1] * 1000:.0f} ms"
        )


if __name__ == "__main__":
    main()
