"""The ledger with 100 000 items: how long a page of the list takes, and how many queries.

Runs on the embedded server of the test settings in a scratch database of its own, which is dropped at the end::

    python -m benchmarks.ledger [--items 100000] [--rounds 30] [--keep]

Sixty units, ten plans, one item in five named by a group, one in ten split off from another; two units an item, evidence on
every other one. What is measured is the selector that the list page calls, for somebody who sees everything and for a
unit's clerk, over the orders and filters that the page offers, first and far pages.
"""

from __future__ import annotations

import argparse
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

DATABASE = "gongkai_bench_ledger"
TODAY = date(2026, 6, 15)
NOW = datetime(2026, 6, 15, 1, 0, tzinfo=UTC)
UNITS, PLANS, BATCH = 60, 10, 5000


@contextmanager
def scratch_database(keep: bool) -> Iterator[None]:
    """Start the embedded server and work in a migrated database of our own."""
    import django
    import psycopg
    from django.conf import settings

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    from gongkai.config.database import EmbeddedServer

    server = None if os.environ.get("DATABASE_URL") else EmbeddedServer(settings.HOME)
    if server is not None:
        server.start()
    given = connection.get_connection_params()
    params = {k: v for k, v in given.items() if k in {"host", "port", "user", "password"} and v}

    def administer(*statements: str) -> None:
        with psycopg.connect(**params, dbname="postgres", autocommit=True) as admin:
            for statement in statements:
                admin.execute(statement)

    drop = f'DROP DATABASE IF EXISTS "{DATABASE}" WITH (FORCE)'
    try:
        administer(
            drop, f"CREATE DATABASE \"{DATABASE}\" TEMPLATE template0 ENCODING 'UTF8' LC_COLLATE 'C' LC_CTYPE 'C'"
        )
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        call_command("migrate", verbosity=0, interactive=False)
        yield
    finally:
        connection.close()
        if not keep:
            administer(drop)
        if server is not None:
            server.stop()


@contextmanager
def kept_database() -> Iterator[None]:
    """Start the embedded server and work in the database that ``scratch_database(keep=True)`` left."""
    import django
    from django.conf import settings

    django.setup()
    from django.db import connection

    from gongkai.config.database import EmbeddedServer

    server = None if os.environ.get("DATABASE_URL") else EmbeddedServer(settings.HOME)
    if server is not None:
        server.start()
    try:
        connection.close()
        connection.settings_dict["NAME"] = DATABASE
        yield
    finally:
        connection.close()
        if server is not None:
            server.stop()


def fill(number: int) -> tuple[Any, Any]:
    """Make the ledger; returns the disclosure office and a clerk as actors."""
    from django.db import connection

    from gongkai.domain.ledger import State
    from gongkai.domain.organizations.groups import GroupRule
    from gongkai.features.workplans.models import Evidence, WorkItem, WorkItemUnit, WorkPlan
    from gongkai.kernel.accounts.actor import Actor
    from gongkai.kernel.accounts.models import User
    from gongkai.kernel.accounts.roles import Role
    from gongkai.kernel.orgs.models import Unit, UnitGroup, UnitName

    chance = random.Random(11)
    top = Unit.objects.create(kind="government", name="量县人民政府", sort_key="0")
    units = Unit.objects.bulk_create(
        Unit(
            kind="town" if n % 3 == 0 else "department",
            name=f"量县第{n}{'镇人民政府' if n % 3 == 0 else '局'}",
            parent=top,
            sort_key=f"{n:03}",
        )
        for n in range(UNITS)
    )
    UnitName.objects.bulk_create(UnitName(unit=unit, name=unit.name, kind=unit.kind) for unit in [top, *units])
    towns = UnitGroup.objects.create(
        name="各乡镇人民政府", home=top, rule=GroupRule(kinds=("town",)).as_dict(), created_at=NOW
    )
    people = [User.objects.create(username=f"p{n}", display_name=f"人员{n}") for n in range(2)]
    plans = WorkPlan.objects.bulk_create(
        WorkPlan(title=f"量县2026年方案{n}", year=2026, owner=top, created_at=NOW, confirmed_at=NOW)
        for n in range(PLANS)
    )
    states = [State.ASSIGNED] * 3 + [State.IN_PROGRESS] * 4 + [State.SUBMITTED, State.ACCEPTED, State.CLOSED]
    parents: list[int] = []
    made = 0
    while made < number:
        items = []
        for n in range(made, min(made + BATCH, number)):
            state = chance.choice(states)
            due = TODAY + timedelta(days=chance.randrange(-60, 200)) if n % 7 else None
            parent = chance.choice(parents) if parents and n % 10 == 0 else None
            closed, handed_in = state is State.CLOSED, state in (State.SUBMITTED, State.ACCEPTED, State.CLOSED)
            checked = state in (State.ACCEPTED, State.CLOSED)
            items.append(
                WorkItem(
                    plan=plans[n % PLANS],
                    parent_id=parent,
                    root_id=parent,
                    number=str(n),
                    path=["一、重点任务"],
                    title=f"第{n}项任务：推进重点领域信息公开",
                    text="及时公开有关规划、政策措施和建设进展等信息，做到内容完整、便于获取。" * 4,
                    due_on=due,
                    attention_on=None if closed or checked else due,
                    standing=n % 7 == 0,
                    state=state.value,
                    sort_order=n,
                    submitted_by=people[0] if handed_in else None,
                    submitted_on=TODAY - timedelta(days=3) if handed_in else None,
                    accepted_by=people[1] if checked else None,
                    accepted_at=NOW if checked else None,
                    closed_by=people[1] if closed else None,
                    closed_at=NOW if closed else None,
                    created_at=NOW,
                    changed_at=NOW - timedelta(minutes=chance.randrange(100_000)),
                )
            )
        WorkItem.objects.bulk_create(items)
        rows, evidence = [], []
        for item in items:
            lead, doer = chance.sample(units, 2)
            rows.append(WorkItemUnit(item=item, role="lead", unit=lead, phrase=lead.name))
            by_group = item.sort_order % 5 == 0
            rows.append(
                WorkItemUnit(item=item, role="responsible", group=towns, phrase="各乡镇")
                if by_group
                else WorkItemUnit(item=item, role="responsible", unit=doer, phrase=doer.name)
            )
            if item.sort_order % 2:
                evidence.append(
                    Evidence(
                        item=item,
                        kind="url",
                        url="https://example.gov.cn/a",
                        title="公开页面",
                        occurred_on=TODAY,
                        added_at=NOW,
                    )
                )
        WorkItemUnit.objects.bulk_create(rows)
        Evidence.objects.bulk_create(evidence)
        if len(parents) < 2000:
            parents += [item.pk for item in items if item.parent_id is None][:500]
        made += len(items)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    office = Actor(
        people[0].pk,
        "政府办",
        frozenset({(Role.DISCLOSURE_OFFICE, top.pk)}),
        authority_ids=frozenset({top.pk}),
    )
    clerk = Actor(people[1].pk, "乡镇经办", frozenset({(Role.DRAFTER, units[0].pk)}))
    return office, clerk


