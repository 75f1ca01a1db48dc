"""Requests for amendment pass the same review as applications: term, list, two persons, hold, destruction, proofs of identity."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, models, transaction
from django.test import Client

from gongkai.domain.foi.amendment import AmendmentCommand, AmendmentOutcome, AmendmentVerb
from gongkai.domain.foi.retention import GONE
from gongkai.features.foi import services
from gongkai.features.foi.models import (
    AmendmentEvent,
    AmendmentPaper,
    AmendmentRequest,
    Applicant,
    CaseHold,
    DestructionLine,
    DestructionList,
    RetentionTerm,
)
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.amendments import amendment_detail, amendment_figures, amendment_followed
from gongkai.features.foi.selectors.retention import amendment_retention, kept_amendments, list_detail
from gongkai.features.foi.services import amendment_erasing, certificates, holds, retention
from gongkai.features.foi.services.amendment_papers import amendment_paper_open
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import chain_verify
from gongkai.kernel.errors import Refused
from gongkai.kernel.files.models import StoredFile
from tests.factories.foi import NAME, Desk
from tests.factories.foi_after import archived as archived_case
from tests.factories.world import TODAY, moment
from tests.features.foi.test_privacy_stores import tables_with

pytestmark = pytest.mark.django_db
V = AmendmentVerb
THEN = date(2037, 3, 2)
"""The term of a request of 2026 was over when 2037 began."""
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 64
RECORD, CHECKED = "青溪水库移民登记", "与底册核对无误"


def png(name: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PNG)


def do(desk: Desk, row: AmendmentRequest, verb: AmendmentVerb, on: date = TODAY, **more: Any) -> AmendmentRequest:
    actor = desk.leader if verb is V.DECIDE else desk.clerk
    command = AmendmentCommand(verb=verb, on=on, by=actor.name, **more)
    return services.amendment_do(actor=actor, amendment_id=row.pk, command=command, now=moment(on, 11))


def told(desk: Desk) -> services.AmendmentTaken:
    """A request that was decided, its applicant told."""
    taken = desk.amendment(record=RECORD, identity=png("身份证.png"), proofs=(png(f"{RECORD}.png"),))
    row = do(desk, taken.amendment, V.CHECK, text=CHECKED)
    row = do(desk, row, V.DECIDE, outcome=AmendmentOutcome.AMENDED, text=f"{RECORD}已更正")
    do(desk, row, V.TELL, text=f"{NAME}签收")
    taken.amendment.refresh_from_db()
    return taken


def archived(desk: Desk) -> AmendmentRequest:
    return do(desk, told(desk).amendment, V.ARCHIVE)


def draw(desk: Desk, on: date = THEN) -> DestructionList:
    return retention.list_draw(actor=desk.clerk, unit_id=desk.unit.pk, year=on.year, now=moment(on))


def judge(desk: Desk, found: DestructionList, verdict: str = "destroy", **more: Any) -> list[int]:
    ids = list(found.lines.values_list("pk", flat=True))
    retention.lines_judge(
        actor=desk.clerk, list_id=found.pk, line_ids=ids, verdict=verdict, reason="期满", now=moment(THEN, 10), **more
    )
    return ids


def agree(desk: Desk, found: DestructionList, ids: list[int]) -> int:
    return retention.lines_agree(actor=desk.head, list_id=found.pk, line_ids=ids, now=moment(THEN, 11))


def destroyed(desk: Desk, row: AmendmentRequest) -> DestructionLine:
    found = draw(desk)
    agree(desk, found, judge(desk, found))
    return DestructionLine.objects.get(amendment=row)


class TestTerm:
    def test_runs_from_the_year_after_the_applicant_was_told_once_archived(self, desk: Desk) -> None:
        row = told(desk).amendment
        assert kept_amendments([row], today=TODAY)[row.pk].running
        row = do(desk, row, V.ARCHIVE)
        kept = kept_amendments([row], today=TODAY)[row.pk]
        assert (kept.until, kept.years, kept.own) == (date(2036, 12, 31), 10, False)
        shown = amendment_retention(actor=desk.leader, amendment_id=row.pk, today=TODAY)
        assert {one.status for one in shown.terms.basis} == {"unverified"} and "第四十一条" in shown.terms.note

    def test_runs_from_the_day_it_was_taken_back(self, desk: Desk) -> None:
        later = date(2027, 1, 4)
        row = do(desk, desk.amendment().amendment, V.WITHDRAW, later, text="不要了")
        row = do(desk, row, V.ARCHIVE, later)
        assert kept_amendments([row], today=later)[row.pk].until == date(2037, 12, 31)


class TestReview:
    def test_one_list_for_both_not_a_day_early_and_each_once(self, desk: Desk) -> None:
        row, case = archived(desk), archived_case(desk, TODAY)
        told(desk)  # not archived
        with pytest.raises(Refused):
            draw(desk, date(2036, 12, 31))
        found = draw(desk)
        assert {(line.application_id, line.amendment_id) for line in found.lines.all()} == {
            (case.pk, None),
            (None, row.pk),
        }
        with pytest.raises(Refused) as refused:
            draw(desk)
        assert refused.value.codes() == ["foi.retention.nothing"]

    def test_an_extension_and_for_good_set_the_term(self, desk: Desk) -> None:
        row = archived(desk)
        found = draw(desk)
        until = date(2040, 12, 31)
        agree(desk, found, judge(desk, found, "extend", new_until=until))
        assert kept_amendments([row], today=THEN)[row.pk].until == until
        found = draw(desk, date(2041, 3, 2))
        agree(desk, found, judge(desk, found, "permanent"))
        kept = kept_amendments([row], today=THEN)[row.pk]
        assert (kept.until, kept.own) == (None, True)
        with pytest.raises(Refused):
            draw(desk, date(2071, 3, 2))

    def test_nothing_while_a_hold_stands(self, desk: Desk) -> None:
        row = archived(desk)
        found = draw(desk)
        ids = judge(desk, found)
        hold = holds.hold_place(actor=desk.clerk, amendment_id=row.pk, reason="调查", now=moment(THEN))
        (line,) = list_detail(actor=desk.head, list_id=found.pk, number=1, today=THEN).lines
        assert "冻结" in line.why_not
        with pytest.raises(Refused) as refused:
            agree(desk, found, ids)
        assert refused.value.codes() == ["foi.retention.against"]
        holds.hold_lift(actor=desk.clerk, hold_id=hold.pk, reason="结束", now=moment(THEN))
        assert agree(desk, found, ids) == 1
        actions = Entry.objects.filter(target_type="foi.amendment", action__startswith="foi.hold.")
        assert sorted(actions.values_list("action", flat=True)) == ["foi.hold.lift", "foi.hold.place"]

    def test_a_held_one_comes_onto_no_list_and_hides_no_case(self, desk: Desk) -> None:
        row, case = archived(desk), archived_case(desk, TODAY)
        holds.hold_place(actor=desk.clerk, amendment_id=row.pk, reason="调查", now=moment(TODAY))
        assert [line.application_id for line in draw(desk).lines.all()] == [case.pk]

    def test_another_unit_neither_holds_nor_lifts(self, desk: Desk) -> None:
        row = archived(desk)
        hold = holds.hold_place(actor=desk.clerk, amendment_id=row.pk, reason="调查", now=moment(TODAY))
        other = desk.world.actor(Role.DISCLOSURE_OFFICE, desk.world.office)
        with pytest.raises(NotFound):
            holds.hold_place(actor=other, amendment_id=row.pk, reason="看看", now=moment(TODAY))
        with pytest.raises(NotFound):
            holds.hold_lift(actor=other, hold_id=hold.pk, reason="看看", now=moment(TODAY))
        with pytest.raises(NotFound):
            amendment_retention(actor=other, amendment_id=row.pk, today=TODAY)


class TestDestroyed:
    def test_nothing_of_who_asked_and_what_about_is_left(self, desk: Desk) -> None:
        taken = told(desk)
        row = do(desk, taken.amendment, V.ARCHIVE)
        assert tables_with((RECORD, CHECKED)) != set() and StoredFile.objects.exists()
        line = destroyed(desk, row)
        assert line.erased_files == 2 and not StoredFile.objects.exists()
        assert tables_with((RECORD, CHECKED, NAME)) == set()
        row.refresh_from_db()
        person = Applicant.objects.get()
        assert person.erased_at is not None and (person.phone, person.id_number, person.name_digest) == (None, None, "")
        assert {row.record, row.wrong.for_machine(), row.wanted.for_machine()} == {GONE}
        with pytest.raises(NotFound):
            amendment_followed(query_code=taken.query_code, today=THEN)

    def test_the_register_line_the_course_and_the_figures_stay(self, desk: Desk) -> None:
        row = archived(desk)
        before = amendment_figures(year=2026, unit_ids={desk.unit.pk})
        steps = list(row.events.values_list("verb", "on", "by_name"))
        number = row.register_no
        destroyed(desk, row)
        detail = amendment_detail(actor=desk.clerk, amendment_id=row.pk, today=THEN)
        assert (detail.row.register_no, detail.row.outcome, detail.row.told_on) == (number, "amended", TODAY)
        assert list(row.events.values_list("verb", "on", "by_name")) == steps
        assert amendment_figures(year=2026, unit_ids={desk.unit.pk}) == before
        assert {one.title for one in detail.papers} == {GONE}
        with pytest.raises(NotFound):
            amendment_paper_open(actor=desk.clerk, paper_id=detail.papers[0].pk, reason="看看", now=moment(THEN))
        assert Entry.objects.filter(action="foi.retention.destroy", target_type="foi.amendment").count() == 1
        assert chain_verify() == []

    def test_the_certificate_names_it_and_nobody_who_asked(self, desk: Desk) -> None:
        row = archived(desk)
        destroyed(desk, row)
        found = DestructionList.objects.get()
        _, data = certificates.destruction_certificate(actor=desk.clerk, list_id=found.pk, now=moment(THEN, 12))
        text = data.decode("utf-8-sig")
        assert row.register_no in text and "更正申请" in text and "予以更正" in text
        assert NAME not in text and RECORD not in text


class TestTheDatabaseGuards:
    """Whoever writes to the database, past the program too, takes no text away without an agreed destruction."""

    @pytest.fixture
    def line(self, desk: Desk) -> DestructionLine:
        found = DestructionList.objects.create(unit=desk.unit, year=2037, drawn_by_name="甲", drawn_at=moment(TODAY))
        return DestructionLine.objects.create(
            list=found,
            amendment=archived(desk),
            kept_until=date(2036, 12, 31),
            verdict="destroy",
            reason="期满",
            first_by_id=desk.clerk.user_id,
            agreed=True,
            second_by_id=desk.head.user_id,
        )

    def rewrite(self, line: DestructionLine, **change: Any) -> bool:
        event = AmendmentEvent.objects.get(amendment=line.amendment, verb=V.DECIDE.value)
        fields = {"data": {**event.data, "text": GONE}, **change}
        try:
            with transaction.atomic():
                return AmendmentEvent.objects.filter(pk=event.pk).update(**fields) == 1
        except DatabaseError:
            return False

    def test_texts_go_while_two_persons_have_agreed(self, line: DestructionLine) -> None:
        assert self.rewrite(line)

    @pytest.mark.parametrize(
        "change",
        [{"verdict": "permanent"}, {"agreed": False, "second_by": None}, {"erased_at": moment(TODAY)}],
        ids=["other-verdict", "not-agreed", "carried-out"],
    )
    def test_not_otherwise(self, line: DestructionLine, change: dict[str, Any]) -> None:
        DestructionLine.objects.filter(pk=line.pk).update(**change)
        assert not self.rewrite(line)

    def test_not_while_a_hold_stands(self, line: DestructionLine) -> None:
        CaseHold.objects.create(amendment=line.amendment, reason="调查", placed_by_name="甲", placed_at=moment(TODAY))
        assert not self.rewrite(line)

    @pytest.mark.parametrize(
        "change",
        [{"on": date(2020, 1, 1)}, {"by_name": "别人"}, {"verb": "tell"}, {"number": 999}, {"data": {}}],
        ids=["day", "person", "verb", "number", "no-keys"],
    )
    def test_nothing_else_changes_even_then(self, line: DestructionLine, change: dict[str, Any]) -> None:
        assert not self.rewrite(line, **change)

    def test_no_event_is_deleted(self, line: DestructionLine) -> None:
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("DELETE FROM foi_amendmentevent WHERE amendment_id = %s", [line.amendment_id])

    def test_a_row_is_about_one_case_and_no_other(self, desk: Desk, line: DestructionLine) -> None:
        for both in ({"application": archived_case(desk, TODAY)}, {"amendment": None}):
            with pytest.raises(DatabaseError), transaction.atomic():
                DestructionLine.objects.filter(pk=line.pk).update(**both)


class TestIdentities:
    def test_go_after_their_shorter_term_with_a_line_left(self, desk: Desk) -> None:
        told(desk)
        assert retention.identities_sweep(now=moment(date(2027, 3, 2))) == 0
        assert retention.identities_sweep(now=moment(date(2027, 3, 3))) == 1
        assert retention.identities_sweep(now=moment(date(2027, 3, 4))) == 0
        files = dict(AmendmentPaper.objects.values_list("kind", "file_id"))
        assert files["identity"] is None and files["proof"] is not None
        assert Entry.objects.filter(action="foi.retention.identity", target_type="foi.amendment").count() == 1

    @pytest.mark.parametrize("what", ["hold", "open"])
    def test_stay_while_something_stands_against_it(self, desk: Desk, what: str) -> None:
        row = desk.amendment(identity=png("身份证.png")).amendment if what == "open" else told(desk).amendment
        if what == "hold":
            holds.hold_place(actor=desk.clerk, amendment_id=row.pk, reason="调查", now=moment(TODAY))
        assert retention.identities_sweep(now=moment(THEN)) == 0
        assert AmendmentPaper.objects.get(kind="identity").file is not None


class TestPages:
    def test_the_page_of_a_request_tells_its_term_and_takes_a_hold(self, desk: Desk) -> None:
        row = archived(desk)
        client = Client()
        client.force_login(User.objects.get(pk=desk.clerk.user_id))
        address = f"/admin/foi/amendments/{row.pk}/"
        page = client.get(address).content.decode()
        assert "保管期限" in page and "2036" in page and "待核" in page
        page = client.post(f"{address}hold/", {"reason": "审计"}, follow=True).content.decode()
        assert "已冻结" in page and "审计" in page
        hold = CaseHold.objects.get()
        answer = client.post(f"/admin/foi/holds/{hold.pk}/lift/", {"reason": "结束"}, follow=True)
        assert answer.redirect_chain[-1][0] == address and "已解除冻结" in answer.content.decode()
        other = Client()
        other.force_login(desk.world.person(Role.DISCLOSURE_OFFICE_HEAD, desk.world.office))
        assert other.post(f"{address}hold/", {"reason": "审计"}).status_code == 404

    def test_a_destroyed_one_still_opens_and_offers_nothing_to_open(self, desk: Desk) -> None:
        row = archived(desk)
        destroyed(desk, row)
        client = Client()
        client.force_login(User.objects.get(pk=desk.clerk.user_id))
        page = client.get(f"/admin/foi/amendments/{row.pk}/").content.decode()
        assert "已销毁" in page and "查看并留痕" not in page and "下载并留痕" not in page
        page = client.get(f"/admin/foi/retention/{DestructionList.objects.get().pk}/").content.decode()
        assert row.register_no in page and f"/admin/foi/amendments/{row.pk}/" in page and RECORD not in page


class TestEveryColumnIsDecided:
    def test_is_wiped_or_kept(self) -> None:
        undecided = []
        about = {AmendmentRequest, AmendmentEvent, AmendmentPaper, CaseHold, RetentionTerm}
        leading = {
            model
            for model in apps.get_app_config("foi").get_models()
            if any(one.is_relation and one.related_model is AmendmentRequest for one in model._meta.concrete_fields)
        }
        assert leading | {AmendmentRequest} == about | {DestructionLine}  # whose texts are the reviewers' own
        kept_as_in_cases = {"placed_by_name", "lifted_by_name", "set_by_name"}
        for model in about:
            wipe = amendment_erasing.AMENDMENT_WIPED.get(model)
            decided = {*(wipe.texts if wipe else ()), *(wipe.rest if wipe else ()), *kept_as_in_cases}
            decided |= amendment_erasing.AMENDMENT_BY_HAND.get(model, frozenset())
            decided |= amendment_erasing.AMENDMENT_KEPT.get(model.__name__, frozenset())
            for one in model._meta.concrete_fields:
                text = isinstance(one, models.CharField | models.TextField | models.JSONField)
                file = one.is_relation and one.related_model._meta.label == "files.StoredFile"
                if (file or (text and not one.choices)) and one.name not in decided:
                    undecided.append(f"{model.__name__}.{one.name}")
        assert undecided == []
