"""Boards and figures of applications with 100 000 and 1 000 000 cases: whole pages, their statements, beside a stock admin.

Runs on the embedded server in a scratch database, dropped at the end of each size::

    python -m benchmarks.foi_boards [--cases 100000 1000000] [--rounds 30] [--stock-rounds 5] [--keep] [--kept]

What the cases are like stands in ``benchmarks/_foi_cases.py``. Each page goes through all of Django, as somebody who is signed
in gets it: every board, by number, by words, by way of receipt, own cases, first and far pages, for the unit with a fifth
of all cases, for a small one, for somebody of two units; then the figures. ``before`` is the board as it was asked for
before there was an index of words and pages by unit (``icontains`` over a unit's cases, joins before the page). Beside them
in the same run the changelist of Django's own admin over the same table, with the same size of page. Aim: 200 ms for 95 of
100 requests to a board, and as many statements at every size.

A process that has just migrated and filled a database is slower than one that serves pages. So the database is filled,
brought to rest, and measured by a process that does nothing else, as a web process finds it; with ``--keep`` it stays, and
``--kept`` measures it again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "benchmarks._foi_settings")

from benchmarks import ledger

DATABASE = "gongkai_bench_foi_boards"
UNITS = 60
HANDLERS = 4
WORD, RARE, TWO = "环境影响评价", "孔雀湖", "安置小区 会议纪要"
Row = tuple[str, float, float, int]


def measured(call: Callable[[], Any], rounds: int) -> tuple[float, float, int]:
    """Return median and 95th percentile in milliseconds, and the number of statements; the first call warms."""
    from django.db import connection

    queries = 0

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        nonlocal queries
        queries += 1
        return execute(sql, params, many, context)

    call()
    times = []
    for _ in range(rounds):
        queries = 0
        with connection.execute_wrapper(count):
            begun = time.perf_counter()
            call()
            times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    return statistics.median(times), times[min(int(len(times) * 0.95), len(times) - 1)], queries


class House:
    """The county of the tests with sixty more units, and the people who look at the boards."""

    def __init__(self) -> None:
        from django.utils import timezone
        from tests.factories.foi import Desk
        from tests.factories.world import World

        from gongkai.kernel.accounts.models import Post, User
        from gongkai.kernel.accounts.roles import Role

        self.today = timezone.localdate()
        world = World()
        self.template = Desk(world, self.today).taken(now=timezone.now()).application
        self.units = [world.found(f"青溪县第{n}局", "department", world.top).pk for n in range(UNITS)]
        people = User.objects.bulk_create(
            User(username=f"h{unit}-{n}", display_name=f"经办{n}") for unit in self.units for n in range(HANDLERS)
        )
        self.handlers = {
            unit: [one.pk for one in people[place * HANDLERS : (place + 1) * HANDLERS]]
            for place, unit in enumerate(self.units)
        }
        from gongkai.kernel.orgs.models import Unit

        big, small = (Unit.objects.get(pk=self.units[place]) for place in (0, 30))
        self.clerk = world.person(Role.DISCLOSURE_OFFICE, big)
        self.head = world.person(Role.DISCLOSURE_OFFICE_HEAD, big)
        self.small = world.person(Role.DISCLOSURE_OFFICE, small)
        self.two = world.person(Role.DISCLOSURE_OFFICE, big)
        post = Post.objects.get(user=self.two)
        Post.objects.create(user=self.two, unit=small, role=post.role, from_on=post.from_on, granted_at=post.granted_at)
        self.authority = world.person(Role.DISCLOSURE_OFFICE, world.office)
        self.root = User.objects.create_superuser("root", "root@example.invalid", "p", display_name="超级用户")
        self.handlers[self.units[0]] = [self.clerk.pk, *self.handlers[self.units[0]]]

    @classmethod
    def kept(cls) -> House:
        """Find the house that an earlier run has left, for looking only."""
        from django.utils import timezone

        from gongkai.kernel.accounts.models import User
        from gongkai.kernel.accounts.roles import Role
        from gongkai.kernel.orgs.models import Unit

        house = cls.__new__(cls)
        house.today = timezone.localdate()
        house.units = [Unit.objects.get(name=f"青溪县第{n}局").pk for n in range(UNITS)]
        big, small = house.units[0], house.units[30]

        def person(role: Role, *units: int) -> User:
            found = User.objects.filter(posts__role=role)
            for unit in units:
                found = found.filter(pk__in=User.objects.filter(posts__unit_id=unit))
            return found.order_by("pk").distinct()[0]

        house.two = person(Role.DISCLOSURE_OFFICE, big, small)
        house.clerk, house.head = person(Role.DISCLOSURE_OFFICE, big), person(Role.DISCLOSURE_OFFICE_HEAD, big)
        house.small = User.objects.filter(posts__unit_id=small).exclude(pk=house.two.pk).order_by("pk")[0]
        top = Unit.objects.get(pk=big).parent
        house.authority = person(Role.DISCLOSURE_OFFICE, Unit.objects.get(parent=top, is_disclosure_authority=True).pk)
        house.root = User.objects.get(username="root")
        return house


def pages(house: House, cases: int) -> list[tuple[str, Any, str]]:
    """Return (name, person, address) of what is measured."""
    board = "/admin/foi/"
    far = min(1000, max(int(cases * 0.2 / 50) - 5, 2))
    of_big = [
        *(
            (f"board {one}", f"?board={one}")
            for one in ("open", "confirm", "overdue", "near", "waiting", "lapsed", "deciding")
        ),
        ("open, last page", f"?board=open&page={max(int(cases * 0.2 * 0.02 / 50), 1)}"),
        ("open, words", f"?board=open&text={WORD}"),
        ("open, own", "?board=open&mine=1"),
        ("open, by fax", "?board=open&channel=fax"),
        ("ended", "?board=ended"),
        ("ended, page 100", f"?board=ended&page={min(100, far)}"),
        (f"ended, page {far}", f"?board=ended&page={far}"),
        ("ended, a common word", f"?board=ended&text={WORD}"),
        ("ended, a common word, page 20", f"?board=ended&text={WORD}&page=20"),
        ("ended, a rare word", f"?board=ended&text={RARE}"),
        ("ended, no such word", "?board=ended&text=火星移民局"),
        ("ended, two words", f"?board=ended&text={TWO}"),
        ("ended, one sign", "?board=ended&text=镇"),
        ("ended, a number", f"?board=ended&text={house.today.year - 3}-0042"),
        ("ended, numbers of a year", f"?board=ended&text={house.today.year - 3}"),
        ("ended, own", "?board=ended&mine=1"),
        ("ended, own, a rare word", f"?board=ended&mine=1&text={RARE}"),
        ("ended, by fax, page 20", "?board=ended&channel=fax&page=20"),
    ]
    found = [(f"big unit: {name}", house.clerk, board + rest) for name, rest in of_big]
    for who, person in (("small unit", house.small), ("two units", house.two)):
        for name, rest in (
            ("open", "?board=open"),
            ("ended", "?board=ended"),
            ("ended, page 20", "?board=ended&page=20"),
            ("ended, a common word", f"?board=ended&text={WORD}"),
            ("ended, a rare word", f"?board=ended&text={RARE}"),
        ):
            found.append((f"{who}: {name}", person, board + rest))
    return found


def figures(house: House) -> list[tuple[str, Any, str]]:
    """Return (name, person, address) of the pages of figures."""
    year = house.today.year
    five = f"since={year - 4}-01-01&until={house.today.isoformat()}"
    last = f"since={year - 1}-01-01&until={year - 1}-12-31"
    where = "/admin/foi/performance/"
    return [
        ("year report, big unit", house.clerk, f"/admin/foi/report/?year={year - 1}"),
        ("year report, list", house.clerk, f"/admin/foi/report/applications/granted/total/?year={year - 1}"),
        ("performance of a year by month, big unit", house.clerk, f"{where}?{last}&by=month"),
        ("performance of a year by person", house.head, f"{where}?{last}&by=person"),
        ("performance of five years, big unit", house.clerk, f"{where}?{five}&by=year"),
        ("performance of a year, all units", house.authority, f"{where}?{last}&by=unit"),
        ("performance of five years, all units", house.authority, f"{where}?{five}&by=unit"),
        ("performance: late ones, list", house.clerk, f"{where}cases/?{last}&by=month&figure=late"),
        (
            "performance: replied, page 20 of the list",
            house.clerk,
            f"{where}cases/?{last}&by=month&figure=replied&page=20",
        ),
        ("performance: sheet", house.authority, f"{where}export/?{last}&by=unit"),
    ]


STOCK = (
    ("stock admin: first page", "/stock/foi/application/"),
    ("stock admin: page 100", "/stock/foi/application/?p=100"),
    ("stock admin: one stage", "/stock/foi/application/?stage__exact=handling"),
    ("stock admin: a common word", f"/stock/foi/application/?q={WORD}"),
    ("stock admin: a rare word", f"/stock/foi/application/?q={RARE}"),
)


def opened(person: Any, address: str) -> Callable[[], None]:
    """Return a call that opens a page as somebody signed in (or nobody)."""
    from django.test import Client

    client = Client()
    if person is not None:
        client.force_login(person, backend="django.contrib.auth.backends.ModelBackend")

    def call() -> None:
        answer = client.get(address)
        assert answer.status_code == 200, (address, answer.status_code)

    return call


def as_before(house: House, text: str, page: int) -> Callable[[], None]:
    """Return the ended cases as the board asked for them before: the joins first, words by ``icontains``."""
    from django.db.models import Q

    from gongkai.features.foi.models import Application

    def call() -> None:
        rows = Application.objects.filter(unit_id__in={house.units[0]}, closed_on__isnull=False)
        if text:
            rows = rows.filter(Q(register_no__istartswith=text) | Q(subject__icontains=text))
        list(
            rows.select_related("unit", "applicant", "handler").order_by("-closed_on", "-id")[
                (page - 1) * 50 : page * 50 + 1
            ]
        )

    return call


def fill_one_size(cases: int) -> None:
    """Fill a database, and let everything be on disk before anybody looks at it."""
    from django.db import connection

    from benchmarks._foi_cases import fill

    begun = time.perf_counter()
    house = House()
    fill(cases, house.units, house.handlers, house.template, house.today)
    print(f"\n{cases:,} cases made in {time.perf_counter() - begun:.0f} s", flush=True)
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")


def measure_elsewhere(cases: int, rounds: int, stock_rounds: int) -> None:
    """Let a process of its own measure the database that stands there now, and print its table."""
    asked = {"--cases": cases, "--rounds": rounds, "--stock-rounds": stock_rounds}
    words = [str(word) for pair in asked.items() for word in pair]
    subprocess.run([sys.executable, "-m", "benchmarks.foi_boards", *words, "--kept"], check=True)


def one_size(cases: int, rounds: int, stock_rounds: int) -> None:
    """Measure one size, and print its table."""
    from django.conf import settings

    from gongkai.config.settling import settle
    from gongkai.config.startup import collect_static
    from gongkai.features.foi.selectors.boards import Board, BoardFilters, board_counts, board_page
    from gongkai.features.foi.selectors.figures import public_figures
    from gongkai.kernel.accounts.selectors import actor_get

    house = House.kept()
    print(f"\n{cases:,} cases, measured in a process of its own\n")
    collect_static(settings.HOME)
    settle()  # as every process that answers pages does
    print(f"{'':<46}{'p50 ms':>9}{'p95 ms':>9}{'statements':>12}")

    def tell(name: str, call: Callable[[], Any], times: int) -> Row:
        row = (name, *measured(call, times))
        print(f"{row[0]:<46}{row[1]:9.1f}{row[2]:9.1f}{row[3]:12d}", flush=True)
        return row

    rows = [tell(name, opened(person, address), rounds) for name, person, address in pages(house, cases)]
    actor = actor_get(user=house.clerk, today=house.today)
    ended = BoardFilters(board=Board.ENDED)
    tell(
        "big unit: ended, the selector alone",
        lambda: board_page(actor=actor, filters=ended, number=1, today=house.today),
        rounds,
    )
    tell(
        "big unit: counts of all boards alone",
        lambda: board_counts(actor=actor, filters=ended, today=house.today),
        rounds,
    )
    few = max(stock_rounds, 1)
    for name, text, page in (
        ("first page", "", 1),
        ("page 200", "", 200),
        ("a rare word", RARE, 1),
        ("no such word", "火星移民局", 1),
    ):
        tell(f"before, selector alone: ended, {name}", as_before(house, text, page), few)
    for name, person, address in figures(house):
        tell(name, opened(person, address), max(rounds // 3, 3))
    tell("public figures, counted anew", lambda: public_figures(first=2019, last=house.today.year), max(rounds // 3, 3))
    settings.FOI_FIGURES_SECONDS = 300
    tell("public figures, the page", opened(None, "/apply/figures/"), rounds)
    settings.FOI_FIGURES_SECONDS = 0
    stock = [tell(name, opened(house.root, address), stock_rounds) for name, address in STOCK] if stock_rounds else []
    worst = max(rows, key=lambda row: row[2])
    print(f"\nslowest board by p95: {worst[0]}, {worst[2]:.1f} ms; aim 200 ms")
    if stock:
        by_name = {name: median for name, median, _, _ in rows}
        for theirs, ours in (
            (stock[0], "big unit: ended"),
            (stock[3], "big unit: ended, a common word"),
            (stock[4], "big unit: ended, a rare word"),
        ):
            print(f"{theirs[0]} takes {theirs[1] / by_name[ours]:.1f} times as long as {ours}")


def main() -> None:
    """Measure every size."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--cases", type=int, nargs="+", default=[100_000])
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--stock-rounds", type=int, default=5, help="0 leaves the stock admin out")
    parser.add_argument("--keep", action="store_true", help="leave the scratch databases for a closer look")
    parser.add_argument("--kept", action="store_true", help="measure what --keep left, in a process of its own")
    options = parser.parse_args()
    for cases in options.cases:
        ledger.DATABASE = f"{DATABASE}_{cases}"
        if options.kept:
            with ledger.kept_database():
                one_size(cases, options.rounds, options.stock_rounds)
            continue
        with ledger.scratch_database(options.keep):
            fill_one_size(cases)
            measure_elsewhere(cases, options.rounds, options.stock_rounds)


if __name__ == "__main__":
    main()
