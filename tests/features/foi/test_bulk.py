"""Steps written for many cases leave what a step for one leaves, with as many statements as for one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.features.foi.models import Application, CaseEvent, CaseRound
from gongkai.features.foi.services.bulk import rows_update
from gongkai.features.foi.services.writing import COLUMNS
from gongkai.kernel.audit.models import Entry
from tests.factories.foi import Desk
from tests.factories.world import TODAY, moment
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
EVIDENCE = ("copy_provided", "form_wanted", "form_used", "handover_proof")
STORY: tuple[tuple[c.Command, str], ...] = (
    (c.Draft(on=TODAY, by="", disposition="granted_provide"), "clerk"),
    (c.Sign(on=TODAY, by="", signed_by="局长"), "leader"),
    (c.Send(on=TODAY, by="", delivery=Delivery.POST), "clerk"),
    (c.Serve(on=TODAY, by="", proof="挂号信"), "clerk"),
    (c.Close(on=TODAY, by="", evidence=EVIDENCE), "clerk"),
    (c.Archive(on=TODAY, by=""), "clerk"),
)


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    return Campaigning(desk)


def columns(one: Application) -> dict[str, object]:
    fresh = Application.objects.get(pk=one.pk)
    return {name: getattr(fresh, name) for name in COLUMNS if name != "changed_at"}


def events(one: Application) -> list[tuple[object, ...]]:
    rows = CaseEvent.objects.filter(application=one).order_by("number")
    return [(row.number, row.kind, row.on, {**row.data, "register_no": ""}, row.by_name) for row in rows]


def entries(one: Application) -> list[tuple[object, ...]]:
    rows = Entry.objects.filter(target_type="foi.application", target_id=str(one.pk)).order_by("sequence")
    return [(row.action, row.summary.removeprefix(one.register_no), row.details, row.actor_name) for row in rows]


class TestManyAndOne:
    def test_leave_the_same_events_columns_rounds_and_entries(self, kit: Campaigning) -> None:
        alone, *many = kit.cases(3)
        for command, who in STORY:
            actor = getattr(kit.desk, who)
            run = kit.step(many, command, by=actor)
            assert run.passed == 2, kit.told(run)
            assert kit.started(run, by=actor).done == 2
            kit.desk.do(alone, replace(command, by=actor.name), by=actor)
        for one in many:
            assert columns(one) == columns(alone)
            assert events(one) == events(alone)
            assert entries(one) == entries(alone)
            rounds = list(CaseRound.objects.filter(application=one).values_list("number", "replied_on", "ended_on"))
            assert rounds == list(
                CaseRound.objects.filter(application=alone).values_list("number", "replied_on", "ended_on")
            )
        assert columns(alone)["stage"] == Stage.ARCHIVED.value

    def test_a_chunk_costs_as_many_statements_with_many_as_with_one(self, kit: Campaigning) -> None:
        counted = []
        for cases in (kit.cases(1), kit.cases(12)):
            run = kit.step(cases, c.Draft(on=TODAY, by="", disposition="granted_provide"))
            with CaptureQueriesContext(connection) as queries:
                kit.started(run)
            counted.append(len(queries))
        assert counted[0] == counted[1]

    def test_the_trial_costs_as_many_too_and_writes_nothing_of_a_case(self, kit: Campaigning) -> None:
        counted = []
        for cases in (kit.cases(1), kit.cases(12)):
            before = CaseEvent.objects.count()
            with CaptureQueriesContext(connection) as queries:
                kit.step(cases, c.Draft(on=TODAY, by="", disposition="granted_provide"))
            counted.append(len(queries))
            assert CaseEvent.objects.count() == before
        assert counted[0] == counted[1]


class TestRowsUpdate:
    def test_writes_what_each_row_holds_empty_values_among_them(self, kit: Campaigning) -> None:
        first, second = kit.cases(2)
        first.due_on, first.stage, first.handler_id = None, Stage.DECIDING.value, None
        second.due_on, second.changed_at = TODAY, moment(TODAY, 20)
        rows_update([first, second], ["due_on", "stage", "handler", "changed_at"])
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.due_on, first.stage, first.handler_id) == (None, Stage.DECIDING.value, None)
        assert (second.due_on, second.changed_at) == (TODAY, moment(TODAY, 20))

    def test_of_nothing_asks_nothing(self) -> None:
        with CaptureQueriesContext(connection) as queries:
            rows_update([], ["stage"])
        assert len(queries) == 0
