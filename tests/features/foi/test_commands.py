"""Steps of a case go through the machine, by those who may, against what they saw, and leave dated events."""

from __future__ import annotations

from datetime import date
from functools import partial

import pytest
from django.db import DatabaseError, connection, transaction

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import ConsultationKind, Delivery, Opinion, Stage
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.features.foi import permissions, services
from gongkai.features.foi.models import Application, CaseEvent
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.detail import case_detail
from gongkai.features.foi.services import fees
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import Desk
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
NEXT_DAY = date(2026, 3, 3)


class TestCaseDo:
    def test_a_plain_grant_from_receipt_to_archive(self, desk: Desk) -> None:
        application = desk.granted(TODAY, NEXT_DAY)
        assert (application.stage, application.replied_on) == (Stage.SENT.value, NEXT_DAY)
        desk.do(application, c.Serve(on=NEXT_DAY, proof="网上送达回执"))
        rules = case_course(application=application).law.dispositions.dispositions["granted_provide"]
        evidence = tuple(item.code for item in rules.evidence if not item.later)
        desk.do(application, c.Close(on=NEXT_DAY, evidence=evidence))
        done = desk.do(application, c.Archive(on=date(2026, 3, 5)))
        assert (done.stage, done.disposition, done.closed_on) == (Stage.ARCHIVED.value, "granted_provide", NEXT_DAY)

    def test_consultation_pauses_the_period_and_the_columns_say_so(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        asked = c.Consult(on=TODAY, kind=ConsultationKind.THIRD_PARTY, ref="甲公司")
        paused = desk.do(application, asked)
        assert (paused.stage, paused.clock_state) == (Stage.THIRD_PARTY_WAIT.value, "paused")
        desk.do(application, c.DeliverConsultation(on=NEXT_DAY, kind=ConsultationKind.THIRD_PARTY, ref="甲公司"))
        answered = desk.do(
            application,
            c.AnswerConsultation(
                on=date(2026, 3, 9), kind=ConsultationKind.THIRD_PARTY, ref="甲公司", opinion=Opinion.CONSENTS
            ),
        )
        assert answered.stage == Stage.HANDLING.value
        assert answered.due_on is not None and answered.due_on > date(2026, 3, 30)

    def test_what_the_machine_refuses_writes_nothing(self, desk: Desk) -> None:
        application = desk.taken().application
        before = (CaseEvent.objects.count(), Entry.objects.count())
        with pytest.raises(Refused) as refused:
            desk.do(application, c.Sign(on=TODAY, signed_by="局长"), by=desk.leader)
        assert refused.value.codes() == ["foi.state.not_possible"]
        assert (CaseEvent.objects.count(), Entry.objects.count()) == before

    def test_nothing_lies_in_the_future(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(Refused) as refused:
            services.case_do(
                actor=desk.clerk, application_id=application.pk, command=c.Accept(on=NEXT_DAY), now=moment(TODAY)
            )
        assert "foi.day.future" in refused.value.codes()

    def test_somebody_who_saw_an_older_case_is_told(self, desk: Desk) -> None:
        application = desk.taken().application
        seen = application.event_count
        desk.do(application, c.Accept(on=TODAY))
        with pytest.raises(Refused) as refused:
            services.case_do(
                actor=desk.clerk,
                application_id=application.pk,
                command=c.Draft(on=TODAY, disposition="granted_provide"),
                seen=seen,
                now=moment(TODAY, 11),
            )
        assert refused.value.codes() == ["foi.case.changed_meanwhile"]

    def test_whoever_drafted_does_not_sign(self, desk: Desk, world: object) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        desk.do(application, c.Draft(on=TODAY, disposition="granted_provide"), by=desk.head)
        with pytest.raises(Refused) as refused:
            desk.do(application, c.Sign(on=TODAY, signed_by="主任"), by=desk.head)
        assert refused.value.codes() == ["foi.case.own_draft"]
        assert desk.do(application, c.Sign(on=TODAY, signed_by="局长"), by=desk.leader).stage == Stage.SIGNED.value

    @pytest.mark.parametrize(
        "command",
        [
            c.Split(on=TODAY, into=("甲", "乙")),
            c.Move(on=TODAY, to="青溪县财政局", reason="误投"),
            c.Merge(on=TODAY, into="青教公开〔2026〕9号", reason="重复投递"),
            c.NotifyFee(on=TODAY, amount=100),
            c.PayFee(on=TODAY),
        ],
        ids=lambda command: command.verb.value,
    )
    def test_what_makes_more_than_events_has_its_own_road(self, desk: Desk, command: c.Command) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        before = (CaseEvent.objects.count(), Entry.objects.count())
        one = {"actor": desk.clerk, "application_id": application.pk, "now": moment(TODAY, 11)}
        for road in (partial(services.case_do, command=command), partial(services.case_steps, commands=[command])):
            with pytest.raises(Refused) as refused:
                road(**one)
            assert refused.value.codes() == ["foi.case.own_road"]
            assert VERB_NAMES[command.verb] in refused.value.sentences()[0]
        assert (CaseEvent.objects.count(), Entry.objects.count()) == before

    def test_the_road_of_its_own_tells_whoever_saw_an_older_case(self, desk: Desk) -> None:
        application = desk.taken().application
        seen = application.event_count
        desk.do(application, c.Accept(on=TODAY))
        one = {"actor": desk.clerk, "application_id": application.pk, "seen": seen, "now": moment(TODAY, 11)}
        for road in (
            partial(services.application_move, to="青溪县财政局", reason="误投", on=TODAY),
            partial(fees.fee_notify, on=TODAY),
            partial(fees.fee_pay, on=TODAY, paid_fen=100, receipt_no="1号"),
        ):
            with pytest.raises(Refused) as refused:
                road(**one)
            assert refused.value.codes() == ["foi.case.changed_meanwhile"]

    def test_a_denial_needs_the_legality_review(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        course = case_course(application=application)
        ground = course.law.dispositions.dispositions["denied_internal"].choose
        desk.do(application, c.Draft(on=TODAY, disposition="denied_internal", grounds=ground[:1]))
        with pytest.raises(Refused):
            desk.do(application, c.Sign(on=TODAY, signed_by="局长"), by=desk.leader)
        desk.do(application, c.ReviewLegality(on=TODAY, passed=True), by=desk.lawyer)
        assert desk.do(application, c.Sign(on=TODAY, signed_by="局长"), by=desk.leader).stage == Stage.SIGNED.value

    def test_sent_by_post_the_posting_day_is_the_day_of_reply(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        assert application.replied_on == TODAY
        assert application.due_on == date(2026, 3, 30)


class TestWhoMay:
    ROLES = [*Role]

    @pytest.mark.parametrize("role", ROLES)
    @pytest.mark.parametrize("verb", [Verb.ACCEPT, Verb.EXTEND, Verb.REVIEW_LEGALITY, Verb.SIGN, Verb.CLOSE])
    def test_each_role_of_the_unit_may_do_its_own_part(self, desk: Desk, role: Role, verb: Verb) -> None:
        office = {Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD}
        allowed = {
            Verb.ACCEPT: office,
            Verb.CLOSE: office,
            Verb.EXTEND: {Role.DISCLOSURE_OFFICE_HEAD},
            Verb.REVIEW_LEGALITY: {Role.LEGALITY_REVIEWER},
            Verb.SIGN: {Role.UNIT_LEADER, Role.DISCLOSURE_OFFICE_HEAD},
        }
        actor = Actor(1, "某人", grants=frozenset({(role, desk.unit.pk)}))
        assert permissions.can_do(actor, verb, desk.unit.pk) is (role in allowed[verb])
        assert not permissions.can_do(actor, verb, desk.world.finance.pk)

    @pytest.mark.parametrize("role", ROLES)
    def test_no_role_of_another_unit_sees_a_case_the_authority_included(self, desk: Desk, role: Role) -> None:
        application = desk.taken().application
        for unit in (desk.world.office, desk.world.top, desk.world.finance):
            other = desk.world.actor(role, unit)
            with pytest.raises(NotFound):
                case_detail(actor=other, application_id=application.pk, today=TODAY)
            with pytest.raises(NotFound):
                desk.do(application, c.Accept(on=TODAY), by=other)

    def test_a_colleague_without_the_ability_is_told_so(self, desk: Desk) -> None:
        application = desk.taken().application
        with pytest.raises(NotPermitted):
            desk.do(application, c.Accept(on=TODAY), by=desk.lawyer)


class TestEvents:
    def test_the_database_keeps_them_as_they_were_written(self, desk: Desk) -> None:
        application = desk.taken().application
        for statement in (
            "UPDATE foi_caseevent SET \"on\" = '2020-01-01'",
            "DELETE FROM foi_caseevent",
            "TRUNCATE foi_caseevent",
        ):
            with pytest.raises(DatabaseError, match="只能追加"), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # else emptying a table waits for what was just written
                cursor.execute(statement)
        assert CaseEvent.objects.filter(application=application).count() == 3

    def test_the_columns_are_what_the_events_add_up_to(self, desk: Desk) -> None:
        application = desk.granted(TODAY, NEXT_DAY)
        application.refresh_from_db()
        course = case_course(application=application)
        clock = course.clock(today=NEXT_DAY)
        assert application.stage == course.state.stage.value
        assert (application.due_on, application.received_on) == (clock.due_on, course.state.received_on)
        assert application.event_count == len(course.events)

    def test_entered_later_than_it_happened_is_seen(self, desk: Desk) -> None:
        application = desk.taken().application
        services.case_do(
            actor=desk.clerk, application_id=application.pk, command=c.Accept(on=TODAY), now=moment(date(2026, 3, 9))
        )
        line = case_detail(actor=desk.clerk, application_id=application.pk, today=date(2026, 3, 9)).history[-1]
        assert (line.on, line.late) == (TODAY, 7)

    def test_delivery_is_said_in_words(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        words = [
            line.words for line in case_detail(actor=desk.clerk, application_id=application.pk, today=TODAY).history
        ]
        assert any("网上送达" in one for one in words) and any("予以公开" in one for one in words)
        assert Delivery.ONLINE.value not in " ".join(words)


class TestNextSteps:
    def verbs(self, desk: Desk, application: Application) -> tuple[Verb, ...]:
        return case_detail(actor=desk.clerk, application_id=application.pk, today=TODAY).verbs

    def test_nothing_is_offered_that_has_no_object(self, desk: Desk) -> None:
        application = desk.taken().application
        desk.do(application, c.Accept(on=TODAY))
        without = {Verb.ANSWER_CONSULTATION, Verb.DELIVER_CONSULTATION, Verb.TELL_THIRD_PARTY, Verb.RETURN_ASSIGNMENT}
        assert not without & set(self.verbs(desk, application))
        desk.do(application, c.Assign(on=TODAY, ref="基建科", due_on=NEXT_DAY))
        desk.do(application, c.Consult(on=TODAY, kind=ConsultationKind.THIRD_PARTY, ref="甲公司"))
        offered = set(self.verbs(desk, application))
        assert {Verb.ANSWER_CONSULTATION, Verb.DELIVER_CONSULTATION, Verb.RETURN_ASSIGNMENT} <= offered

    def test_an_answer_is_served_once_it_is_sent_and_not_sent_again_afterwards(self, desk: Desk) -> None:
        application = desk.granted(TODAY)
        assert {Verb.SEND, Verb.SERVE} <= set(self.verbs(desk, application))
        desk.do(application, c.Serve(on=TODAY, proof="网上送达回执"))
        assert not {Verb.SEND, Verb.SERVE} & set(self.verbs(desk, application))
