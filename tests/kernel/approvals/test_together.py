"""Two people at the same moment, each on a connection of his own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest
from django.db import connection

from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals import services
from gongkai.kernel.approvals.models import Approval, Signature
from gongkai.kernel.errors import Refused
from tests.factories.world import NOW, World
from tests.kernel.approvals.rounds import LAWFUL, Team


@pytest.fixture
def team(transactional_db: None) -> Iterator[Team]:
    yield Team(World())


def at_once(*calls: Callable[[], object]) -> list[object]:
    """Run the calls in threads that start together; returns results or the refusals' codes."""
    barrier = threading.Barrier(len(calls))
    found: list[object] = [None] * len(calls)

    def run(number: int, call: Callable[[], object]) -> None:
        barrier.wait()
        try:
            found[number] = call()
        except Refused as refused:
            found[number] = refused.codes()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(calls)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return found


class TestAtTheSameMoment:
    def test_of_two_who_sign_one_step_the_second_is_told_clearly(self, team: Team) -> None:
        other = team.world.person(Role.FIRST_REVIEWER, team.unit)
        approval = team.open()
        found = at_once(lambda: team.sign(approval, "first_review"), lambda: team.sign(approval, "first_review", other))
        assert Signature.objects.count() == 1
        assert [one for one in found if isinstance(one, list)] == [["approvals.step.signed"]]

    def test_one_person_does_not_take_two_separate_steps_at_once(self, team: Team) -> None:
        approval = team.open()
        team.sign_all(approval, ["first_review", "first_proof"])
        both = team.by_step["second_review"]
        found = at_once(lambda: team.sign(approval, "second_review", both), lambda: team.sign(approval, "second_proof"))
        assert all(isinstance(one, Signature) for one in found)
        assert Approval.objects.get(pk=approval.pk).signatures.count() == 4

    def test_a_text_is_sent_through_once(self, team: Team) -> None:
        found = at_once(team.open, team.open)
        assert [one for one in found if isinstance(one, list)] == [["approvals.open.running"]]
        assert Approval.objects.count() == 1

    def test_a_link_that_is_open_in_two_tabs_signs_once(self, team: Team) -> None:
        approval = team.open(flags=["legality"])
        team.sign_all(
            approval, ["first_review", "first_proof", "second_review", "second_proof", "confidentiality_review"]
        )
        given = {"actor": team.acting(team.office), "approval_id": approval.pk, "step": "legality_review"}
        _, token = services.link_issue(**given, name="周律师", contact="13907970001", now=NOW)
        data = {"digest": approval.digest, "verdict": "sign", "form": LAWFUL, "now": NOW}
        found = at_once(*[lambda: services.link_sign(token=token, **data)] * 2)
        assert [one for one in found if isinstance(one, list)] == [["approvals.link.used"]]
        assert Signature.objects.filter(link__isnull=False).count() == 1
