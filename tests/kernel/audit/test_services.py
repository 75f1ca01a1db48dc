"""Adding to the chain: order, rollback, concurrency, many at once."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit import services
from gongkai.kernel.audit.actions import UnknownAction
from gongkai.kernel.audit.chain import GENESIS, digest
from gongkai.kernel.audit.models import Anchor, Entry
from gongkai.kernel.audit.selectors import chain_verify


def record(actor: Actor, now: datetime, target_id: int | str = 1, **more: object) -> Entry:
    return services.record(
        actor=actor,
        action="audittest.thing.create",
        target_type="audittest.thing",
        target_id=target_id,
        summary=f"新建第 {target_id} 件试验品",
        now=now,
        **more,
    )


@pytest.mark.django_db
class TestGathered:
    def test_writes_all_at_the_end_in_their_order_by_who_did_them(self, actor: Actor, now: datetime) -> None:
        other, before = Actor.system("定时任务"), Entry.objects.count()
        with services.gathered():
            assert record(actor, now, 1).pk is None
            with services.gathered():
                record(other, now + timedelta(hours=1), 2)
            assert services.record_many(actor=actor, entries=[], now=now) == []
            record(actor, now, 3)
            assert Entry.objects.count() == before
        told = list(
            Entry.objects.filter(sequence__gt=before).order_by("sequence").values_list("target_id", "actor_name", "at")
        )
        assert told == [("1", actor.name, now), ("2", "定时任务", now + timedelta(hours=1)), ("3", actor.name, now)]
        assert chain_verify() == []

    def test_forgets_what_was_rolled_back(self, actor: Actor, now: datetime) -> None:
        before = Entry.objects.count()
        with services.gathered():
            record(actor, now, 1)
            with pytest.raises(ZeroDivisionError), services.gathered(), transaction.atomic():
                record(actor, now, 2)
                raise ZeroDivisionError
        assert list(Entry.objects.filter(sequence__gt=before).values_list("target_id", flat=True)) == ["1"]
        with pytest.raises(ZeroDivisionError), services.gathered():
            record(actor, now, 3)
            raise ZeroDivisionError
        assert record(actor, now, 4).sequence == before + 2
        assert chain_verify() == []


@pytest.mark.django_db
class TestRecord:
    def test_starts_the_chain_and_goes_on(self, actor: Actor, now: datetime) -> None:
        first, second = record(actor, now, 1), record(actor, now, 2)
        assert (first.sequence, first.previous) == (1, GENESIS)
        assert (second.sequence, second.previous) == (2, first.digest)

    def test_keeps_what_can_be_computed_again_after_reading_it_back(self, actor: Actor, now: datetime) -> None:
        details = {"旧": date(2026, 3, 1), "数": 1.10, "套": {"甲": [1, None, True], "b": {3, 1}}, "坏\x00字": "\ud800"}
        entry = record(actor, now, details=details)
        stored = Entry.objects.get(sequence=entry.sequence)
        assert digest(stored.link) == stored.digest == entry.digest
        assert stored.details["套"] == {"甲": [1, None, True], "b": [1, 3]}

    def test_refuses_an_unknown_action_before_writing(self, actor: Actor, now: datetime) -> None:
        with pytest.raises(UnknownAction, match="no_such"):
            services.record(
                actor=actor, action="audittest.no_such.act", target_type="x", target_id=1, summary="无", now=now
            )
        assert not Entry.objects.exists()

    def test_names_the_only_unit_of_the_actor(self, now: datetime) -> None:
        actor = Actor(user_id=7, name="李明", grants=frozenset({(Role.DRAFTER, 31)}))
        assert record(actor, now).unit_id == 31
        assert record(actor, now, unit_id=5).unit_id == 5

    def test_names_no_unit_when_the_actor_sits_in_two(self, now: datetime) -> None:
        actor = Actor(user_id=7, name="李明", grants=frozenset({(Role.DRAFTER, 31), (Role.DRAFTER, 32)}))
        assert record(actor, now).unit_id is None

    def test_tells_the_time_of_the_act_from_the_time_of_recording(self, actor: Actor, now: datetime) -> None:
        entry = record(actor, now)
        assert entry.at == now
        assert entry.recorded_at > now
        assert entry.is_backdated

    def test_records_many_with_few_statements(self, actor: Actor, now: datetime, django_assert_max_num_queries) -> None:
        entries = [
            {"action": "audittest.thing.create", "target_type": "t", "target_id": n, "summary": f"第 {n} 件"}
            for n in range(1500)
        ]
        with django_assert_max_num_queries(5):
            made = services.record_many(actor=actor, entries=entries, now=now)
        assert [entry.sequence for entry in made] == list(range(1, 1501))
        assert chain_verify() == []

    def test_many_of_none_writes_nothing(self, actor: Actor, now: datetime) -> None:
        assert services.record_many(actor=actor, entries=[], now=now) == []


@pytest.mark.django_db
class TestTriggers:
    @pytest.mark.parametrize("table", ["audit_entry", "audit_anchor"])
    @pytest.mark.parametrize("statement", ["UPDATE {} SET digest = 'x'", "DELETE FROM {}", "TRUNCATE {}"])
    def test_refuse_to_change_anything(self, table: str, statement: str) -> None:
        with (
            pytest.raises(ProgrammingError, match="审计记录只能追加"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement.format(table))

    def test_refuse_the_object_manager_too(self, actor: Actor, now: datetime) -> None:
        record(actor, now)
        with pytest.raises(ProgrammingError, match="UPDATE audit_entry"), transaction.atomic():
            Entry.objects.update(summary="改过")
        with pytest.raises(ProgrammingError, match="DELETE audit_entry"), transaction.atomic():
            Entry.objects.all().delete()

    @pytest.mark.parametrize("days", [-1, 1])
    def test_refuse_a_row_that_chooses_its_moment_of_recording(self, actor: Actor, now: datetime, days: int) -> None:
        entry = record(actor, now)
        entry.sequence, entry.recorded_at = 2, entry.recorded_at + timedelta(days=days)
        with pytest.raises(ProgrammingError, match="不能另行指定"), transaction.atomic():
            Entry.objects.bulk_create([entry])


@pytest.mark.django_db(transaction=True)
class TestTransactions:
    def test_a_rollback_leaves_no_gap(self, actor: Actor, now: datetime) -> None:
        record(actor, now, 1)
        with pytest.raises(RuntimeError), transaction.atomic():
            record(actor, now, 2)
            raise RuntimeError
        record(actor, now, 3)
        assert list(Entry.objects.order_by("sequence").values_list("sequence", "target_id")) == [(1, "1"), (2, "3")]
        assert chain_verify() == []

    def test_concurrent_writers_keep_one_unbroken_chain(self, actor: Actor, now: datetime) -> None:
        errors: list[Exception] = []

        def write(writer: int) -> None:
            try:
                for number in range(12):
                    try:
                        with transaction.atomic():
                            record(actor, now, f"{writer}-{number}a")
                            record(actor, now, f"{writer}-{number}b")
                            if number % 4 == 3:
                                raise LookupError  # a rollback now and then
                    except LookupError:
                        pass
            except Exception as error:
                errors.append(error)
            finally:
                connection.close()

        threads = [threading.Thread(target=write, args=(writer,)) for writer in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert errors == []
        assert chain_verify() == []
        entries = list(Entry.objects.order_by("sequence"))
        assert [entry.sequence for entry in entries] == list(range(1, 5 * 9 * 2 + 1))
        pairs = [(a.target_id[:-1], b.target_id[:-1]) for a, b in zip(entries[::2], entries[1::2], strict=True)]
        assert all(left == right for left, right in pairs), "entries of one transaction stand together"

    def test_sequence_is_commit_order(self, actor: Actor, now: datetime) -> None:
        waiting, committed = threading.Event(), []

        def write_second() -> None:
            waiting.set()
            with transaction.atomic():
                committed.append(record(actor, now, "second").sequence)
            connection.close()

        thread = threading.Thread(target=write_second)
        with transaction.atomic():
            first = record(actor, now, "first")
            thread.start()
            waiting.wait(5)
            thread.join(0.3)
            assert committed == [], "the second writer waits until the first has committed"
        thread.join(10)
        assert committed == [first.sequence + 1]


@pytest.mark.django_db
class TestAnchorsMake:
    def test_anchors_every_day_that_is_over_once(self, actor: Actor, now: datetime) -> None:
        record(actor, now)
        last = record(actor, now, 2)
        tomorrow = last.recorded_at + timedelta(days=1)
        made = services.anchors_make(now=tomorrow)
        assert [(anchor.sequence, anchor.digest) for anchor in made] == [(2, last.digest)]
        assert services.anchors_make(now=tomorrow) == []
        assert Anchor.objects.count() == 1

    def test_leaves_today_open(self, actor: Actor, now: datetime) -> None:
        assert services.anchors_make(now=record(actor, now).recorded_at) == []

    def test_catches_up_after_days_without_a_worker(self, actor: Actor, now: datetime, at_clock) -> None:
        for day in (1, 1, 2, 5):
            at_clock(datetime(2026, 3, day, 4, tzinfo=UTC))
            record(actor, now, day)
        made = services.anchors_make(now=datetime(2026, 3, 9, 4, tzinfo=UTC))
        assert [(a.day, a.sequence) for a in made] == [
            (date(2026, 3, 1), 2),
            (date(2026, 3, 2), 3),
            (date(2026, 3, 5), 4),
        ]

    def test_counts_a_day_by_beijing_time(self, actor: Actor, now: datetime, at_clock) -> None:
        at_clock(datetime(2026, 3, 1, 17, tzinfo=UTC))  # already 2 March in Beijing
        record(actor, now)
        assert [a.day for a in services.anchors_make(now=datetime(2026, 3, 4, tzinfo=UTC))] == [date(2026, 3, 2)]
