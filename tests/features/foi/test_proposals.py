"""Proposals to disclose proactively: counted by people, evaluated by a day with a result, told to who suggested it."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.features.disclosure.models import Item
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, ProactiveProposal, ProposalCase
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.proposals import proposal_detail, proposal_list, suggestions_told
from gongkai.features.foi.services import proposal_sweeps, proposals
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import NAME, NUMBER, PHONE, Desk, person, request
from tests.factories.foi_after import paper
from tests.factories.world import TODAY, World, moment

pytestmark = pytest.mark.django_db
WORDS = {"title": "道路改造项目环评批复", "text": "环境影响报告表的批复全文。", "kind": "major_project"}


def asked(desk: Desk, number: int, subject: str = "学府路改造项目环评批复", **more: Any) -> services.Taken:
    """One more person asks; the proof of identity was seen at the desk."""
    who = person(name=f"申请人{'甲乙丙丁'[number]}", id_number="", phone=f"1397970123{number}")
    return desk.taken(person=who, request=request(subject=subject), shown=True, **more)


@pytest.fixture
def proposal(desk: Desk) -> ProactiveProposal:
    for number in range(3):
        asked(desk, number)
    assert proposal_sweeps.proposals_find(now=moment(TODAY, 20)) == 1
    return ProactiveProposal.objects.get()


def refused(run: Any) -> list[str]:
    with pytest.raises(Refused) as caught:
        run()
    return sorted(set(caught.value.codes()))


class TestFind:
    def test_three_people_open_a_proposal_with_its_own_day(self, desk: Desk, proposal: ProactiveProposal) -> None:
        assert (proposal.source, proposal.applicants, proposal.unit) == ("repeated", 3, desk.unit)
        assert proposal.due_on == date(2026, 3, 30)
        assert proposal.cases.count() == 3

    def test_one_person_three_times_does_not(self, desk: Desk) -> None:
        for _ in range(3):
            asked(desk, 0)
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 0

    def test_one_identity_number_is_one_person_whatever_the_phone(self, desk: Desk) -> None:
        for number in range(3):
            desk.taken(person=person(phone=f"1397970123{number}"))
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 0

    def test_two_people_do_not(self, desk: Desk) -> None:
        for number in (0, 1, 1):
            asked(desk, number)
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 0

    def test_other_units_are_counted_apart(self, desk: Desk, world: World) -> None:
        asked(desk, 0)
        asked(desk, 1)
        Application.objects.filter(pk=asked(desk, 2).application.pk).update(unit=world.finance, register_no="x")
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 0

    def test_what_lies_before_the_period_is_not_counted(self, desk: Desk) -> None:
        for number in range(3):
            asked(desk, number)
        Application.objects.filter(applicant__name_digest__gt="").order_by("pk").update(started_on=date(2025, 1, 2))
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 0

    def test_the_same_record_given_counts_too(self, desk: Desk) -> None:
        for number, subject in enumerate(("一件事情", "两个问题吧", "三样东西啊")):
            application = asked(desk, number, subject).application
            paper(desk, application, "record", "批复.txt", b"same bytes")
        assert proposal_sweeps.proposals_find(now=moment(TODAY)) == 1
        assert ProposalCase.objects.earliest("pk").why == ["record"]

    def test_again_opens_nothing_and_a_further_case_joins(self, desk: Desk, proposal: ProactiveProposal) -> None:
        assert proposal_sweeps.proposals_find(now=moment(TODAY, 21)) == 0
        asked(desk, 3)
        assert proposal_sweeps.proposals_find(now=moment(TODAY, 22)) == 0
        proposal.refresh_from_db()
        assert (proposal.applicants, proposal.cases.count()) == (4, 4)

    def test_after_a_decision_only_enough_new_people_open_another(
        self, desk: Desk, proposal: ProactiveProposal
    ) -> None:
        refuse(desk, proposal)
        asked(desk, 3)
        assert proposal_sweeps.proposals_find(now=moment(TODAY, 22)) == 0
        for number in range(3):
            asked(desk, number)
        assert proposal_sweeps.proposals_find(now=moment(TODAY, 23)) == 1

    def test_audit_and_notices_tell_nothing_of_it(self, desk: Desk, proposal: ProactiveProposal) -> None:
        proposal_sweeps.proposals_remind(now=moment(TODAY, 21))
        told = [f"{one.summary} {one.details}" for one in Entry.objects.filter(target_type="foi.proposal")]
        told += [f"{one.title} {one.body} {one.url}" for one in Notice.objects.all()]
        assert told and not [word for word in ("学府路", "申请人甲", "13979701230") if word in " ".join(told)]


def refuse(desk: Desk, proposal: ProactiveProposal, **more: Any) -> ProactiveProposal:
    ground = next(iter(proposals.refusal_grounds(on=TODAY)))
    given = {"ground": ground, "reason": "涉及商业秘密", **more}
    return proposals.proposal_refuse(actor=desk.head, proposal_id=proposal.pk, now=moment(TODAY, 21), **given)


class TestEvaluate:
    def test_somebody_of_the_office_until_a_day_not_later_than_the_rules(
        self, desk: Desk, proposal: ProactiveProposal
    ) -> None:
        def assign(who: int | None, day: date | None = None) -> ProactiveProposal:
            return proposals.proposal_assign(
                actor=desk.head, proposal_id=proposal.pk, evaluator_id=who or 0, due_on=day, now=moment(TODAY, 21)
            )

        assert refused(lambda: assign(desk.lawyer.user_id)) == ["foi.proposal.evaluator"]
        assert refused(lambda: assign(0, date(2026, 5, 1))) == ["foi.proposal.due", "foi.proposal.evaluator"]
        done = assign(desk.clerk.user_id, date(2026, 3, 20))
        assert (done.evaluator_id, done.due_on) == (desk.clerk.user_id, date(2026, 3, 20))

    def test_accepted_it_becomes_a_draft_item(self, desk: Desk, proposal: ProactiveProposal) -> None:
        done = proposals.proposal_accept(actor=desk.clerk, proposal_id=proposal.pk, now=moment(TODAY, 21), **WORDS)
        item = Item.objects.get(pk=done.item_id)
        assert (done.result, item.kind, item.title) == ("drafted", "major_project", WORDS["title"])
        detail = proposal_detail(actor=desk.clerk, proposal_id=proposal.pk, now=moment(TODAY, 22), today=TODAY)
        assert detail.stand is not None and detail.stand.state == "拟稿"

    @pytest.mark.parametrize("number", [0, 1, 2])
    def test_no_applicant_behind_it_is_named(self, desk: Desk, proposal: ProactiveProposal, number: int) -> None:
        words = {**WORDS, "text": f"答复申请人{'甲乙丙'[number]}。"}
        run = partial(
            proposals.proposal_accept, actor=desk.clerk, proposal_id=proposal.pk, now=moment(TODAY, 21), **words
        )
        assert refused(run) == ["foi.log.hidden"]
        assert Item.objects.count() == 0

    def test_already_public_needs_an_address(self, desk: Desk, proposal: ProactiveProposal) -> None:
        def already(address: str) -> ProactiveProposal:
            return proposals.proposal_already(
                actor=desk.clerk, proposal_id=proposal.pk, address=address, now=moment(TODAY, 21)
            )

        for wrong in ("", "javascript:alert(1)", "https://a b"):
            assert refused(partial(already, wrong)) == ["foi.proposal.address"]
        assert already("/info/x/").result == "already"

    def test_refused_on_a_ground_with_a_reason_and_once(self, desk: Desk, proposal: ProactiveProposal) -> None:
        wrong = partial(refuse, desk, proposal, ground="nothing", reason=" ")
        assert refused(wrong) == ["foi.proposal.ground", "foi.reason.missing"]
        assert refuse(desk, proposal).result == "refused"
        assert refused(lambda: refuse(desk, proposal)) == ["foi.proposal.decided"]

    def test_evidence_tells_what_was_decided_and_no_applicant(self, desk: Desk, proposal: ProactiveProposal) -> None:
        detail = proposal_detail(actor=desk.clerk, proposal_id=proposal.pk, now=moment(TODAY, 22), today=TODAY)
        assert detail.results == (("还没有结果", 3),)
        assert detail.why == ("所需信息的文字相近",)


class TestRemind:
    def test_new_near_and_every_day_when_late(self, desk: Desk, proposal: ProactiveProposal) -> None:
        assert proposal_sweeps.proposals_remind(now=moment(TODAY, 21)) == 2
        assert proposal_sweeps.proposals_remind(now=moment(TODAY, 22)) == 0
        assert proposal_sweeps.proposals_remind(now=moment(date(2026, 3, 30))) == 2
        assert proposal_sweeps.proposals_remind(now=moment(date(2026, 3, 31))) == 2
        assert proposal_sweeps.proposals_remind(now=moment(date(2026, 4, 1))) == 2
        assert Notice.objects.filter(level="urgent").count() == 4

    def test_the_evaluator_alone_while_there_is_time(self, desk: Desk, proposal: ProactiveProposal) -> None:
        assert desk.clerk.user_id is not None
        proposals.proposal_assign(
            actor=desk.head, proposal_id=proposal.pk, evaluator_id=desk.clerk.user_id, now=moment(TODAY, 21)
        )
        assert proposal_sweeps.proposals_remind(now=moment(TODAY, 22)) == 1
        assert Notice.objects.get().recipient_id == desk.clerk.user_id


class TestList:
    def test_costs_as_many_statements_with_many_as_with_one(self, desk: Desk, proposal: ProactiveProposal) -> None:
        counted = []
        for more in (0, 3):
            for _ in range(more):
                proposal.pk = None
                proposal.save()
            with CaptureQueriesContext(connection) as queries:
                lines, _, number = proposal_list(actor=desk.clerk, decided=False, number=1, today=TODAY)
            counted.append(len(queries))
            assert (len(lines), number) == (more + 1, more + 1)
        assert counted[0] == counted[1]
        assert sorted(line.cases for line in lines) == [0, 0, 0, 3]


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_evaluated_by_the_units_own_office_alone(self, desk: Desk, proposal: ProactiveProposal, role: Role) -> None:
        may = role in (Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD)
        actor = desk.world.actor(role, desk.unit)
        run = partial(
            proposals.proposal_already,
            actor=actor,
            proposal_id=proposal.pk,
            address="/info/x/",
            now=moment(TODAY, 21),
        )
        if may:
            run()
        else:
            with pytest.raises((NotFound, NotPermitted)):
                run()

    @pytest.mark.parametrize("role", list(Role))
    def test_hidden_from_every_other_unit(self, world: World, proposal: ProactiveProposal, role: Role) -> None:
        for unit in (world.finance, world.office):
            actor = world.actor(role, unit)
            with pytest.raises(NotFound):
                proposal_detail(actor=actor, proposal_id=proposal.pk, now=moment(TODAY), today=TODAY)
            try:
                lines, _, number = proposal_list(actor=actor, decided=False, number=1, today=TODAY)
            except NotPermitted:
                continue
            assert (lines, number) == ([], 0)


class TestSuggest:
    def suggest(self, taken: services.Taken, **more: Any) -> ProactiveProposal:
        given = {"subject": "各项目环评批复", "wish": "大家都想知道", **more}
        return proposals.applicant_suggest(query_code=taken.query_code, now=moment(TODAY, 12), **given)

    def test_by_the_code_with_what_and_why(self, desk: Desk) -> None:
        taken = desk.taken()
        assert refused(partial(self.suggest, taken, subject=" ", wish="")) == ["foi.log.empty"]
        found = self.suggest(taken)
        assert (found.source, found.application_id) == ("suggested", taken.application.pk)
        assert found.due_on > TODAY + timedelta(days=20)

    def test_the_result_is_told_with_its_reason(self, desk: Desk) -> None:
        taken = desk.taken()
        found = self.suggest(taken)
        refuse(desk, found)
        told = suggestions_told(application=taken.application, now=moment(TODAY, 22), today=TODAY)
        assert [(one.result, one.reason) for one in told] == [("不主动公开", "涉及商业秘密")]
        assert told[0].ground

    def test_not_too_many_at_once(self, desk: Desk) -> None:
        taken = desk.taken()
        for _ in range(3):
            self.suggest(taken)
        assert refused(lambda: self.suggest(taken)) == ["foi.suggestion.too_many"]

    def test_an_unknown_code_opens_nothing(self, desk: Desk) -> None:
        desk.taken()
        with pytest.raises(NotFound):
            proposals.applicant_suggest(query_code="AAAA", subject="x", wish="y", now=moment(TODAY))

    def test_audit_does_not_tell_the_words(self, desk: Desk) -> None:
        self.suggest(desk.taken())
        entry = Entry.objects.filter(action="foi.proposal.open").get()
        assert "大家都想知道" not in f"{entry.summary} {entry.details}"
        assert not [word for word in (NAME, PHONE, NUMBER) if word in f"{entry.summary} {entry.details}"]


def test_the_counter_is_a_job_and_nobody_in_person() -> None:
    assert Actor.system("重复申请统计") == proposal_sweeps.COUNTER
    assert User.objects.filter(username="重复申请统计").count() == 0
