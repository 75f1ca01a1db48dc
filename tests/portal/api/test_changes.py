from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from gongkai.features.disclosure.selectors.public_changes import changes_horizon, public_changes
from gongkai.features.disclosure.services.due import schedules_run
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.schedules import schedule_set
from gongkai.kernel.audit.services import record
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM
from tests.portal.api.conftest import BASE, Check, ago
from tests.portal.api.test_publications import correct

CHANGES = "/api/v1/changes/"


def withdraw(bureau: Bureau, item: Any, now: Any, kind: str = "withdrawn") -> None:
    publication_withdraw(actor=bureau.office, item_id=item.pk, kind=kind, reason="需要核实。", now=now)


class TestOrder:
    def test_tells_each_event_once_in_the_order_of_the_record(self, bureau: Bureau, check: Check) -> None:
        item = bureau.published(now=ago(hours=5))
        other = bureau.published(now=ago(hours=4))
        correct(bureau, item, ago(hours=3))
        withdraw(bureau, other, ago(hours=2))
        data = check(CHANGES, "changes_list")
        assert [(one["type"], one["id"], one["number"]) for one in data["items"]] == [
            ("published", str(item.uid), 1),
            ("published", str(other.uid), 1),
            ("corrected", str(item.uid), 2),
            ("ended", str(other.uid), 1),
        ]
        assert [one["sequence"] for one in data["items"]] == sorted(one["sequence"] for one in data["items"])
        assert data["items"][3]["end"] == {"code": "withdrawn", "name": "撤下", "reason": "需要核实。"}
        assert not data["more"]
        assert check(CHANGES, "changes_list", since=data["cursor"])["items"] == []

    def test_names_only_what_is_public_now(self, bureau: Bureau, check: Check) -> None:
        item, gone = bureau.published(now=ago(hours=5)), bureau.published(now=ago(hours=4))
        correct(bureau, item, ago(hours=3))
        withdraw(bureau, gone, ago(hours=2), "error")
        data = check(CHANGES, "changes_list")
        assert [one["title"] for one in data["items"]] == [None, None, item.title, None]
        assert gone.title not in str(data)

    def test_can_be_read_in_pieces(self, bureau: Bureau, client: Any) -> None:
        made = [bureau.published(now=ago(hours=9 - n)) for n in range(5)]
        found, data = [], client.get(CHANGES, {"limit": 2}).json()
        while data["items"]:
            found += [one["id"] for one in data["items"]]
            data = client.get(data["next"].removeprefix(BASE)).json()
        assert found == [str(one.uid) for one in made]

    def test_cursor_goes_on_over_what_is_no_publication(self, bureau: Bureau) -> None:
        bureau.published()
        for _ in range(3):
            record(
                actor=SYSTEM, action="disclosure.publication.make", target_type="files.file", target_id=1, summary="无关",
                now=NOW,
            )  # fmt: skip
        page = public_changes(after=0, limit=10, at=NOW)
        assert len(page.changes) == 1
        assert page.until == page.head == changes_horizon(at=NOW) > page.changes[0].sequence

    def test_what_is_recorded_ahead_of_its_moment_holds_the_order_back(self, bureau: Bureau) -> None:
        """A later commit with an earlier moment does not slip in before the cursor that somebody holds."""
        ahead = bureau.approved()
        moment = NOW + timedelta(seconds=20)
        schedule_set(actor=bureau.office, item_id=ahead.pk, publish_at=moment, now=NOW)
        schedules_run(actor=SYSTEM, now=NOW + timedelta(seconds=10), ahead=timedelta(seconds=15))
        at_once = bureau.published(now=NOW + timedelta(seconds=12))
        page = public_changes(after=0, limit=10, at=NOW + timedelta(seconds=15))
        assert page.changes == ()
        later = public_changes(after=page.until, limit=10, at=moment)
        assert [one.uid for one in later.changes] == [ahead.uid, at_once.uid]

    def test_asks_the_database_as_often_for_one_as_for_many(self, bureau: Bureau) -> None:
        bureau.published()
        with CaptureQueriesContext(connection) as one:
            public_changes(after=0, limit=10, at=NOW)
        for _ in range(4):
            bureau.published()
        with CaptureQueriesContext(connection) as five:
            assert len(public_changes(after=0, limit=10, at=NOW).changes) == 5
        assert len(one) == len(five) <= 9

    def test_a_cursor_of_another_site_is_refused(self, bureau: Bureau, check: Check) -> None:
        assert check(CHANGES, "changes_list", 400, since="999999999")["code"] == "api.cursor.ahead"


@pytest.mark.django_db(transaction=True)
class TestConcurrency:
    def test_no_later_commit_comes_before_what_was_read(self) -> None:
        """One transaction writes first and commits last; another one has to wait with its place until then."""
        from tests.factories.world import World

        bureau = Bureau(World())
        slow, quick = bureau.approved(), bureau.approved()
        began, go_on = threading.Event(), threading.Event()
        errors: list[BaseException] = []

        def publish(item: Any, *, slowly: bool) -> None:
            from django.db import connection as own

            from gongkai.features.disclosure.services.publishing import publication_make

            try:
                with transaction.atomic():
                    publication_make(actor=bureau.office, item_id=item.pk, now=NOW)
                    if slowly:
                        began.set()
                        go_on.wait(30)
            except BaseException as error:
                errors.append(error)
            finally:
                own.close()

        first = threading.Thread(target=publish, args=(slow,), kwargs={"slowly": True})
        first.start()
        assert began.wait(30)
        second = threading.Thread(target=publish, args=(quick,), kwargs={"slowly": False})
        second.start()
        second.join(0.5)
        before = public_changes(after=0, limit=10, at=NOW)
        assert before.changes == ()
        go_on.set()
        first.join(30)
        second.join(30)
        assert errors == []
        after = public_changes(after=before.until, limit=10, at=NOW)
        assert [one.uid for one in after.changes] == [fresh(slow).uid, fresh(quick).uid]
