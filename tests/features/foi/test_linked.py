"""Papers that go on elsewhere: parts, misdirected papers, copies, repeats; linked both ways, nothing lost, nobody shown."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.parting import Part, left_out
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi import services
from gongkai.features.foi.models import Applicant, Application, CaseLink, CasePaper
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.alike import asked_text, same_applicant, same_by
from gongkai.features.foi.selectors.comparing import comparison
from gongkai.features.foi.selectors.course import case_course
from gongkai.features.foi.selectors.follow import followed
from gongkai.features.foi.selectors.linked import linked_list
from gongkai.features.foi.services.papers import identity_open
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.factories.foi import ADDRESS, NAME, NUMBER, PHONE, Desk, confirm, person, request
from tests.factories.world import TODAY, moment

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
NEXT = date(2026, 3, 3)
TEXT = "请公开：1.学府路改造项目环评批复；2.学府路改造项目施工许可证"
PARTS = [Part("环评批复", "学府路改造项目环评批复"), Part("施工许可证", "学府路改造项目施工许可证")]


def paper(desk: Desk, **more: Any) -> services.Taken:
    return desk.taken(request=request(subject="学府路改造项目", description=TEXT), **more)


def split(desk: Desk, application: Application, parts: list[Part] | None = None, **more: Any) -> list[services.Taken]:
    fields = {"actor": desk.clerk, "on": TODAY, "now": moment(TODAY, 11), **more}
    return services.application_split(application_id=application.pk, parts=parts or PARTS, **fields)


def move(desk: Desk, application: Application, **more: Any) -> services.Taken | None:
    fields = {"actor": desk.clerk, "reason": "申请人投错单位", "on": TODAY, "now": moment(TODAY, 11), **more}
    return services.application_move(application_id=application.pk, **fields)


class TestSplit:
    def test_each_part_is_a_case_of_its_own_with_the_receipt_day_of_the_paper(self, desk: Desk) -> None:
        old = paper(desk, on=TODAY).application
        taken = split(desk, old, on=NEXT, now=moment(NEXT))
        old.refresh_from_db()
        assert (old.stage, old.closed_on) == (Stage.SPLIT.value, NEXT)
        for one in taken:
            course = case_course(application=one.application)
            assert (course.state.split_from, course.state.received_on) == (old.register_no, TODAY)
            assert type(course.events[0]).__name__ == "Submitted"
            assert one.application.due_on == old.due_on
        assert case_course(application=old).state.split_into == tuple(one.application.register_no for one in taken)
        assert {link.target_id for link in old.links_on.all()} == {one.application.pk for one in taken}

    def test_numbers_follow_each_other_without_gaps_also_after_a_refusal(self, desk: Desk) -> None:
        old = paper(desk).application
        with pytest.raises(Refused):
            split(desk, old, [PARTS[0]])
        taken = split(desk, old)
        numbers = [one.application.register_no for one in (*taken, desk.taken())]
        assert numbers == ["2026-0002", "2026-0003", "2026-0004"]

    def test_applicant_and_papers_go_along_sealed(self, desk: Desk) -> None:
        upload = {"identity": _file("card.png", PNG), "attachments": (_file("申请书.png", PNG),)}
        old = paper(desk, **upload).application
        taken = split(desk, old)
        people = Applicant.objects.filter(application__in=[one.application for one in taken])
        assert {one.name.for_machine() for one in people} == {NAME}
        assert {one.id_number.for_machine() for one in people} == {NUMBER}
        assert all(same_applicant(one, old.applicant) for one in people)
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(DISTINCT name), count(*) FROM foi_applicant")
            assert cursor.fetchone() == (3, 3)  # sealed anew for each row
        for one in taken:
            kinds = [known.kind for known in one.application.papers.order_by("id")]
            assert sorted(kinds) == ["application", "identity"]
            proof = one.application.papers.get(kind="identity")
            assert identity_open(actor=desk.clerk, paper_id=proof.pk, reason="核对", now=moment(TODAY))[1] == PNG

    def test_an_unconfirmed_paper_gives_unconfirmed_parts(self, desk: Desk) -> None:
        old = paper(desk, actor=desk.clerk, channel=Channel.EMAIL).application
        for one in split(desk, old):
            assert one.application.stage == Stage.SUBMITTED.value
            confirm(desk, one.application, NEXT)

    def test_a_corrected_day_and_an_unreachable_applicant_go_along(self, desk: Desk) -> None:
        old = paper(desk, on=date(2026, 2, 26)).application
        desk.do(old, c.CorrectReceipt(on=TODAY, received_on=date(2026, 2, 27), reason="录入有误"))
        assert {one.application.received_on for one in split(desk, old)} == {date(2026, 2, 27)}
        facts = {ReceiptFact.IN_HAND: TODAY}
        letter = paper(desk, channel=Channel.ORDINARY_MAIL, facts=facts).application
        desk.do(letter, c.NoteUnreachable(on=TODAY, attempts="电话三次无人接听"))
        states = [case_course(application=one.application).state for one in split(desk, letter)]
        assert {state.unreachable_on for state in states} == {TODAY}

    def test_what_is_left_out_needs_a_reason_that_is_kept(self, desk: Desk) -> None:
        old = paper(desk).application
        some = [PARTS[0], Part("另一件", "施工图审查合格书")]
        with pytest.raises(Refused) as refused:
            split(desk, old, some)
        assert refused.value.codes() == ["foi.split.left_out"]
        split(desk, old, some, reason="第二项已当面说明不再需要")
        assert old.papers.filter(note__contains="不再需要").exists()

    def test_what_has_begun_cannot_be_split_and_everything_is_told(self, desk: Desk) -> None:
        old = paper(desk).application
        desk.do(old, c.NotifySupplement(on=TODAY, items=("写明年份",)))
        with pytest.raises(Refused) as refused:
            split(desk, old, [PARTS[0]])
        assert {"foi.split.one_part", "foi.split.left_out", "foi.state.not_possible"} <= set(refused.value.codes())
        assert Application.objects.count() == 1

    @pytest.mark.parametrize("role", ["lawyer", "leader"])
    def test_only_who_handles_cases_splits(self, desk: Desk, role: str) -> None:
        old = paper(desk).application
        with pytest.raises(NotPermitted):
            split(desk, old, actor=getattr(desk, role))
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.finance)
        with pytest.raises(NotFound):
            split(desk, old, actor=other)

    def test_somebody_who_saw_an_older_case_is_told(self, desk: Desk) -> None:
        old = paper(desk).application
        with pytest.raises(Refused) as refused:
            split(desk, old, seen=old.event_count - 1)
        assert "foi.case.changed_meanwhile" in refused.value.codes()

    def test_the_applicant_reads_numbers_and_codes_on_the_old_page(self, desk: Desk) -> None:
        taken = paper(desk)
        parts = split(desk, taken.application)
        found = followed(query_code=taken.query_code, today=TODAY)
        assert [one.code for one in found.goes_on] == [services.code_shown(one.query_code) for one in parts]
        page = Client().post("/apply/follow/", {"code": taken.query_code}).content.decode()
        assert all(services.code_shown(one.query_code) in page for one in parts)
        opened = followed(query_code=parts[0].query_code, today=TODAY)
        assert opened.application.subject == "环评批复" and opened.goes_on == ()

    def test_nothing_of_applicant_or_question_stands_in_the_audit_trail(self, desk: Desk) -> None:
        split(desk, paper(desk).application)
        told = " ".join(f"{entry.summary} {entry.details}" for entry in Entry.objects.all())
        assert not any(secret in told for secret in (NAME, PHONE, NUMBER, ADDRESS, "学府路", "许可证"))

    @settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.text("甲乙丙丁戊己", min_size=1, max_size=8), min_size=2, max_size=4, unique=True))
    def test_parts_together_ask_what_the_paper_asked(self, desk: Desk, matters: list[str]) -> None:
        text = "；".join(f"{number}.{one}文件" for number, one in enumerate(matters, start=1))
        old = desk.taken(request=request(subject="几件事", description=text)).application
        try:
            taken = split(desk, old, [Part(f"{one}文件", f"{one}文件") for one in matters], reason="")
        except Refused as refused:  # the subject itself is a sentence that stands in no part
            assert refused.codes() == ["foi.split.left_out"]
            taken = split(desk, old, [Part(f"{one}文件", f"几件事 {one}文件") for one in matters])
        assert left_out(text, [asked_text(one.application) for one in taken]) == ()


class TestMove:
    def test_the_other_unit_gets_the_case_and_confirms_it(self, desk: Desk) -> None:
        taken = paper(desk)
        finance = desk.world.finance
        clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, finance)
        there = move(desk, taken.application, to_unit_id=finance.pk)
        assert there is not None
        moved = there.application
        assert (moved.unit_id, moved.channel, moved.stage) == (finance.pk, "sent_to_wrong_unit", "submitted")
        assert moved.description == TEXT and moved.applicant.name.for_machine() == NAME
        facts = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
        confirmed = services.receipt_record(
            actor=clerk, application_id=moved.pk, facts=facts, on=NEXT, now=moment(NEXT)
        )
        assert confirmed.received_on == NEXT
        taken.application.refresh_from_db()
        assert taken.application.stage == Stage.MOVED.value
        assert case_course(application=taken.application).state.moved_to == finance.name

    def test_neither_unit_sees_the_case_of_the_other(self, desk: Desk) -> None:
        finance = desk.world.finance
        clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, finance)
        old = paper(desk).application
        there = move(desk, old, to_unit_id=finance.pk)
        assert there is not None
        here = linked_list(actor=desk.clerk, application=old)
        assert [(one.application_id, one.register_no, one.subject) for one in here] == [(None, "", "")]
        assert here[0].unit == finance.name
        back = linked_list(actor=clerk, application=there.application)
        assert [(one.application_id, one.register_no, one.subject) for one in back] == [(None, old.register_no, "")]
        with pytest.raises(NotFound):
            comparison(actor=clerk, application_id=there.application.pk, other_id=old.pk)

    def test_the_applicant_reads_the_new_code_on_the_old_page(self, desk: Desk) -> None:
        taken = paper(desk)
        there = move(desk, taken.application, to_unit_id=desk.world.finance.pk)
        assert there is not None
        (onward,) = followed(query_code=taken.query_code, today=TODAY).goes_on
        assert (onward.code, onward.unit) == (services.code_shown(there.query_code), desk.world.finance.name)
        assert there.query_code not in repr(onward) and onward.code not in repr(onward)

    def test_the_office_there_is_told_once_without_names(
        self, desk: Desk, django_capture_on_commit_callbacks: Any
    ) -> None:
        office = desk.world.person(Role.DISCLOSURE_OFFICE, desk.world.finance)
        old = paper(desk).application
        with django_capture_on_commit_callbacks(execute=True):
            there = move(desk, old, to_unit_id=desk.world.finance.pk)
        assert there is not None
        services.moved_tell(application_id=there.application.pk, now=moment(TODAY))
        (notice,) = Notice.objects.filter(recipient=office)
        assert "移送" in notice.title and NAME not in notice.body and "学府路" not in notice.body

    def test_an_organ_outside_is_named_only(self, desk: Desk) -> None:
        old = paper(desk).application
        assert move(desk, old, to="青溪县税务局") is None
        assert case_course(application=old).state.moved_to == "青溪县税务局"
        assert Application.objects.count() == 1 and not CaseLink.objects.exists()

    def test_not_to_itself_and_not_without_reason(self, desk: Desk) -> None:
        old = paper(desk).application
        with pytest.raises(Refused) as refused:
            move(desk, old, to_unit_id=desk.unit.pk, reason=" ")
        assert set(refused.value.codes()) == {"foi.move.itself", "foi.reason.missing"}

    def test_proof_of_identity_is_sealed_for_the_new_case(self, desk: Desk) -> None:
        old = paper(desk, identity=_file("card.png", PNG)).application
        there = move(desk, old, to_unit_id=desk.world.finance.pk)
        assert there is not None
        clerk = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.finance)
        proof = there.application.papers.get(kind=CasePaper.Kind.IDENTITY)
        assert proof.sealed and proof.file is not None and proof.file.unit_id == desk.world.finance.pk
        assert identity_open(actor=clerk, paper_id=proof.pk, reason="核对", now=moment(TODAY))[1] == PNG


class TestMerge:
    def merge(self, desk: Desk, copy: Application, into: str, **more: Any) -> Application:
        fields = {"actor": desk.clerk, "reason": "同一份申请寄了两次", "on": TODAY, "now": moment(TODAY, 11), **more}
        return services.application_merge(application_id=copy.pk, into=into, **fields)

    def test_a_copy_ends_and_goes_on_under_the_first(self, desk: Desk) -> None:
        first, copy = paper(desk), paper(desk, attachments=(_file("信封.png", PNG),))
        self.merge(desk, copy.application, first.application.register_no)
        copy.application.refresh_from_db()
        assert copy.application.stage == Stage.MERGED.value
        assert first.application.papers.filter(title="信封.png").exists()
        (onward,) = followed(query_code=copy.query_code, today=TODAY).goes_on
        assert onward.code == services.code_shown(first.query_code)
        (line,) = linked_list(actor=desk.clerk, application=first.application)
        assert (line.application_id, line.words) == (copy.application.pk, "并入本件的重复收件")

    def test_applications_of_others_are_not_copies(self, desk: Desk) -> None:
        first = paper(desk, person=person(name="李四", id_number="360721199001015678", phone="13979705678"))
        copy = paper(desk)
        with pytest.raises(Refused) as refused:
            self.merge(desk, copy.application, first.application.register_no)
        assert refused.value.codes() == ["foi.merge.other_applicant"]

    def test_a_person_may_have_compared_but_then_no_code_is_told(self, desk: Desk) -> None:
        first = paper(desk, person=person(name="欧阳小明", id_number="", phone=""), shown=True)
        copy = paper(desk)
        self.merge(desk, copy.application, first.application.register_no, same_person=True)
        (onward,) = followed(query_code=copy.query_code, today=TODAY).goes_on
        assert (onward.register_no, onward.code, onward.subject) == (first.application.register_no, "", "")

    @pytest.mark.parametrize(
        ("into", "code"),
        [("2026-0999", "foi.merge.unknown"), ("2026-0001", "foi.merge.itself"), ("", "foi.merge.where")],
        ids=["unknown", "itself", "nothing"],
    )
    def test_only_into_another_case_of_the_unit(self, desk: Desk, into: str, code: str) -> None:
        copy = paper(desk).application
        with pytest.raises(Refused) as refused:
            self.merge(desk, copy, into)
        assert refused.value.codes() == [code]

    def test_not_into_what_went_elsewhere(self, desk: Desk) -> None:
        first, copy = paper(desk).application, paper(desk).application
        split(desk, first)
        with pytest.raises(Refused) as refused:
            self.merge(desk, copy, first.register_no)
        assert refused.value.codes() == ["foi.merge.elsewhere"]


class TestSameApplicant:
    @pytest.mark.parametrize(
        ("mine", "other", "by"),
        [
            ({}, {"name": "改名"}, "证件号码"),
            ({"id_number": ""}, {}, "姓名和电话"),
            ({"id_number": "", "phone": ""}, {}, ""),
            ({"name": "李四", "id_number": "1"}, {}, ""),
        ],
        ids=["number", "name and phone", "name only", "somebody else"],
    )
    def test_is_told_by_digests(self, desk: Desk, mine: dict[str, str], other: dict[str, str], by: str) -> None:
        one = desk.taken(person=person(**mine), shown=True).application.applicant
        two = desk.taken(person=person(**other), shown=True).application.applicant
        assert same_by(one, two) == by
        assert same_applicant(one, two) is bool(by)


class TestRepeat:
    def test_a_draft_has_number_day_and_letter_of_the_earlier_case(self, desk: Desk) -> None:
        earlier = desk.granted(TODAY)
        letter = services.papers.paper_write(
            application=earlier,
            actor=desk.clerk,
            kind="letter",
            title="政府信息公开告知书",
            letter="L10_granted",
            letter_no="青教公开〔2026〕1号",
            upload=PNG,
            name="告知书.png",
            now=moment(TODAY),
        )
        again = desk.taken(on=NEXT).application
        found = comparison(actor=desk.clerk, application_id=again.pk, other_id=earlier.pk)
        assert (found.percent, found.same_by, found.may_repeat, found.why_not) == (100, "证件号码", True, "")
        drafted = services.repeat_draft(
            actor=desk.clerk, application_id=again.pk, earlier_id=earlier.pk, on=NEXT, now=moment(NEXT)
        )
        answer = case_course(application=drafted).state.answer
        assert answer is not None and answer.disposition == "refused_repeat"
        evidence = {one.evidence: one for one in again.papers.filter(kind="evidence")}
        assert set(evidence) == {"earlier_case", "earlier_reply"}
        assert earlier.register_no in evidence["earlier_case"].note
        assert found.letters == (letter,) and evidence["earlier_reply"].file is not None
        assert "2026-03-02" in evidence["earlier_reply"].note
        (link,) = again.links_on.all()
        assert (link.kind, link.target_id) == ("repeats", earlier.pk)
        assert followed(query_code=again.query_code.for_machine(), today=NEXT).goes_on == ()

    def test_what_was_not_answered_is_no_repeat(self, desk: Desk) -> None:
        earlier, again = desk.taken().application, desk.taken(on=NEXT).application
        found = comparison(actor=desk.clerk, application_id=again.pk, other_id=earlier.pk)
        assert not found.may_repeat and "还没有答复" in found.why_not and found.may_merge
        with pytest.raises(Refused) as refused:
            services.repeat_draft(
                actor=desk.clerk, application_id=again.pk, earlier_id=earlier.pk, on=NEXT, now=moment(NEXT)
            )
        assert refused.value.codes() == ["foi.repeat.hindered"]

    def test_what_somebody_else_asked_is_no_repeat(self, desk: Desk) -> None:
        earlier = desk.granted(TODAY, person=person(name="李四", id_number="360721199001015678"))
        again = desk.taken(on=NEXT).application
        with pytest.raises(Refused) as refused:
            services.repeat_draft(
                actor=desk.clerk, application_id=again.pk, earlier_id=earlier.pk, on=NEXT, now=moment(NEXT)
            )
        assert refused.value.codes() == ["foi.repeat.other_applicant"]

    def test_differences_are_marked(self, desk: Desk) -> None:
        earlier = desk.taken().application
        again = desk.taken(request=request(subject="学府路改造项目施工许可证")).application
        found = comparison(actor=desk.lawyer, application_id=again.pk, other_id=earlier.pk)
        rows = {row.label: row for row in found.rows}
        assert not rows["所需信息"].equal and rows["其他特征"].equal
        assert not found.may_merge and not found.may_repeat  # a reviewer looks only


def test_the_steps_need_their_own_pages(desk: Desk) -> None:
    """A bare number in a step would link nothing; the page of the step is asked for instead."""
    from gongkai.features.foi.staff.case_views import ELSEWHERE

    assert set(ELSEWHERE) == {Verb.SPLIT, Verb.MOVE, Verb.MERGE}


def _file(name: str, data: bytes) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile(name, data)
