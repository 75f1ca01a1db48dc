"""Making items, saving, autosaving, restoring: nothing is lost, nothing changes by accident."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from gongkai.domain.items import AttachmentRef, ItemContent, State, UnitRef
from gongkai.features.disclosure.models import Item, Revision
from gongkai.features.disclosure.selectors.access import NotFound
from gongkai.features.disclosure.selectors.drafts import draft_get
from gongkai.features.disclosure.selectors.revisions import revision_compare, revision_list
from gongkai.features.disclosure.services.attachments import attachment_add, attachment_remove
from gongkai.features.disclosure.services.drafts import (
    DraftConflict,
    draft_discard,
    item_autosave,
    item_editing,
    item_editing_end,
    presence_sweep,
)
from gongkai.features.disclosure.services.items import item_create, item_discard, item_reopen
from gongkai.features.disclosure.services.revisions import (
    SaveConflict,
    item_save,
    revision_abandon,
    revision_restore,
)
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.approvals.models import Approval
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.errors import NotPermitted, Refused
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM

LATER = NOW + timedelta(minutes=5)


def content_of(item: Item) -> ItemContent:
    head = fresh(item).head
    assert head is not None
    return ItemContent.from_data(head.content)


def save(bureau: Bureau, item: Item, **changes: Any) -> Revision:
    head = fresh(item).head
    assert head is not None
    return item_save(
        actor=bureau.drafter, item_id=item.pk, content=replace(content_of(item), **changes), base=head.number, now=LATER
    )


class TestItemCreate:
    def test_makes_the_first_revision_and_a_line_in_the_audit_trail(self, bureau: Bureau) -> None:
        item = item_create(actor=bureau.drafter, unit_id=bureau.unit.pk, kind="budget", title=" 2026年\n预算 ", now=NOW)
        item = fresh(item)
        assert (item.title, item.state, item.attribute, item.index_no) == ("2026年 预算", "drafting", "", None)
        assert item.head is not None and item.head.number == 1
        content = content_of(item)
        assert content.issuer == UnitRef(bureau.unit.pk, bureau.unit.name)
        assert content.columns == ("C07-2",) and item.columns == ["C07-2"]
        entry = Entry.objects.filter(target_type="disclosure.item", target_id=str(item.pk)).get()
        assert (entry.action, entry.summary) == ("disclosure.item.create", "新建《2026年 预算》")

    def test_the_attribute_is_never_taken_from_the_content(self, bureau: Bureau) -> None:
        item = bureau.draft(attribute="proactive", grounds=("art19",))
        assert (item.attribute, content_of(item).attribute, content_of(item).grounds) == ("", "", ())

    def test_every_fault_is_told_at_once(self, bureau: Bureau) -> None:
        bad = bureau.content(
            columns=("Q99",),
            subject="9999",
            issuer=UnitRef(999_999, "无此单位"),
            effective_on=date(2026, 5, 1),
            expires_on=date(2026, 4, 1),
            body=(
                {"id": "a", "type": "video", "value": ""},
                {"id": "b", "type": "heading", "value": {"text": "一", "level": 1}},
                {"id": "c", "type": "table", "value": {"caption": "", "head": [], "rows": []}},
                {"id": "d", "type": "image", "value": {"file_id": 1, "sha256": "", "alt": "", "caption": ""}},
                {"id": "e", "type": "paragraph", "value": 3},
            ),
        )
        with pytest.raises(Refused) as refused:
            item_create(actor=bureau.drafter, unit_id=bureau.unit.pk, kind="nothing", title="  ", content=bad, now=NOW)
        assert refused.value.codes() == [
            "disclosure.title.missing",
            "disclosure.kind.unknown",
            "disclosure.subject.unknown",
            "disclosure.dates.expires_first",
            "disclosure.column.unknown",
            "disclosure.unit.unknown",
            "disclosure.block.unknown",
            "disclosure.block.level",
            "disclosure.block.empty_table",
            "disclosure.block.picture",
            "disclosure.block.form",
        ]
        assert all("{" not in sentence for sentence in refused.value.sentences())
        assert not Item.objects.exists()

    def test_is_for_people_of_the_unit(self, bureau: Bureau) -> None:
        stranger = bureau.world.actor(Role.DRAFTER, bureau.world.justice)
        with pytest.raises(NotPermitted):
            item_create(actor=stranger, unit_id=bureau.unit.pk, kind="notice", title="通知", now=NOW)

    @pytest.mark.parametrize(
        "source, kept",
        [
            ("<p onclick='x()'>文<script>alert(1)</script>字</p>", "<p>文字</p>"),
            ("<p><strong>粗</strong><em>斜</em></p>", "<p><b>粗</b><i>斜</i></p>"),
            ('<p><a href="javascript:alert(1)" target="_blank">链接</a></p>', "<p><a>链接</a></p>"),
            (
                '<p><a href="https://example.gov.cn/a?b=1">链接</a></p>',
                '<p><a href="https://example.gov.cn/a?b=1">链接</a></p>',
            ),
            ('<p><a href="//evil.example/">链接</a></p>', "<p><a>链接</a></p>"),
            ("<p>空\x00白\x1b</p>", "<p>空白</p>"),
            ("<img src=x onerror=alert(1)>图", "图"),
        ],
    )
    def test_html_is_cut_down_to_what_a_body_may_have(self, bureau: Bureau, source: str, kept: str) -> None:
        item = bureau.draft(body=({"id": "a", "type": "paragraph", "value": source},))
        assert content_of(item).body[0]["value"] == kept

    def test_blocks_get_ids_and_tables_their_full_width(self, bureau: Bureau) -> None:
        table = {"caption": "表", "head": ["甲", "乙"], "rows": [["1"], ["2", "3", "4"]], "extra": 1}
        body = (
            {"type": "paragraph", "value": "<p>一</p>"},
            {"id": "x", "type": "paragraph", "value": "<p>二</p>"},
            {"id": "x", "type": "paragraph", "value": "<p>三</p>", "onload": "x"},
            {"id": "空", "type": "paragraph", "value": "<p> </p>"},
            {"id": "t", "type": "table", "value": table},
        )
        found = content_of(bureau.draft(body=body)).body
        ids = [block["id"] for block in found]
        assert len(set(ids)) == len(ids) == 4 and ids[1] == "x"
        assert all(set(block) == {"id", "type", "value"} for block in found)
        assert found[3]["value"] == {
            "caption": "表",
            "head": ["甲", "乙", ""],
            "rows": [["1", "", ""], ["2", "3", "4"]],
        }


class TestItemSave:
    def test_makes_a_revision_and_copies_what_lists_show(self, bureau: Bureau) -> None:
        item = bureau.draft()
        revision = save(bureau, item, title="新标题", doc_no="青财字[2026]第07号", columns=("A",))
        item = fresh(item)
        assert (revision.number, item.title, item.doc_no, item.columns) == (2, "新标题", "青财字〔2026〕7号", ["A"])
        assert revision.digest == content_of(item).digest()
        assert item.head_id == revision.pk

    def test_unchanged_content_makes_no_revision(self, bureau: Bureau) -> None:
        item = bureau.in_review()
        revision = save(bureau, item)
        assert revision.number == fresh(item).head.number  # type: ignore[union-attr]
        assert fresh(item).state == "in_review"
        assert Approval.objects.get().state == "open"

    def test_attribute_and_unknown_files_cannot_be_slipped_in(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(), "withheld")
        with pytest.raises(Refused) as refused:
            save(bureau, item, attachments=(AttachmentRef(99, "a" * 64, "x.pdf", 1, "application/pdf"),))
        assert refused.value.codes() == ["disclosure.attachment.unknown"]
        save(bureau, item, title="另一个", attribute="proactive", grounds=("art19",))
        content = content_of(item)
        assert (content.title, content.attribute, content.grounds) == ("另一个", "withheld", ("art16_internal",))

    def test_attachments_that_are_not_named_stay(self, bureau: Bureau) -> None:
        item = bureau.draft()
        one, two = (
            attachment_add(actor=bureau.drafter, item_id=item.pk, name=f"{n}.txt", upload=f"附件{n}".encode(), now=NOW)
            for n in (1, 2)
        )
        save(bureau, item, attachments=(replace(two, title="第二个", sha256="f" * 64, size=9),))
        kept = content_of(item).attachments
        assert [(a.file_id, a.title) for a in kept] == [(two.file_id, "第二个"), (one.file_id, "1")]
        assert kept[0].sha256 == two.sha256

    def test_who_was_second_is_told_and_has_both_texts(self, bureau: Bureau) -> None:
        item = bureau.draft()
        mine = replace(content_of(item), title="第二个人的标题")
        save(bureau, item, title="第一个人的标题")
        other = bureau.people[Role.DISCLOSURE_OFFICE]
        with pytest.raises(SaveConflict) as conflict:
            item_save(actor=other, item_id=item.pk, content=mine, base=1, now=LATER)
        assert conflict.value.mine.title == "第二个人的标题"
        assert conflict.value.theirs.content["title"] == "第一个人的标题"
        assert bureau.drafter.name in str(conflict.value) and "3月2日09:05" in str(conflict.value)
        assert fresh(item).title == "第一个人的标题"

    @pytest.mark.parametrize("state", [State.SCHEDULED, State.ARCHIVED, State.DISCARDED])
    def test_is_refused_where_the_table_says_so(self, bureau: Bureau, state: State) -> None:
        item = bureau.in_state(state)
        with pytest.raises(Refused) as refused:
            save(bureau, item, title="改")
        assert refused.value.codes() == ["disclosure.state.not_possible"]

    @pytest.mark.parametrize("state", [State.PUBLISHED, State.WITHDRAWN, State.ON_FILE])
    def test_after_the_end_a_new_round_begins(self, bureau: Bureau, state: State) -> None:
        item = bureau.in_state(state)
        rounds = list(Approval.objects.values_list("state", flat=True))
        save(bureau, item, title="修订")
        assert fresh(item).state == "drafting"
        assert list(Approval.objects.values_list("state", flat=True)) == rounds == ["completed"]


class TestSavingWhatWasSigned:
    def test_is_told_first_and_voids_what_was_signed_when_agreed_to(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        approval = bureau.circulate(item)
        signers = bureau.sign(approval, steps=2)
        with pytest.raises(Refused) as refused:
            save(bureau, item, title="改")
        assert refused.value.codes() == ["disclosure.save.signed"]
        assert all(signer.name in str(refused.value) for signer in signers)
        assert fresh(item).state == "in_review"
        bureau.edit(item, title="改")
        approval.refresh_from_db()
        assert (fresh(item).state, approval.state) == ("drafting", "voided")
        entry = Entry.objects.filter(action="disclosure.item.save").latest("sequence")
        assert entry.details["voided"] == [signer.name for signer in signers]

    def test_without_signatures_nobody_is_asked(self, bureau: Bureau) -> None:
        item = bureau.in_review()
        save(bureau, item, title="改")
        assert fresh(item).state == "drafting"
        assert Approval.objects.get().state == "voided"

    def test_an_approved_item_falls_back(self, bureau: Bureau) -> None:
        item = bureau.approved()
        with pytest.raises(Refused):
            save(bureau, item, title="改")
        bureau.edit(item, title="改")
        assert fresh(item).state == "drafting"
        assert Approval.objects.get().state == "voided"

    def test_a_new_round_after_publication_leaves_the_proof_of_the_old_one(self, bureau: Bureau) -> None:
        item = bureau.published()
        bureau.edit(item, title="修订")
        bureau.sign(bureau.circulate(item), steps=1)
        bureau.edit(item, title="再改")
        assert list(Approval.objects.order_by("round").values_list("state", flat=True)) == ["completed", "voided"]


class TestRevisionRestore:
    def test_gives_back_the_same_digest_attachments_included(self, bureau: Bureau) -> None:
        item = bureau.draft()
        attachment_add(actor=bureau.drafter, item_id=item.pk, name="一.txt", upload=b"eins", now=NOW)
        before = fresh(item).head
        file_id = content_of(item).attachments[0].file_id
        attachment_remove(actor=bureau.drafter, item_id=item.pk, file_id=file_id, now=NOW)
        save(bureau, item, title="改", body=())
        assert before is not None
        restored = revision_restore(actor=bureau.drafter, item_id=item.pk, number=before.number, now=LATER)
        assert (restored.digest, restored.number, restored.restored_from) == (before.digest, 5, 2)
        assert revision_compare(actor=bureau.drafter, item_id=item.pk, left=2, right=5).same
        changed = revision_compare(actor=bureau.drafter, item_id=item.pk, left=4, right=5)
        assert [c.op for c in changed.attachments] == ["added"] and changed.body_changed

    def test_the_attribute_stays_as_it_was_decided_last(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(), "proactive")
        bureau.decide(item, "withheld")
        restored = revision_restore(actor=bureau.drafter, item_id=item.pk, number=2, now=LATER)
        assert restored.content["attribute"] == fresh(item).attribute == "withheld"

    def test_a_number_that_is_not_there_is_told(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            revision_restore(actor=bureau.drafter, item_id=bureau.draft().pk, number=9, now=LATER)
        assert refused.value.codes() == ["disclosure.revision.unknown"]

    def test_revisions_are_listed_with_who_and_what_was_published(self, bureau: Bureau) -> None:
        item = bureau.published()
        bureau.edit(item, title="修订")
        rows = revision_list(actor=bureau.drafter, item_id=item.pk)
        assert [(r.number, r.current, r.published_at) for r in rows] == [
            (3, True, None),
            (2, False, NOW),
            (1, False, None),
        ]
        assert {r.by_name for r in rows} == {bureau.drafter.name}


class TestRevisionAbandon:
    def test_goes_back_to_what_is_before_the_public(self, bureau: Bureau) -> None:
        item = bureau.published()
        published = fresh(item).head
        bureau.edit(item, title="修订")
        bureau.decide(item, "withheld")
        revision_abandon(actor=bureau.drafter, item_id=item.pk, now=LATER)
        item = fresh(item)
        assert published is not None and item.head is not None
        assert (item.state, item.attribute, item.head.digest) == ("published", "proactive", published.digest)

    def test_a_draft_that_was_never_published_cannot_be(self, bureau: Bureau) -> None:
        with pytest.raises(Refused) as refused:
            revision_abandon(actor=bureau.drafter, item_id=bureau.draft().pk, now=LATER)
        assert refused.value.codes() == ["disclosure.state.nothing_public"]


class TestAutosave:
    def test_keeps_what_was_typed_without_a_revision(self, bureau: Bureau) -> None:
        item = bureau.draft()
        saved = item_autosave(
            actor=bureau.drafter, item_id=item.pk, draft_version=0, changes={"title": "打了一半", "kind": "无"}, now=NOW
        )
        assert (saved.version, saved.saved_at, [i.code for i in saved.issues]) == (1, NOW, ["disclosure.kind.unknown"])
        draft = draft_get(actor=bureau.drafter, item_id=item.pk)
        assert (draft.content.title, draft.base, draft.head, draft.version) == ("打了一半", 1, 1, 1)
        item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=1, changes={"summary": "概述"}, now=NOW)
        assert draft_get(actor=bureau.drafter, item_id=item.pk).content.title == "打了一半"
        assert (fresh(item).title, Revision.objects.count()) == (item.title, 1)

    def test_who_was_second_is_told_by_whom_and_when_and_keeps_the_text(self, bureau: Bureau) -> None:
        item = bureau.draft()
        item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=0, changes={"title": "先"}, now=NOW)
        with pytest.raises(DraftConflict) as conflict:
            item_autosave(actor=bureau.office, item_id=item.pk, draft_version=0, changes={"title": "后"}, now=LATER)
        assert conflict.value.mine == {"title": "后"}
        assert conflict.value.theirs["changes"] == {"title": "先"}
        assert bureau.drafter.name in str(conflict.value) and "3月2日09:00" in str(conflict.value)

    def test_what_cannot_be_read_is_left_out_and_told(self, bureau: Bureau) -> None:
        item = bureau.draft()
        changes = {"written_on": "昨天", "title": "好", "attribute": "proactive", "nonsense": 1, "issuer": {"x": 1}}
        saved = item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=0, changes=changes, now=NOW)
        assert sorted(i.field or "" for i in saved.issues) == ["issuer", "written_on"]
        draft = draft_get(actor=bureau.drafter, item_id=item.pk)
        assert (draft.content.title, draft.content.attribute) == ("好", "")

    def test_saving_clears_ones_own_text_but_never_anothers(self, bureau: Bureau) -> None:
        item = bureau.draft()
        item_autosave(actor=bureau.office, item_id=item.pk, draft_version=0, changes={"title": "未存"}, now=NOW)
        save(bureau, item, title="存了")
        draft = draft_get(actor=bureau.office, item_id=item.pk)
        assert (draft.content.title, draft.base, draft.head, draft.by_name) == ("未存", 1, 2, bureau.office.name)
        draft_discard(actor=bureau.office, item_id=item.pk, now=LATER)
        item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=2, changes={"title": "自己的"}, now=NOW)
        save(bureau, item, title="自己的")
        assert fresh(item).draft is None

    def test_what_is_typed_stops_the_circulation_until_it_is_saved(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        item_autosave(actor=bureau.drafter, item_id=item.pk, draft_version=0, changes={"title": "未存"}, now=NOW)
        with pytest.raises(Refused) as refused:
            bureau.circulate(item)
        assert refused.value.codes() == ["disclosure.circulate.unsaved"]


class TestPresence:
    def test_tells_who_else_is_editing_right_now(self, bureau: Bureau) -> None:
        item = bureau.draft()
        assert item_editing(actor=bureau.drafter, item_id=item.pk, now=NOW) == []
        others = item_editing(actor=bureau.office, item_id=item.pk, now=NOW + timedelta(seconds=30))
        assert [(o.user_id, o.name, o.seen_at) for o in others] == [(bureau.drafter.user_id, bureau.drafter.name, NOW)]
        assert item_editing(actor=bureau.office, item_id=item.pk, now=NOW + timedelta(minutes=2)) == []
        item_editing_end(actor=bureau.office, item_id=item.pk)
        assert item_editing(actor=bureau.drafter, item_id=item.pk, now=NOW + timedelta(minutes=2)) == []
        assert presence_sweep(now=NOW + timedelta(hours=2)) == 1

    def test_is_not_for_whoever_may_not_edit(self, bureau: Bureau) -> None:
        item = bureau.draft()
        with pytest.raises(NotPermitted):
            item_editing(actor=bureau.people[Role.FIRST_REVIEWER], item_id=item.pk, now=NOW)
        with pytest.raises(NotFound):
            item_editing(actor=bureau.world.actor(Role.DRAFTER, bureau.world.justice), item_id=item.pk, now=NOW)


class TestEnding:
    def test_what_was_public_cannot_be_discarded(self, bureau: Bureau) -> None:
        item = bureau.published()
        bureau.edit(item, title="修订")
        with pytest.raises(Refused) as refused:
            item_discard(actor=bureau.office, item_id=item.pk, reason="不要了", now=LATER)
        assert refused.value.codes() == ["disclosure.discard.was_public"]

    def test_a_discarded_item_is_taken_up_again_with_a_reason(self, bureau: Bureau) -> None:
        item = bureau.discarded()
        with pytest.raises(Refused):
            item_reopen(actor=bureau.office, item_id=item.pk, reason="", now=LATER)
        assert item_reopen(actor=bureau.office, item_id=item.pk, reason="仍需公开", now=LATER).state == "drafting"

    def test_jobs_may_do_it_too(self, bureau: Bureau) -> None:
        assert item_discard(actor=SYSTEM, item_id=bureau.draft().pk, reason="清理", now=LATER).state == "discarded"
