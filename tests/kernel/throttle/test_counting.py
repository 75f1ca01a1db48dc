"""Counting how often a place comes: shared by all processes, nothing lost, no address kept."""

from __future__ import annotations

import multiprocessing
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection, transaction
from django.test import RequestFactory

from gongkai.kernel.throttle import services, web
from gongkai.kernel.throttle.models import RateCount
from gongkai.kernel.throttle.selectors import count_of, place_key

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
HERE = "203.0.113.5"


def hit(place: str = HERE, kind: str = "test.kind", seconds: int = 60, after: float = 0) -> int:
    return services.hit(kind=kind, place=place, seconds=seconds, now=NOW + timedelta(seconds=after)).count


@pytest.mark.django_db
class TestHit:
    def test_counts_by_place_and_kind_from_the_first_time(self) -> None:
        assert [hit(), hit(after=59), hit(kind="test.other"), hit("203.0.113.6")] == [1, 2, 1, 1]
        assert hit(after=60) == 1
        assert hit(after=61) == 2

    def test_says_how_long_it_counts(self) -> None:
        hit()
        assert services.hit(kind="test.kind", place=HERE, seconds=60, now=NOW + timedelta(seconds=20)).seconds == 40
        assert services.hit(kind="test.kind", place=HERE, seconds=60, now=NOW + timedelta(seconds=59.9)).seconds == 1

    def test_keeps_no_address_and_no_link_between_kinds(self) -> None:
        hit()
        hit(kind="test.other")
        kept = list(RateCount.objects.values_list("place", flat=True))
        assert len(set(kept)) == 2
        assert not [place for place in kept if "203" in place and HERE in place]

    def test_whole_network_of_one_household_is_one_place(self) -> None:
        assert [hit("2001:db8:1:2::1"), hit("2001:db8:1:2:ffff::9"), hit("2001:db8:1:3::1")] == [1, 2, 1]
        assert [hit("::ffff:203.0.113.5"), hit(HERE)] == [1, 2]
        assert [hit("unknown"), hit("unknown")] == [1, 2]

    def test_takes_one_statement(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            hit()

    def test_waits_for_no_disk(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'throttle_ratecount'")
            assert cursor.fetchone()[0] in ("u", b"u")

    def test_looking_counts_nothing(self) -> None:
        assert count_of(kind="test.kind", place=HERE, now=NOW) == 0
        hit()
        assert [count_of(kind="test.kind", place=HERE, now=NOW) for _ in range(2)] == [1, 1]
        assert count_of(kind="test.kind", place=HERE, now=NOW + timedelta(seconds=60)) == 0

    def test_token_is_taken_once(self) -> None:
        given = {"kind": "test.once", "token": "abc", "seconds": 600, "now": NOW}
        assert [services.take_once(**given), services.take_once(**given)] == [True, False]

    def test_sweep_deletes_what_counts_no_more(self) -> None:
        hit()
        hit(kind="test.long", seconds=3600)
        assert services.counts_sweep(now=NOW + timedelta(seconds=59)) == 0
        assert services.counts_sweep(now=NOW + timedelta(seconds=60)) == 1
        assert RateCount.objects.get().kind == "test.long"


def _many(name: str, times: int, results: Any) -> None:
    """Count in a process of its own, over a connection of its own."""
    connection.close()
    connection.settings_dict["NAME"] = name
    mine = [services.hit(kind="test.race", place=HERE, seconds=600, now=NOW).count for _ in range(times)]
    connection.close()
    results.put(mine)


@pytest.mark.django_db(transaction=True)
class TestTwoProcesses:
    def test_lose_no_count_and_see_each_number_once(self) -> None:
        context = multiprocessing.get_context("fork")
        results = context.Queue()
        name = connection.settings_dict["NAME"]
        connection.close()
        workers = [context.Process(target=_many, args=(name, 200, results)) for _ in range(2)]
        for worker in workers:
            worker.start()
        seen = sorted(number for _ in workers for number in results.get(timeout=60))
        for worker in workers:
            worker.join()
        assert seen == list(range(1, 401))
        assert RateCount.objects.get(kind="test.race").count == 400


class TestWeb:
    @pytest.mark.django_db
    def test_tells_when_there_were_more_than_the_limit(self) -> None:
        request = RequestFactory().get("/", REMOTE_ADDR=HERE)
        told = [web.too_many(request, kind="test.web", limit=2, seconds=60) for _ in range(4)]
        assert told == [False, False, True, True]
        assert web.is_over(request, kind="test.web", limit=2)
        other = RequestFactory().get("/", REMOTE_ADDR="203.0.113.9")
        assert not web.is_over(other, kind="test.web", limit=1)

    @pytest.mark.django_db
    def test_limit_of_nothing_asks_nothing(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert not web.too_many(RequestFactory().get("/"), kind="test.web", limit=0, seconds=60)

    def test_holds_nobody_up_while_the_database_does_not_answer(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(**given: Any) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(web, "hit", gone)
        assert not web.too_many(RequestFactory().get("/"), kind="test.web", limit=1, seconds=60)

    @pytest.mark.django_db
    def test_inside_a_transaction_a_failure_is_a_failure(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def gone(**given: Any) -> None:
            raise OperationalError("connection refused")

        monkeypatch.setattr(web, "hit", gone)
        with transaction.atomic(), pytest.raises(OperationalError):
            web.too_many(RequestFactory().get("/"), kind="test.web", limit=1, seconds=60)

    def test_place_key_depends_on_the_secret(self, settings: Any) -> None:
        before = place_key("a", HERE)
        settings.SECRET_KEY = "another secret"
        assert place_key("a", HERE) != before
