"""A step that sends or serves a letter is noted at the letter: for one case as for many, with as many statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.delivering import DeliveryFacts, End
from gongkai.domain.foi.model import Delivery, Stage
from gongkai.features.foi import services
from gongkai.features.foi.models import Application, CasePaper, LetterDelivery
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.online import online_papers
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import Refused
from tests.factories.foi import Desk
from tests.factories.foi_office import reply, set_up
from tests.factories.world import TODAY, moment
from tests.features.foi.campaign_kit import Campaigning

pytestmark = pytest.mark.django_db
HERE = TODAY + timedelta(days=3)
EVIDENCE = ("copy_provided", "form_wanted", "form_used")
SEND = c.Send(on=TODAY, delivery=Delivery.POST)
SERVE = c.Serve(on=HERE, proof="邮政妥投清单")


@pytest.fixture
def kit(desk: Desk) -> Campaigning:
    set_up(desk)
    return Campaigning(desk, TODAY)


def signed(kit: Campaigning, number: int) -> list[Application]:
    """Cases whose reply is written and signed."""
    cases = kit.cases(number)
    for one in cases:
        kit.desk.do(one, c.Draft(on=TODAY, disposition="granted_provide"))
        kit.desk.do(one, c.Sign(on=TODAY, signed_by="局长"), by=kit.desk.leader)
        reply(kit.desk, one)
    return cases


def many(kit: Campaigning, cases: list[Application], command: c.Command) -> None:
    kit.now = moment(command.on, 11)
    run = kit.step(cases, command)
    assert run.passed == len(cases), kit.told(run)
    assert kit.started(run).done == len(cases)


def rows(one: Application) -> list[tuple[object, ...]]:
    found = LetterDelivery.objects.filter(paper__application=one).order_by("paper_id", "number")
    return [
        (
            row.paper.letter,
            row.number,
            row.way,
            row.sent_on,
            row.end,
            row.ended_on,
            row.signed_by,
            row.note,
            row.proof and (row.proof.title, row.proof.note.partition("》")[0], row.proof.evidence, row.proof.file),
            row.reason,
            row.by_name,
            row.at.date(),
        )
        for row in found.select_related("paper", "proof")
    ]


def entries(one: Application) -> list[tuple[str, str]]:
    found = Entry.objects.filter(target_type="foi.application", target_id=str(one.pk)).order_by("sequence")
    numbers = [str(paper.letter_no) for paper in CasePaper.objects.filter(application=one).exclude(letter_no="")]
    return [
        (row.action, row.summary.removeprefix(one.register_no).replace(numbers[0], ""))
        for row in found
        if row.action in ("foi.delivery.note", "foi.paper.add", "foi.application.serve", "foi.application.send")
    ]


class TestManyAndOne:
    def test_leave_the_same_rows_papers_and_entries(self, kit: Campaigning) -> None:
        alone, *others = signed(kit, 3)
        for command in (SEND, SERVE):
            many(kit, others, command)
            kit.desk.do(alone, c.Send(on=TODAY, delivery=Delivery.POST) if command is SEND else SERVE)
        sent, served = rows(alone)
        assert sent[2:6] == ("post", TODAY, "", None)
        assert served[2:6] == ("post", TODAY, "signed", HERE)
        assert served[7] == "凭证：邮政妥投清单"
        assert served[8] == ("送达凭证：政府信息公开告知书", "《政府信息公开告知书", "handover_proof", None)
        for one in others:
            assert rows(one) == rows(alone)
            assert sorted(entries(one)) == sorted(entries(alone))

    def test_cost_as_many_statements_with_many_as_with_one(self, kit: Campaigning) -> None:
        counted: dict[c.Command, list[int]] = {SEND: [], SERVE: []}
        for cases in (signed(kit, 1), signed(kit, 9)):
            for command in (SEND, SERVE):
                kit.now = moment(command.on, 11)
                run = kit.step(cases, command)
                with CaptureQueriesContext(connection) as queries:
                    kit.started(run)
                counted[command].append(len(queries))
            assert LetterDelivery.objects.filter(paper__application__in=cases).count() == 2 * len(cases)
        for few, lots in counted.values():
            assert few == lots

    def test_a_notice_that_arrived_is_noted_at_its_letter(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        values = {
            "defects": ["年份不明"],
            "what_to_supply": ["年份"],
            "guidance": "写明文件的年份",
            "supplement_due": TODAY + timedelta(days=20),
        }
        for one in cases:
            kit.desk.do(one, c.NotifySupplement(on=TODAY, items=("请写明年份",)))
            reply(kit.desk, one, code="L02_supplement", values=values)
        many(kit, cases, c.DeliverSupplementNotice(on=HERE))
        for one in cases:
            ((letter, number, way, sent_on, end, ended_on, *_),) = rows(one)
            assert (letter, number, way, sent_on, end, ended_on) == (
                "L02_supplement", 1, one.wanted_delivery, TODAY, "signed", HERE,
            )  # fmt: skip

    def test_cases_without_a_letter_written_here_are_passed_over(self, kit: Campaigning) -> None:
        cases = kit.cases(2)
        for one in cases:
            kit.desk.do(one, c.Draft(on=TODAY, disposition="granted_provide"))
            kit.desk.do(one, c.Sign(on=TODAY, signed_by="局长"), by=kit.desk.leader)
        many(kit, cases, SEND)
        many(kit, cases, SERVE)
        assert not LetterDelivery.objects.exists()

    def test_served_without_a_word_on_the_proof_settles_no_line_of_the_checklist(self, kit: Campaigning) -> None:
        cases = signed(kit, 1)
        many(kit, cases, SEND)
        many(kit, cases, c.Serve(on=HERE))
        assert LetterDelivery.objects.get(number=2).proof is None
        assert not CasePaper.objects.filter(kind="service").exists()


class TestWhatIsKnownAlready:
    def test_what_the_letters_own_note_says_is_not_said_twice(self, kit: Campaigning) -> None:
        (one,) = signed(kit, 1)
        paper = CasePaper.objects.get(application=one, letter="L10_granted")
        facts = DeliveryFacts(Delivery.POST, TODAY, posting_no="XA360007")
        services.delivery_note(actor=kit.desk.clerk, paper_id=paper.pk, facts=facts, now=moment(TODAY, 12))
        many(kit, [one], c.Send(on=TODAY, delivery=Delivery.POST))
        assert paper.deliveries.count() == 1
        many(kit, [one], SERVE)
        newest = paper.deliveries.first()
        assert (newest.number, newest.posting_no, newest.ended_on) == (2, "XA360007", HERE)

    def test_one_that_came_back_and_goes_another_way_begins_anew(self, kit: Campaigning) -> None:
        (one,) = signed(kit, 1)
        paper = CasePaper.objects.get(application=one, letter="L10_granted")
        back = DeliveryFacts(Delivery.POST, TODAY, "XA360007", End.RETURNED, TODAY, note="查无此人")
        services.delivery_note(actor=kit.desk.clerk, paper_id=paper.pk, facts=back, now=moment(TODAY, 12))
        many(kit, [one], c.Send(on=HERE, delivery=Delivery.IN_PERSON))
        many(kit, [one], c.Serve(on=HERE))
        newest = paper.deliveries.first()
        assert (newest.number, newest.way, newest.sent_on, newest.posting_no) == (3, "in_person", HERE, "")
        assert newest.note == ""

    def test_what_the_step_did_not_know_is_added_without_a_reason_and_after_closing_too(self, kit: Campaigning) -> None:
        (one,) = signed(kit, 1)
        many(kit, [one], SEND)
        many(kit, [one], SERVE)
        many(kit, [one], c.Close(on=HERE, evidence=EVIDENCE))
        one.refresh_from_db()
        assert one.stage == Stage.CLOSED.value  # the words of the step stood for the proof
        paper = CasePaper.objects.get(application=one, letter="L10_granted")
        known = DeliveryFacts(Delivery.POST, TODAY, "XA360007", End.SIGNED, HERE, note="凭证：邮政妥投清单")
        signer = DeliveryFacts(**{**_fields(known), "signed_by": "欧阳青青"})
        scan = SimpleUploadedFile("妥投.pdf", b"%PDF-1.4\n%proof\n", "application/pdf")
        noted = {"actor": kit.desk.clerk, "paper_id": paper.pk, "now": moment(HERE, 16)}
        with pytest.raises(Refused) as refused:
            services.delivery_note(facts=DeliveryFacts(**{**_fields(signer), "end": End.AGENT}), **noted)
        assert refused.value.codes() == ["foi.delivering.closed"]
        row = services.delivery_note(facts=signer, upload=scan, **noted)
        assert row.proof is not None and row.proof.file is not None and row.reason == ""
        with pytest.raises(Refused):  # now it is whole
            services.delivery_note(facts=signer, **noted)

    def test_sent_online_the_applicant_can_take_it(self, kit: Campaigning) -> None:
        (one,) = signed(kit, 1)
        assert online_papers(course=case_course(application=one)) == ()
        many(kit, [one], c.Send(on=TODAY, delivery=Delivery.ONLINE))
        papers = online_papers(course=case_course(application=one))
        assert [found.paper.letter for found in papers if found.paper.letter] == ["L10_granted"]


def _fields(facts: DeliveryFacts) -> dict[str, object]:
    return {name: getattr(facts, name) for name in DeliveryFacts.__slots__}
