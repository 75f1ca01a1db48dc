"""Publishing, correcting, taking down: what the public reads, what stays on record, and what proves it."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from click.testing import CliRunner
from django.db import DatabaseError, connection, transaction

from gongkai.features.disclosure.models import Item, Publication, PublicationEnd
from gongkai.features.disclosure.selectors.proofs import proof_of, proofs, publication_proof
from gongkai.features.disclosure.selectors.public_items import (
    PublicFilters,
    PublicItem,
    Tombstone,
    public_item_get,
    public_item_list,
)
from gongkai.features.disclosure.selectors.publications import public_file, publication_history
from gongkai.features.disclosure.selectors.releases import publication_alerts, release_get
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.services import anchors_make
from gongkai.kernel.errors import NotPermitted, Refused
from gongkai.kernel.notices.models import Notice
from tests.features.disclosure.released import NOW, TODAY, House, fresh

pytestmark = pytest.mark.django_db
SOON = NOW + timedelta(hours=1)
LATER = NOW + timedelta(hours=2)


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture(autouse=True)
def record_is_whole() -> None:
    yield
    connection.check_constraints()


def withdraw(
    house: House, item: Item, kind: str = "withdrawn", reason: str = "内容已经失效", **more: object
) -> PublicationEnd:
    given = {"actor": house.office, "now": SOON, **more}
    return publication_withdraw(item_id=item.pk, kind=kind, reason=reason, **given)


class TestPublishing:
    def test_first_publication_is_on_record_with_all_that_let_it_out(self, house: House) -> None:
        publication = house.published()
        assert (publication.number, publication.kind, publication.unit_name) == (1, "first", "青溪县财政局")
        assert (
            publication.approval.digest
            == publication.gate_run.digest
            == publication.digest
            == publication.revision.digest
        )
        entry = Entry.objects.filter(action="disclosure.publication.make").get()
        assert entry.details["publication"] == publication.pk
        assert entry.details["digest"] == publication.digest
        assert fresh(publication.item).state == "published"

    def test_authority_may_publish_for_a_unit(self, house: House) -> None:
        item = house.approved()
        assert (
            publication_make(actor=house.authority, item_id=item.pk, now=NOW).published_by_id == house.authority.user_id
        )

    def test_correction_keeps_the_former_on_record_and_readable_for_its_time(self, house: House) -> None:
        first = house.published()
        house.edit(first.item, summary="更正了第二项的数字")
        still = public_item_get(uid=first.item.uid, at=SOON)
        assert isinstance(still, PublicItem)
        assert still.number == 1, "what is being corrected stays public meanwhile"
        house.approve(fresh(first.item))
        publication_make(actor=house.office, item_id=first.item_id, now=SOON)
        now, then = (public_item_get(uid=first.item.uid, at=at) for at in (SOON, NOW))
        assert isinstance(now, PublicItem)
        assert isinstance(then, PublicItem)
        assert (now.number, now.kind, now.content.summary) == (2, "correction", "更正了第二项的数字")
        assert (then.number, then.content.summary) == (1, "")
        assert (now.first_published_at, [c.number for c in now.corrections]) == (NOW, [2])
        assert [row.number for row in publication_history(item_id=first.item_id)] == [2, 1]

    def test_same_content_is_not_published_twice(self, house: House) -> None:
        publication = house.published()
        with pytest.raises(Refused, match="已经公开"):
            publication_make(actor=house.office, item_id=publication.item_id, now=SOON)

    def test_emergency_opens_the_review_it_owes_and_stays_lit(self, house: House) -> None:
        item = house.approved(emergency=True)
        publication = publication_make(actor=house.office, item_id=item.pk, now=NOW)
        review = Approval.objects.get(purpose="after_review")
        assert (review.emergency_id, review.digest) == (publication.approval_id, publication.digest)
        assert "emergency_unreviewed" in {alert.kind for alert in publication_alerts(actor=house.office, today=TODAY)}

    def test_record_cannot_be_changed(self, house: House) -> None:
        publication = house.published()
        for change in (
            lambda: Publication.objects.update(published_at=NOW - timedelta(days=9)),
            lambda: Publication.objects.all().delete(),
            lambda: connection.cursor().execute("UPDATE disclosure_publication SET published_at = now()"),
            lambda: connection.cursor().execute("TRUNCATE disclosure_publication CASCADE"),
            lambda: Publication.objects.filter(pk=publication.pk)._raw_delete("default"),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()

    def test_time_of_entry_is_the_databases_own(self, house: House) -> None:
        publication = house.published()
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            (clock,) = cursor.fetchone()
        assert abs((clock - publication.entered_at).total_seconds()) < 60
        found = public_item_get(uid=publication.item.uid, at=NOW)
        assert isinstance(found, PublicItem)
        assert found.entered_late, "a publication dated back in a program call is told to the reader"


class TestWithdrawing:
    def test_reader_finds_the_reason_and_nothing_is_overwritten(self, house: House) -> None:
        publication = house.published()
        withdraw(house, publication.item)
        stone = public_item_get(uid=publication.item.uid, at=SOON)
        assert isinstance(stone, Tombstone)
        assert (stone.kind, stone.reason, stone.title) == ("withdrawn", "内容已经失效", publication.title)
        assert isinstance(public_item_get(uid=publication.item.uid, at=NOW), PublicItem), "then it was public"
        assert public_item_list(at=SOON).total == 0
        assert fresh(publication.item).state == "withdrawn"

    def test_error_does_not_tell_the_title_again(self, house: House) -> None:
        publication = house.published()
        withdraw(house, publication.item, "error", "误将内部材料发布")
        stone = public_item_get(uid=publication.item.uid, at=SOON)
        assert isinstance(stone, Tombstone)
        assert (stone.kind_label, stone.title) == ("误发", "")

    def test_merged_leads_to_the_last_of_a_chain(self, house: House) -> None:
        first, second, third = (house.published() for _ in range(3))
        withdraw(house, first.item, "merged", "并入", redirect_to=second.item_id)
        withdraw(house, second.item, "merged", "并入", redirect_to=third.item_id, now=LATER)
        at_first, at_last = (public_item_get(uid=first.item.uid, at=at) for at in (SOON, LATER))
        assert isinstance(at_first, Tombstone)
        assert isinstance(at_last, Tombstone)
        assert at_first.redirect_uid == second.item.uid
        assert (at_last.redirect_uid, at_last.redirect_title) == (third.item.uid, third.title)

    def test_target_that_went_away_is_not_led_to(self, house: House) -> None:
        first, second = house.published(), house.published()
        withdraw(house, first.item, "merged", "并入", redirect_to=second.item_id)
        withdraw(house, second.item, "error", "误发", now=LATER)
        stone = public_item_get(uid=first.item.uid, at=LATER)
        assert isinstance(stone, Tombstone)
        assert (stone.redirect_uid, stone.redirect_title) == (None, "")

    def test_every_reason_against_it_is_told(self, house: House) -> None:
        publication, draft = house.published(), house.draft()
        cases = {
            "publication.withdraw.reason_missing": {"reason": " "},
            "publication.withdraw.kind_unknown": {"kind": "gone"},
            "publication.withdraw.target_missing": {"kind": "merged"},
            "publication.withdraw.target_itself": {"kind": "merged", "redirect_to": publication.item_id},
            "publication.withdraw.target_not_public": {"kind": "merged", "redirect_to": draft.pk},
            "publication.withdraw.target_unknown": {"kind": "merged", "redirect_to": 999_999},
        }
        for code, given in cases.items():
            with pytest.raises(Refused) as said:
                withdraw(house, publication.item, **given)
            assert said.value.codes() == [code]
        with pytest.raises(Refused) as said:
            withdraw(house, draft, "merged", "")
        assert len(said.value.codes()) == 3

    def test_one_person_is_enough_and_the_leader_is_told(self, house: House) -> None:
        publication = house.published()
        withdraw(house, publication.item, "error", "含个人信息")
        told = Notice.objects.filter(kind="disclosure.withdrawn")
        assert {house.leader.user_id, house.drafter.user_id} <= set(told.values_list("recipient_id", flat=True))
        assert "含个人信息" in told.first().body
        assert Entry.objects.filter(action="disclosure.publication.end").count() == 1

    @pytest.mark.parametrize("role", [Role.DRAFTER, Role.UNIT_LEADER, Role.SYSTEM_ADMINISTRATOR])
    def test_others_may_not(self, house: House, role: Role) -> None:
        publication = house.published()
        with pytest.raises(NotPermitted):
            withdraw(house, publication.item, actor=house.actor(role))

    def test_same_content_may_come_back_as_a_new_publication(self, house: House) -> None:
        publication = house.published()
        withdraw(house, publication.item)
        again = publication_make(actor=house.office, item_id=publication.item_id, now=LATER)
        assert (again.number, again.kind, again.approval_id) == (2, "again", publication.approval_id)
        assert isinstance(public_item_get(uid=publication.item.uid, at=LATER), PublicItem)
        assert isinstance(public_item_get(uid=publication.item.uid, at=SOON), Tombstone)

    def test_other_content_has_to_go_round_again(self, house: House) -> None:
        publication = house.published()
        withdraw(house, publication.item)
        house.edit(publication.item)
        with pytest.raises(Refused, match="又修改过"):
            publication_make(actor=house.office, item_id=publication.item_id, now=LATER)

    def test_end_is_written_once_and_needs_its_entry(self, house: House) -> None:
        publication = house.published()
        end = {"publication": publication, "ended_at": SOON, "recorded_at": SOON, "kind": "withdrawn", "reason": "无"}
        with pytest.raises(DatabaseError), transaction.atomic():
            PublicationEnd.objects.create(**end)
            connection.check_constraints()
        with pytest.raises(DatabaseError), transaction.atomic():
            PublicationEnd.objects.create(**{**end, "kind": "superseded"})
            connection.check_constraints()
        withdraw(house, publication.item)
        with pytest.raises(DatabaseError), transaction.atomic():
            PublicationEnd.objects.create(**end)

    def test_revision_under_way_goes_on(self, house: House) -> None:
        publication = house.published()
        house.edit(publication.item)
        withdraw(house, publication.item)
        assert fresh(publication.item).state == "drafting"


class TestPublicList:
    def test_is_narrowed(self, house: House) -> None:
        notice = house.published(title="关于防汛的通知")
        plan = house.published(kind="organ_profile", title="机关简介", columns=("C02-1",), now=SOON)

        def titles(**given: object) -> list[str]:
            return [row.title for row in public_item_list(filters=PublicFilters(**given), at=LATER).rows]

        assert titles() == [plan.title, notice.title]
        assert titles(columns=("C02",)) == [plan.title], "columns below count"
        assert titles(columns=("C01", "C02")) == [plan.title, notice.title]
        assert titles(kind="notice") == [notice.title]
        assert titles(unit_ids=(house.unit.pk,)) == [plan.title, notice.title]
        assert titles(unit_ids=(house.world.east.pk,)) == []
        assert titles(text="防汛 通知") == [notice.title]
        assert titles(until=TODAY - timedelta(days=1)) == []

    def test_pages(self, house: House) -> None:
        shown = [house.published(now=NOW + timedelta(minutes=n)).title for n in range(3)]
        page = public_item_list(page=2, size=2, at=LATER)
        assert ([row.title for row in page.rows], page.pages, page.total) == (shown[:1], 2, 3)
        assert public_item_list(page=9, size=2, at=LATER).page == 2

    def test_nothing_stands_under_an_unknown_identifier(self) -> None:
        assert public_item_get(uid=uuid4(), at=NOW) is None
        assert public_item_get(uid="../etc", at=NOW) is None

    def test_file_that_nobody_published_is_not_public(self, house: House) -> None:
        house.published()
        assert not public_file(sha256="a" * 64, at=NOW)
        assert not public_file(sha256="no digest", at=NOW)


class TestProof:
    def test_holds_and_names_what_was_compared(self, house: House) -> None:
        publication = house.published()
        proof = publication_proof(uid=publication.item.uid)
        assert proof is not None
        assert proof.holds
        assert proof.entry_sequence == Entry.objects.get(action="disclosure.publication.make").sequence
        assert {step.code: step.holds for step in proof.steps}["anchor"] is None

    def test_names_the_anchor_once_it_is_made(self, house: House) -> None:
        publication = house.published()
        anchors_make(now=publication.entered_at + timedelta(days=1))
        proof = publication_proof(uid=publication.item.uid, number=1)
        assert proof is not None
        assert proof.anchor_sequence is not None
        assert proof.anchor_sequence >= proof.entry_sequence
        assert {step.code: step.holds for step in proof.steps}["anchor"] is True

    def test_finds_content_that_was_changed_behind_the_triggers(self, house: House) -> None:
        publication = house.published()
        connection.check_constraints()
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE disclosure_revision DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE disclosure_revision SET content = jsonb_set(content, '{summary}', '\"改过的\"') WHERE id = %s",
                [publication.revision_id],
            )
        publication = Publication.objects.get()
        proof = proof_of(publication)
        assert not proof.holds
        assert [step.code for step in proof.steps if step.holds is False] == ["content"]
        assert public_item_get(uid=publication.item.uid, at=NOW) is None, "what is not what was signed is not shown"

    def test_unknown_identifier_is_said(self) -> None:
        with pytest.raises(Refused, match="没有公开标识"):
            list(proofs(uid="abc"))
        assert publication_proof(uid=uuid4()) is None

    def test_command_reports_and_exits_by_what_it_found(self, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
        from gongkai.cli import publication as command

        monkeypatch.setattr(command, "setup", lambda **more: None)
        publication = house.published()
        words = CliRunner().invoke(command.publication, ["verify", str(publication.item.uid)])
        assert words.exit_code == 0
        assert "✓ 内容与摘要值一致" in words.output
        data = json.loads(CliRunner().invoke(command.publication, ["verify", "--json"]).output)
        assert (data["intact"], data["number"], data["publications"][0]["digest"]) == (True, 1, publication.digest)
        unknown = CliRunner().invoke(command.publication, ["verify", "abc"])
        assert unknown.exit_code == 1


class TestReleasePage:
    def test_tells_what_may_be_done(self, house: House) -> None:
        publication = house.published()
        release = release_get(actor=house.office, item_id=publication.item_id, now=NOW)
        assert release.current == publication
        assert [issue.code for issue in release.blockers] == ["publication.already_public"]
        assert (release.may_publish, release.may_withdraw) == (True, True)
        assert not release_get(actor=house.drafter, item_id=publication.item_id, now=NOW).may_publish