def measure(call: Callable[[], object], rounds: int) -> tuple[float, float, int]:
    """Return the median and the 95th percentile in milliseconds, and the number of queries."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    call()
    with CaptureQueriesContext(connection) as queries:
        call()
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return statistics.median(times), times[min(int(len(times) * 0.95), len(times) - 1)], len(queries)


def cases(office: Any, clerk: Any) -> Sequence[tuple[str, Callable[[], object]]]:
    """Name what is measured: every order and filter of the list page, for both kinds of people."""
    from gongkai.domain.ledger import Light, State
    from gongkai.features.workplans import selectors
    from gongkai.features.workplans.models import WorkPlan
    from gongkai.features.workplans.selectors import ItemFilters
    from gongkai.kernel.orgs.models import Unit

    plan_id = WorkPlan.objects.order_by("pk").values_list("pk", flat=True)[0]
    unit_id = Unit.objects.filter(kind="department").values_list("pk", flat=True)[0]

    def page(actor: Any, **more: Any) -> Callable[[], object]:
        filters = more.pop("filters", ItemFilters())
        return lambda: selectors.item_list(actor=actor, filters=filters, today=TODAY, **more)

    return [
        ("office: by next day, first page", page(office)),
        ("office: by next day, page 1000", page(office, page=1000)),
        ("office: by plan", page(office, order="plan")),
        ("office: last changed", page(office, order="changed")),
        ("office: overdue", page(office, filters=ItemFilters(lights=(Light.OVERDUE,)))),
        ("office: near and on track", page(office, filters=ItemFilters(lights=(Light.NEAR, Light.ON_TRACK)))),
        ("office: one plan", page(office, filters=ItemFilters(plan_id=plan_id), order="number")),
        ("office: one unit", page(office, filters=ItemFilters(unit_id=unit_id))),
        ("office: submitted", page(office, filters=ItemFilters(states=(State.SUBMITTED,)))),
        ("office: words in title or clause", page(office, filters=ItemFilters(text="第4321"))),
        ("office: 200 a page", page(office, size=200)),
        ("clerk: own items", page(clerk)),
        ("clerk: own items, overdue", page(clerk, filters=ItemFilters(lights=(Light.OVERDUE,)))),
        ("office: counts by light", lambda: selectors.item_counts_by_light(actor=office, today=TODAY)),
        ("clerk: my work", lambda: selectors.my_work(actor=clerk, today=TODAY)),
        ("office: overview by unit", lambda: selectors.overview_by_unit(actor=office, today=TODAY)),
        ("office: plans", lambda: selectors.plan_list(actor=office, today=TODAY)),
    ]


def main() -> None:
    """Fill the ledger, measure, print a table, and how long exports take."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--keep", action="store_true", help="leave the scratch database for a closer look")
    options = parser.parse_args()
    with scratch_database(options.keep):
        from gongkai.features.workplans import selectors
        from gongkai.features.workplans.models import WorkPlan
        from gongkai.features.workplans.selectors import ItemFilters

        begun = time.perf_counter()
        office, clerk = fill(options.items)
        print(f"{options.items} items made in {time.perf_counter() - begun:.0f} s")
        print(f"{'':36}{'p50 ms':>9}{'p95 ms':>9}{'queries':>9}")
        for name, call in cases(office, clerk):
            median, late, queries = measure(call, options.rounds)
            print(f"{name:36}{median:9.1f}{late:9.1f}{queries:9}")
        for name, filters in (
            ("office: export, a plan of 1/10", ItemFilters(plan_id=WorkPlan.objects.order_by("pk")[0].pk)),
            ("office: export of everything (job)", ItemFilters()),
        ):
            begun = time.perf_counter()
            rows = selectors.items_export_count(actor=office, filters=filters, today=TODAY)
            size = len(selectors.items_export(actor=office, filters=filters, today=TODAY))
            print(f"{name:36}{time.perf_counter() - begun:9.1f} s, once, {rows} rows, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
