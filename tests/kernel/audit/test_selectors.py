"""Checking the chain: whatever is done to the tables behind the triggers is found and named."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection

from gongkai.domain.issues import Severity
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit import selectors, services
from gongkai.kernel.audit.chain import GENESIS, digest
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import Filters
from gongkai.kernel.errors import NotPermitted, Refused


@pytest.fixture
def chain(db: None, actor: Actor, now: datetime) -> list[Entry]:
    """Ten entries."""
    entries = [
        {
            "action": "audittest.thing.change",
            "target_type": "audittest.thing",
            "target_id": number,
            "summary": f"修改第 {number} 件",
            "details": {"名称": ["旧", "新"]},
        }
        for number in range(1, 11)
    ]
    return services.record_many(actor=actor, entries=entries, now=now)


def behind_the_triggers(statement: str, *values: object) -> None:
    """What somebody with all rights over the database can do."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, values)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


class TestChainVerify:
    def test_finds_nothing_wrong_with_an_untouched_chain(self, chain: list[Entry]) -> None:
        assert selectors.chain_verify() == []
        assert selectors.chain_head() == (10, chain[-1].digest)

    def test_finds_nothing_wrong_with_an_empty_one(self, db: None) -> None:
        assert selectors.chain_verify() == []
        assert selectors.chain_head() == (0, GENESIS)

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("summary", "从未改过"),
            ("at", "2025-01-01T00:00:00Z"),
            ("recorded_at", "2025-01-01T00:00:00Z"),
            ("actor_id", 99),
            ("actor_name", "别人"),
            ("actor_kind", "person"),
            ("unit_id", 5),
            ("action", "audittest.thing.create"),
            ("target_type", "别的"),
            ("target_id", "77"),
            ("details", '{"名称": ["旧", "旧"]}'),
            ("digest", "f" * 64),
        ],
    )
    def test_names_the_entry_whose_content_was_changed(self, chain: list[Entry], column: str, value: object) -> None:
        behind_the_triggers(f"UPDATE audit_entry SET {column} = %s WHERE sequence = 4", value)
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values["sequence"]) == ("audit.chain.content", 4)

    def test_names_the_entry_whose_link_was_changed(self, chain: list[Entry]) -> None:
        behind_the_triggers("UPDATE audit_entry SET previous = %s WHERE sequence = 4", "0" * 64)
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values["sequence"]) == ("audit.chain.previous", 4)

    def test_names_a_deleted_entry(self, chain: list[Entry]) -> None:
        behind_the_triggers("DELETE FROM audit_entry WHERE sequence IN (6, 7)")
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values) == ("audit.chain.gap", {"sequence": 6, "found": 8})

    def test_finds_an_entry_that_was_rewritten_with_a_fitting_digest(self, chain: list[Entry]) -> None:
        entry = Entry.objects.get(sequence=4)
        entry.summary = "从未改过"
        behind_the_triggers(
            "UPDATE audit_entry SET summary = %s, digest = %s WHERE sequence = 4", entry.summary, digest(entry.link)
        )
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values["sequence"]) == ("audit.chain.previous", 5)

    def test_finds_a_chain_rewritten_to_its_end_by_the_anchor(self, chain: list[Entry]) -> None:
        services.anchors_make(now=chain[-1].recorded_at + timedelta(days=1))
        entry = chain[-1]
        entry.summary = "从未改过"
        behind_the_triggers(
            "UPDATE audit_entry SET summary = %s, digest = %s WHERE sequence = 10", entry.summary, digest(entry.link)
        )
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values["sequence"]) == ("audit.chain.anchor_differs", 10)

    def test_finds_a_chain_cut_off_behind_its_anchor(self, chain: list[Entry]) -> None:
        services.anchors_make(now=chain[-1].recorded_at + timedelta(days=1))
        behind_the_triggers("DELETE FROM audit_entry WHERE sequence > 8")
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.values["sequence"]) == ("audit.chain.anchor_missing", 10)

    def test_points_out_a_clock_that_went_backwards(self, actor: Actor, now: datetime, db: None, at_clock) -> None:
        for hour in (9, 8):
            at_clock(datetime(2026, 3, 2, hour, tzinfo=UTC))
            services.record(
                actor=actor, action="audittest.thing.create", target_type="t", target_id=1, summary="新建", now=now
            )
        [issue] = selectors.chain_verify()
        assert (issue.code, issue.severity, issue.values["sequence"]) == ("audit.chain.time", Severity.WARNING, 2)

    def test_walks_in_a_constant_number_of_queries(self, chain: list[Entry], django_assert_max_num_queries) -> None:
        with django_assert_max_num_queries(5):
            selectors.chain_verify()


class TestEntryList:
    def test_gives_the_entries_of_one_object_newest_first(
        self, chain: list[Entry], actor: Actor, now: datetime
    ) -> None:
        later = services.record(
            actor=actor,
            action="audittest.thing.create",
            target_type="audittest.thing",
            target_id=3,
            summary="又改",
            now=now,
        )
        found = selectors.entry_list(target_type="audittest.thing", target_id=3)
        assert [entry.sequence for entry in found] == [later.sequence, 3]


class TestEntrySearch:
    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (Filters(), 10),
            (Filters(actor_name="试验"), 10),
            (Filters(actor_name="别人"), 0),
            (Filters(action="audittest.thing.change"), 10),
            (Filters(action="audittest.thing.create"), 0),
            (Filters(target_type="audittest.thing", target_id="7"), 1),
            (Filters(words="第 1"), 2),
            (Filters(unit_id=3), 0),
            (Filters(first=date(2026, 3, 2), last=date(2026, 3, 2)), 10),
            (Filters(first=date(2026, 3, 3)), 0),
            (Filters(last=date(2026, 3, 1)), 0),
        ],
    )
    def test_narrows(self, chain: list[Entry], actor: Actor, filters: Filters, expected: int) -> None:
        assert selectors.entry_search(actor=actor, filters=filters).count() == expected

    def test_is_refused_to_visitors(self, db: None) -> None:
        with pytest.raises(NotPermitted, match="查看审计记录"):
            selectors.entry_search(actor=Actor.anonymous(), filters=Filters())

    def test_target_types_are_listed_once(self, chain: list[Entry], actor: Actor, now: datetime) -> None:
        services.record(
            actor=actor, action="audittest.thing.create", target_type="a.first", target_id=3, summary="新建", now=now
        )
        assert selectors.target_types() == ["a.first", "audittest.thing"]


class TestEntriesBetween:
    def test_gives_the_entries_of_the_days(self, chain: list[Entry]) -> None:
        day = chain[0].recorded_at.astimezone(selectors.BEIJING).date()
        assert len(list(selectors.entries_between(first=day, last=day))) == 10
        assert list(selectors.entries_between(first=day + timedelta(days=1), last=day + timedelta(days=2))) == []

    def test_refuses_days_in_the_wrong_order(self, db: None) -> None:
        with pytest.raises(Refused, match="请核对"):
            selectors.entries_between(first=date(2026, 3, 2), last=date(2026, 3, 1))
