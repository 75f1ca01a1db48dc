"""The public list, the page of an item and the staff list with 100 000 publications: whole requests and their queries.

Runs on the embedded server in a scratch database, dropped at the end::

    python -m benchmarks.publications [--items 100000] [--rounds 20] [--keep]

One item goes the whole way through the services; its rows are then copied in the database with the triggers off: sixty
units, all kinds and columns of the directory, moments over six years, one in thirty taken down, one in fifty corrected.
Measured is each page through all of Django. Aim: 150 ms for 95 of 100 requests.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Mapping
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gongkai.config.settings.test")

from benchmarks import ledger

DATABASE = "gongkai_bench_publications"
START = 1_000_000
"""The number from which the copies are counted."""
UNITS = 60


def copied(table: str, template: int, number: int, changes: Mapping[str, str], *, where: str = "true") -> str:
    """Return the statement that copies a row ``number`` times; ``changes`` are columns as SQL, ``n`` counts from 1."""
    from django.db import connection

    with connection.cursor() as cursor:
        names = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    given = {"id": f"{START} + n", **changes}
    picked = ", ".join(given.get(name, f't."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    return (
        f'INSERT INTO "{table}" ({listed}) SELECT {picked} FROM "{table}" t, generate_series(1, {number}) n '
        f"WHERE t.id = {template} AND {where}"
    )


def fill(publication: Any, number: int, units: list[int], kinds: list[str], columns: list[str]) -> None:
    """Copy a publication with item and revision."""
    from django.db import connection

    def one_of(values: list[Any], salt: int) -> str:
        listed = ", ".join(f"'{value}'" if isinstance(value, str) else str(value) for value in values)
        return f"(ARRAY[{listed}])[1 + (n * {salt}) % {len(values)}]"

    unit, kind = one_of(units, 7), one_of(kinds, 11)
    column = f"jsonb_build_array({one_of(columns, 13)})"
    title = "'关于做好第' || n || '项' || (ARRAY['财政','教育','医疗','住房','交通'])[1 + n % 5] || '工作的通知'"
    doc_no = "'测府办字〔' || (2020 + n % 6) || '〕' || n || '号'"
    moment = "now() - (n * 1900 || ' seconds')::interval"
    shared = {"unit_id": unit, "title": title, "doc_no": doc_no, "columns": column}
    head = {"revision_id": f"{START} + n", "item_id": f"{START} + n"}
    told = {"published_at": moment, "recorded_at": moment, "entered_at": moment}
    item, revision, row = publication.item_id, publication.revision_id, publication.pk
    statements = [
        "SET session_replication_role = replica",
        copied(
            "disclosure_item",
            item,
            number,
            {
                **shared,
                "kind": kind,
                "uid": "gen_random_uuid()",
                "index_no": "'BENCH-' || n",
                "head_id": f"{START} + n",
                "changed_at": moment,
                "created_at": moment,
            },
        ),
        copied("disclosure_revision", revision, number, {"item_id": f"{START} + n"}),
        copied(
            "disclosure_publication",
            row,
            number,
            {**shared, **head, **told, "item_kind": kind, "unit_name": f"'第' || {unit} || '局'"},
        ),
        f"INSERT INTO disclosure_publicationend (publication_id, ended_at, recorded_at, entered_at, kind, reason) "
        f"SELECT id, now(), now(), now(), CASE WHEN id % 50 = 0 THEN 'superseded' ELSE 'withdrawn' END, '已失效' "
        f"FROM disclosure_publication WHERE id > {START} AND (id % 30 = 0 OR id % 50 = 0)",
        copied(
            "disclosure_publication",
            row,
            number,
            {
                **shared,
                **head,
                **told,
                "id": f"{2 * START} + n",
                "number": "2",
                "kind": "'correction'",
                "item_kind": kind,
                "published_at": "now()",
                "recorded_at": "now()",
            },
            where=f"({START} + n) % 50 = 0",
        ),
        "SET session_replication_role = origin",
        "ANALYZE",
    ]
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def measured(client: Any, name: str, address: str, rounds: int) -> None:
    """Print the figures of one page."""
    from django.db import connection

    times, queries = [], 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    assert client.get(address).status_code == 200, address  # also warms what a process keeps
    for _ in range(rounds):
        queries = 0
        with connection.execute_wrapper(count):
            begun = time.perf_counter()
            client.get(address)
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    p95 = times[min(int(len(times) * 0.95), len(times) - 1)]
    print(f"{name:<38} {statistics.median(times):8.1f} {p95:8.1f} {queries:8d}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--items", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--keep", action="store_true")
    options = parser.parse_args()
    ledger.DATABASE = DATABASE
    with ledger.scratch_database(options.keep):
        from django.conf import settings
        from django.test import Client
        from tests.features.disclosure.released import House

        from gongkai.features.disclosure.models import DirectoryColumn, Item
        from gongkai.kernel.accounts.roles import Role
        from gongkai.rulebook.disclosure import disclosure_rules

        settings.ALLOWED_HOSTS = ["*"]
        house = House(short_route=True)
        world = house.world
        publication = house.published()
        units = [world.found(f"第{n}局", "department", world.top).pk for n in range(UNITS)]
        kinds = sorted(disclosure_rules().kinds)
        columns = sorted(DirectoryColumn.objects.values_list("code", flat=True))
        begun = time.perf_counter()
        fill(publication, options.items, units, kinds, columns)
        print(f"{options.items} publications made in {time.perf_counter() - begun:.0f} s")
        print(f"{'':<38} {'p50 ms':>8} {'p95 ms':>8} {'queries':>8}")
        anybody = Client()
        uid = Item.objects.filter(publications__number=1, publications__end__isnull=True, pk__gt=START).values_list(
            "uid", flat=True
        )[0]
        for name, address in (
            ("public: first page", "/info/"),
            ("public: page 100", "/info/?page=100"),
            ("public: page 500, the last told", "/info/?page=500"),
            ("public: a column with those below", f"/info/?column={columns[0]}"),
            ("public: a rare column, page 5", f"/info/?column={columns[-1]}&page=5"),
            ("public: a unit", f"/info/?unit={units[3]}"),
            ("public: a kind", f"/info/?kind={kinds[2]}"),
            ("public: days", "/info/?since=2025-01-01&until=2025-06-30"),
            ("public: words of many titles", "/info/?q=医疗"),
            ("public: a number", "/info/?q=测府办字〔2023〕4317号"),
            ("public: an item", f"/info/{uid}/"),
        ):
            measured(anybody, name, address, options.rounds)
        for who, role, unit in (("authority", Role.DISCLOSURE_OFFICE, world.office), ("clerk", Role.DRAFTER, units[3])):
            client = Client()
            from gongkai.kernel.orgs.models import Unit

            person = world.person(role, Unit.objects.get(pk=unit) if isinstance(unit, int) else unit)
            client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")
            for name, address in (
                ("first page", ""),
                ("page 100", "?page=100"),
                ("published", "?state=published"),
                ("words", "?text=医疗"),
            ):
                measured(client, f"{who}: staff list, {name}", f"/admin/disclosure/items/{address}", options.rounds)


if __name__ == "__main__":
    main()
