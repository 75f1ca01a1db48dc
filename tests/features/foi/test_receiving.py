"""Applications are taken in by every channel, numbered without gaps, and refused with every reason at once."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.features.foi import services
from gongkai.features.foi.models import Applicant, Application, CaseEvent
from gongkai.features.foi.selectors.access import NotFound, application_by_code
from gongkai.features.foi.selectors.follow import followed
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk, confirm, person, request
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db


class TestSubmit:
    def test_at_the_desk_the_day_of_submission_is_the_day_of_receipt_and_the_case_is_registered(
        self, desk: Desk
    ) -> None:
        application = desk.taken().application
        assert (application.stage, application.received_on) == (Stage.CHECKING.value, TODAY)
        assert application.due_on == date(2026, 3, 30)
        kinds = [event.kind for event in CaseEvent.objects.filter(application=application)]
        assert kinds == ["Submitted", "Received", "Registered"]

    def test_numbers_have_no_gaps_in_a_unit_and_year(self, desk: Desk) -> None:
        first = desk.taken().application.register_no
        with pytest.raises(Refused):
            desk.taken(person=person(name=""))
        assert [first, desk.online().application.register_no] == ["2026-0001", "2026-0002"]

    def test_online_it_waits_for_both_sides_and_the_period_has_not_begun(self, desk: Desk) -> None:
        application = desk.online().application
        assert (application.stage, application.received_on, application.due_on) == (Stage.SUBMITTED.value, None, None)
        assert application.wait_due_on == date(2026, 3, 3)

    def test_confirmed_by_both_sides_it_is_received_on_that_day(self, desk: Desk) -> None:
        taken = desk.online()
        services.applicant_confirm(query_code=taken.query_code, now=moment(TODAY, 11))
        application = services.receipt_record(
            actor=desk.clerk,
            application_id=taken.application.pk,
            facts=(ReceiptFact.CONFIRMED_BY_ORGAN,),
            on=date(2026, 3, 4),
            now=moment(date(2026, 3, 4)),
        )
        assert (application.stage, application.received_on) == (Stage.CHECKING.value, date(2026, 3, 4))

    def test_signed_mail_counts_from_the_signature(self, desk: Desk) -> None:
        taken = desk.taken(
            channel=Channel.REGISTERED_MAIL,
            on=date(2026, 2, 25),
            facts={ReceiptFact.SIGNED: date(2026, 2, 27)},
            now=moment(TODAY),
        )
        assert taken.application.received_on == date(2026, 2, 27)

    def test_every_missing_thing_is_told_at_once(self, desk: Desk) -> None:
        empty = person(name=" ", id_number="", phone="", email="", address="")
        asked = request(subject="", description="", wanted_delivery=Delivery.POST)
        with pytest.raises(Refused) as refused:
            desk.taken(person=empty, request=asked)
        assert refused.value.codes() == [
            "foi.intake.name",
            "foi.intake.id_proof",
            "foi.intake.contact",
            "foi.intake.address_for_post",
            "foi.intake.subject",
            "foi.intake.description",
        ]
        assert Application.objects.count() == 0

    def test_an_organization_gives_its_code_and_who_stands_for_it(self, desk: Desk) -> None:
        firm = person(kind=ApplicantClass.BUSINESS, name="青溪建材有限公司", id_number="")
        with pytest.raises(Refused) as refused:
            desk.taken(person=firm)
        assert refused.value.codes() == ["foi.intake.representative", "foi.intake.org_proof"]

    def test_a_visitor_may_send_online_only(self, desk: Desk) -> None:
        with pytest.raises(NotPermitted):
            desk.taken(actor=Actor.anonymous())

    def test_a_village_takes_no_applications(self, desk: Desk) -> None:
        with pytest.raises(Refused) as refused:
            desk.online(unit_id=desk.world.village.pk)
        assert refused.value.codes() == ["foi.intake.unit"]


class TestSealed:
    def test_nothing_of_the_applicant_stands_readable_in_any_table(self, desk: Desk) -> None:
        taken = desk.online()
        services.applicant_confirm(query_code=taken.query_code, now=moment(TODAY, 11))
        tables = connection.introspection.table_names()
        found = []
        with connection.cursor() as cursor:
            for table in tables:
                cursor.execute(
                    f'SELECT count(*) FROM "{table}" AS row WHERE row::text ~ %s',
                    ["|".join((NAME, PHONE, NUMBER, ADDRESS[:12], "ouyang", taken.query_code))],
                )
                if cursor.fetchone()[0]:
                    found.append(table)
        assert found == []

    def test_the_applicant_shows_masked(self, desk: Desk) -> None:
        applicant = Applicant.objects.get(pk=desk.taken().application.applicant_id)
        assert str(applicant.name) == "欧**"
        assert PHONE not in f"{applicant.phone} {applicant!r}"

    def test_the_audit_trail_tells_neither_who_nor_what(self, desk: Desk) -> None:
        desk.taken()
        words = " ".join(f"{entry.summary} {entry.details}" for entry in Entry.objects.all())
        assert NAME not in words and "学府路" not in words and "收到公开申请" in words

    def test_the_code_opens_the_case_however_it_is_typed(self, desk: Desk) -> None:
        taken = desk.online()
        typed = f" {services.code_shown(taken.query_code).lower()} "
        assert application_by_code(query_code=typed).pk == taken.application.pk
        assert followed(query_code=typed, today=TODAY).may_confirm

    @pytest.mark.parametrize("code", ["", "  ", "ABCD-EFGH-JKMN", "' OR 1=1", "\x00", "中文" * 30])
    def test_any_other_code_opens_nothing(self, desk: Desk, code: str) -> None:
        desk.online()
        with pytest.raises(NotFound):
            application_by_code(query_code=code)


class TestWithdraw:
    def test_the_applicant_takes_it_back_and_the_case_is_over(self, desk: Desk) -> None:
        taken = desk.taken()
        application = services.applicant_withdraw(query_code=taken.query_code, statement="不需要了", now=moment(TODAY))
        assert (application.stage, application.disposition) == (Stage.WITHDRAWN.value, "other_withdrawn")
        with pytest.raises(Refused):
            services.applicant_withdraw(query_code=taken.query_code, statement="", now=moment(TODAY, 12))


class TestConfirm:
    def test_recording_both_confirmations_registers_it(self, desk: Desk) -> None:
        application = confirm(desk, desk.online().application, date(2026, 3, 3))
        assert (application.stage, application.due_on) == (Stage.CHECKING.value, date(2026, 3, 31))
