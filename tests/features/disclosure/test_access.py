"""Who sees which item: the matrix cell by cell, and every side channel by which a limited item might leak."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gongkai.domain.items import State, Verb
from gongkai.features.disclosure import permissions
from gongkai.features.disclosure.models import Item
from gongkai.features.disclosure.selectors.access import NotFound, hidden_item_ids, item_get, visible_items
from gongkai.features.disclosure.selectors.catalogs import similar_titles
from gongkai.features.disclosure.selectors.detail import item_detail
from gongkai.features.disclosure.selectors.export import items_export
from gongkai.features.disclosure.selectors.filters import ItemFilters
from gongkai.features.disclosure.selectors.items import item_counts, item_list
from gongkai.features.disclosure.selectors.references import file_readable, items_shown
from gongkai.features.disclosure.selectors.revisions import item_history, revision_compare, revision_list
from gongkai.features.disclosure.services.attachments import attachment_add
from gongkai.features.disclosure.services.items import item_set_limited, reader_add, reader_remove
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.models import User
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.accounts.selectors import actor_get
from gongkai.kernel.approvals.services import delegation_give
from gongkai.kernel.audit.models import Entry
from gongkai.kernel.audit.selectors import Filters, entry_search
from gongkai.kernel.errors import NotPermitted
from gongkai.kernel.files.models import StoredFile
from gongkai.kernel.files.permissions import can_read
from gongkai.kernel.notices.models import Notice
from tests.factories.disclosure import Bureau, fresh
from tests.factories.world import NOW, SYSTEM, TODAY

SECRET = "某企业行政处罚线索核查情况"
OFFICE = {Role.DISCLOSURE_OFFICE, Role.DISCLOSURE_OFFICE_HEAD}
WRITERS = {Role.DRAFTER, *OFFICE}
UNIT = set(Role) - {Role.SYSTEM_ADMINISTRATOR}
ALL = {Role.SUPERVISOR, Role.SYSTEM_ADMINISTRATOR}
# What a role gives in the item's own unit, in another bureau, and in the disclosure authority (the government office).
MATRIX: dict[str, tuple[set[Role], set[Role], set[Role]]] = {
    "can_see_item": (set(Role), ALL, ALL | OFFICE),
    "can_edit_item": (WRITERS, set(), set()),
    "can_decide_attribute": (WRITERS, set(), set()),
    "can_circulate": (WRITERS, set(), set()),
    "can_publish": (OFFICE, set(), OFFICE),
    "can_withdraw": (OFFICE, set(), OFFICE),
    "can_limit_item": (OFFICE, set(), set()),
    "can_discard": (OFFICE, set(), set()),
    "can_archive": (OFFICE, set(), set()),
    "can_review_validity": (WRITERS, set(), set()),
    "can_reassess": (OFFICE, set(), set()),
}
LIMITED: dict[str, tuple[set[Role], set[Role], set[Role]]] = {
    "can_see_item": (OFFICE, set(), set()),
    "can_edit_item": (OFFICE, set(), set()),
    "can_publish": (OFFICE, set(), set()),
    "can_limit_item": (OFFICE, set(), set()),
    "can_archive": (OFFICE, set(), set()),
}


@pytest.fixture
def everybody(bureau: Bureau) -> dict[tuple[str, Role], Actor]:
    """One person by role in the item's unit, in another bureau and in the government office."""
    places = {"same": bureau.unit, "other": bureau.world.justice, "top": bureau.world.office}
    return {(place, role): bureau.world.actor(role, unit) for place, unit in places.items() for role in Role}


class TestMatrix:
    @pytest.mark.parametrize("limited, matrix", [(False, MATRIX), (True, LIMITED)], ids=["open", "limited"])
    def test_every_role_may_do_exactly_what_the_matrix_says(
        self, bureau: Bureau, everybody: dict[tuple[str, Role], Actor], limited: bool, matrix: dict[str, Any]
    ) -> None:
        item = bureau.draft(limited=limited, by=SYSTEM)
        for ability, cells in matrix.items():
            found = {key for key, actor in everybody.items() if getattr(permissions, ability)(actor, item)}
            wanted = {
                (place, role) for place, roles in zip(("same", "other", "top"), cells, strict=True) for role in roles
            }
            if ability == "can_see_item" and not limited:
                wanted -= {("same", role) for role in set(Role) - UNIT - ALL}
            assert found == wanted, ability

    @pytest.mark.parametrize("limited", [False, True])
    def test_lists_and_single_items_agree_for_everybody(
        self, bureau: Bureau, everybody: dict[tuple[str, Role], Actor], limited: bool
    ) -> None:
        items = [bureau.draft(limited=limited), bureau.in_review(limited=limited), bureau.approved(limited=limited)]
        people = [*everybody.values(), *bureau.people.values(), SYSTEM, Actor.anonymous()]
        for actor in people:
            listed = set(visible_items(actor).values_list("pk", flat=True))
            assert listed == {item.pk for item in items if permissions.can_see_item(actor, item)}, actor.name

    def test_offices_and_leaders_see_what_lies_below_their_unit(self, bureau: Bureau) -> None:
        world = bureau.world
        village = Bureau(world, world.village).draft()
        for role, seen in [(Role.DISCLOSURE_OFFICE, True), (Role.UNIT_LEADER, True), (Role.DRAFTER, False)]:
            actor = world.actor(role, world.east)
            assert permissions.can_see_item(actor, village) is seen
            assert visible_items(actor).filter(pk=village.pk).exists() is seen
            assert not permissions.can_edit_item(actor, village)


class TestLimited:
    def test_authors_readers_office_and_those_asked_see_it_and_nobody_else(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft(limited=True, title=SECRET))
        reviewer, reader = bureau.people[Role.FIRST_REVIEWER], bureau.world.actor(Role.DRAFTER, bureau.world.justice)
        root = User.objects.create_superuser("root", "root@example.invalid", "p")
        superuser = actor_get(user=root, today=TODAY)
        hidden = [superuser, reviewer, reader, *(bureau.world.actor(r, bureau.world.office) for r in (*OFFICE, *ALL))]
        assert [a.name for a in hidden if permissions.can_see_item(a, item)] == []
        assert all(permissions.can_see_item(a, item) for a in (bureau.drafter, bureau.office, SYSTEM))
        reader_add(actor=bureau.office, item_id=item.pk, user_id=reader.user_id or 0, now=NOW)
        assert permissions.can_see_item(reader, item) and not permissions.can_edit_item(reader, item)
        reader_remove(actor=bureau.office, item_id=item.pk, user_id=reader.user_id or 0, now=NOW)
        assert not permissions.can_see_item(reader, item)
        bureau.circulate(item)
        item = fresh(item)
        assert permissions.can_see_item(reviewer, item)
        assert visible_items(reviewer).filter(pk=item.pk).exists()
        assert not permissions.can_see_item(superuser, item)
        bureau.edit(item)
        assert not permissions.can_see_item(reviewer, fresh(item))

    def test_a_delegate_of_a_reviewer_sees_it_while_the_delegation_holds(self, bureau: Bureau) -> None:
        item = bureau.in_review(limited=True)
        holder = bureau.people[Role.SECOND_REVIEWER]
        delegate = bureau.world.actor(Role.DRAFTER, bureau.unit)
        assert not permissions.can_see_item(delegate, item)
        delegation_give(
            actor=holder,
            to_user_id=delegate.user_id or 0,
            role=Role.SECOND_REVIEWER,
            unit_id=bureau.unit.pk,
            from_on=TODAY,
            until_on=TODAY + timedelta(days=3),
            reason="出差",
            now=NOW,
        )
        assert permissions.can_see_item(delegate, item)
        assert visible_items(delegate).filter(pk=item.pk).exists()

    def test_an_author_who_left_the_unit_sees_it_no_longer(self, bureau: Bureau) -> None:
        item = bureau.draft(limited=True)
        gone = Actor(bureau.drafter.user_id, bureau.drafter.name)
        assert not permissions.can_see_item(gone, item)
        assert not visible_items(gone).exists()

    def test_only_the_office_and_the_author_limit_it_and_with_a_reason(self, bureau: Bureau) -> None:
        item = bureau.draft()
        with pytest.raises(NotPermitted):
            item_set_limited(
                actor=bureau.people[Role.FINAL_REVIEWER], item_id=item.pk, limited=True, reason="涉密", now=NOW
            )
        assert item_set_limited(
            actor=bureau.drafter, item_id=item.pk, limited=True, reason="线索未公开", now=NOW
        ).access_limited


class TestSideChannels:
    """By none of the ways in which items are read, does a hidden one show."""

    @pytest.fixture
    def item(self, bureau: Bureau) -> Item:
        item = bureau.decide(bureau.draft(limited=True, title=SECRET))
        attachment_add(actor=bureau.drafter, item_id=item.pk, name="线索清单.txt", upload="甲公司".encode(), now=NOW)
        bureau.circulate(item)
        return fresh(item)

    @pytest.fixture(params=["supervisor", "authority", "administrator", "superuser", "colleague", "stranger"])
    def outsider(self, request: pytest.FixtureRequest, bureau: Bureau) -> Actor:
        world = bureau.world
        if request.param == "superuser":
            return actor_get(user=User.objects.create_superuser("root", "r@example.invalid", "p"), today=TODAY)
        role, unit = {
            "supervisor": (Role.SUPERVISOR, bureau.unit),
            "authority": (Role.DISCLOSURE_OFFICE, world.office),
            "administrator": (Role.SYSTEM_ADMINISTRATOR, world.office),
            "colleague": (Role.DRAFTER, bureau.unit),
            "stranger": (Role.DISCLOSURE_OFFICE, world.justice),
        }[request.param]
        return world.actor(role, unit)

    def test_every_way_of_reading_answers_as_if_it_were_not_there(
        self, bureau: Bureau, item: Item, outsider: Actor
    ) -> None:
        file = StoredFile.objects.get(target_type="disclosure.item")
        given = {"actor": outsider, "item_id": item.pk}
        for read in (item_get, item_history, revision_list):
            with pytest.raises(NotFound):
                read(**given)  # type: ignore[operator]
        with pytest.raises(NotFound):
            item_detail(**given, today=TODAY)
        with pytest.raises(NotFound):
            revision_compare(**given, left=1, right=2)
        for filters in (
            ItemFilters(),
            ItemFilters(text=SECRET[:4]),
            ItemFilters(limited=True),
            ItemFilters(ids=(item.pk,)),
        ):
            assert item_list(actor=outsider, filters=filters, today=TODAY).total == 0
        assert sum(item_counts(actor=outsider, today=TODAY).values()) == 0
        rows = load_workbook(io.BytesIO(items_export(actor=outsider, today=TODAY))).active
        assert [cell.value for row in rows.iter_rows(min_row=2) for cell in row] == []  # type: ignore[union-attr]
        assert similar_titles(actor=outsider, title=SECRET) == []
        assert items_shown(actor=outsider, ids=[str(item.pk)], at=NOW) == {}
        assert hidden_item_ids(outsider, [item.pk]) == {item.pk}
        assert not can_read(outsider, file)
        assert not file_readable(outsider, item_id=str(item.pk), file_id=file.pk, sha256=file.sha256, at=NOW)

    def test_neither_the_audit_screen_nor_any_notice_tells_its_title(
        self, bureau: Bureau, item: Item, outsider: Actor
    ) -> None:
        told = [f"{e.summary} {e.details}" for e in Entry.objects.all()]
        assert not [text for text in told if SECRET in text or "线索清单" in text]
        assert not Notice.objects.filter(title__contains=SECRET).exists()
        if outsider.is_disclosure_authority or outsider.has(Role.SUPERVISOR) or outsider.has(Role.SYSTEM_ADMINISTRATOR):
            entries = entry_search(actor=outsider, filters=Filters(target_type="disclosure.item"))
            assert not entries.filter(target_id=str(item.pk)).exists()
            files = entry_search(actor=outsider, filters=Filters(target_type="files.file"))
            assert not files.filter(details__target=f"disclosure.item:{item.pk}").exists()

    def test_insiders_do_see_it_by_every_one_of_these_ways(self, bureau: Bureau, item: Item) -> None:
        file = StoredFile.objects.get(target_type="disclosure.item")
        for actor in (bureau.drafter, bureau.office, bureau.people[Role.FIRST_REVIEWER]):
            assert item_detail(actor=actor, item_id=item.pk, today=TODAY).row.title == SECRET
            assert item_list(actor=actor, filters=ItemFilters(limited=True), today=TODAY).total == 1
            assert str(item.pk) in items_shown(actor=actor, ids=[str(item.pk)], at=NOW)
            assert can_read(actor, file)


class TestPublicFiles:
    def test_a_file_is_everybodys_exactly_while_it_is_published(self, bureau: Bureau) -> None:
        item = bureau.decide(bureau.draft())
        ref = attachment_add(actor=bureau.drafter, item_id=item.pk, name="a.txt", upload=b"a", now=NOW)
        given = {"item_id": str(item.pk), "file_id": ref.file_id, "sha256": ref.sha256}
        anyone = Actor.anonymous()
        assert not file_readable(anyone, **given, at=NOW)
        bureau.sign(bureau.circulate(item))
        assert not file_readable(anyone, **given, at=NOW)
        from gongkai.features.disclosure.services.endings import publication_withdraw
        from gongkai.features.disclosure.services.publishing import publication_make

        publication_make(actor=bureau.office, item_id=item.pk, now=NOW)
        assert file_readable(anyone, **given, at=NOW)
        draft = attachment_add(actor=bureau.drafter, item_id=item.pk, name="b.txt", upload=b"b", now=NOW)
        assert not file_readable(anyone, item_id=str(item.pk), file_id=draft.file_id, sha256=draft.sha256, at=NOW)
        shown = items_shown(actor=bureau.world.actor(Role.DRAFTER, bureau.world.justice), ids=[str(item.pk)], at=NOW)
        assert shown[str(item.pk)].url == f"/info/{item.uid}/"
        later = NOW + timedelta(hours=1)
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="内容有误。", now=later)
        assert not file_readable(anyone, **given, at=later + timedelta(seconds=1))


class TestList:
    def test_is_narrowed_by_every_filter(self, bureau: Bureau) -> None:
        one = bureau.draft(title="关于印发养老服务办法的通知", doc_no="青财字〔2026〕8号", columns=("C11-7",))
        two = bureau.approved("withheld", title="内部工作流程")
        three = bureau.discarded(title="作废的")
        cases = [
            (ItemFilters(), {one, two}),
            (ItemFilters(ended=True), {one, two, three}),
            (ItemFilters(states=(State.DISCARDED,)), {three}),
            (ItemFilters(text="养老"), {one}),
            (ItemFilters(text="2026〕8号"), {one}),
            (ItemFilters(column="C11"), {one}),
            (ItemFilters(column="C"), {one, two}),
            (ItemFilters(attribute="none"), {one}),
            (ItemFilters(attribute="withheld"), {two}),
            (ItemFilters(kind="budget"), set()),
            (ItemFilters(unit_id=bureau.unit.pk), {one, two}),
            (ItemFilters(unit_id=bureau.world.justice.pk), set()),
            (ItemFilters(mine=True), {one, two}),
            (ItemFilters(own=True), {one, two}),
            (ItemFilters(since=TODAY, until=TODAY), {one, two}),
            (ItemFilters(since=TODAY + timedelta(days=1)), set()),
        ]
        for filters, wanted in cases:
            page = item_list(actor=bureau.drafter, filters=filters, today=TODAY)
            assert {row.id for row in page.rows} == {item.pk for item in wanted}, filters
            assert page.total == len(wanted)

    def test_filters_are_read_from_a_query(self) -> None:
        filters = ItemFilters.from_text(
            "state=drafting&state=nothing&unit=12&mine=1&attribute=bad&until=x&column=C01&page=3"
        )
        assert filters == ItemFilters(states=(State.DRAFTING,), unit_id=12, mine=True, column="C01")

    def test_takes_the_same_number_of_queries_however_long_it_is(self, bureau: Bureau) -> None:
        def queries() -> int:
            with CaptureQueriesContext(
                connection,
            ) as found:
                item_list(actor=bureau.drafter, today=TODAY)
            return len(found)

        bureau.draft()
        few = queries()
        for _ in range(6):
            bureau.draft()
        assert queries() == few <= 8

    def test_page_and_order(self, bureau: Bureau) -> None:
        items = [bureau.draft(title=f"通知{n}", now=NOW + timedelta(minutes=n)) for n in range(3)]
        page = item_list(actor=bureau.drafter, order="changed", page=9, size=2, today=TODAY)
        assert ([row.id for row in page.rows], page.page, page.pages, page.total) == ([items[0].pk], 2, 2, 3)

    def test_export_writes_text_as_text(self, bureau: Bureau) -> None:
        bureau.draft(title="=1+1")
        sheet = load_workbook(io.BytesIO(items_export(actor=bureau.drafter, today=TODAY))).active
        assert sheet is not None
        assert (sheet.cell(2, 2).value, sheet.cell(2, 2).data_type) == ("=1+1", "s")

    def test_similar_titles_are_found(self, bureau: Bureau) -> None:
        item = bureau.draft(title="关于印发《青溪县养老服务管理办法》的通知", doc_no="青府发〔2026〕3号")
        found = similar_titles(actor=bureau.drafter, title="青溪县养老服务管理办法")
        assert [(row.id, row.alike > 0.8) for row in found] == [(item.pk, True)]
        assert (
            similar_titles(actor=bureau.drafter, title="完全不同的另一件事", doc_no="青府发〔2026〕3号")[0].alike == 1.0
        )
        assert similar_titles(actor=bureau.drafter, title="青溪县养老服务管理办法", without_id=item.pk) == []


class TestDetail:
    def test_says_what_may_be_done_and_what_is_missing(self, bureau: Bureau) -> None:
        item = bureau.draft(kind="budget", written_on=None)
        detail = item_detail(actor=bureau.drafter, item_id=item.pk, today=TODAY)
        assert detail.verbs == (Verb.SAVE, Verb.DECIDE_ATTRIBUTE, Verb.DISCARD)
        assert [issue.field for issue in detail.missing] == ["written_on"]
        assert (detail.can_circulate, detail.public_path, detail.subject) == (False, "", "综合政务\\政务公开")
        item = bureau.decide(item)
        assert item_detail(actor=bureau.drafter, item_id=item.pk, today=TODAY).can_circulate
        assert item_detail(actor=bureau.people[Role.FINAL_REVIEWER], item_id=item.pk, today=TODAY).verbs == ()

    def test_tells_who_signed_and_where_it_is_published(self, bureau: Bureau) -> None:
        item = bureau.published()
        detail = item_detail(actor=bureau.office, item_id=item.pk, today=TODAY)
        assert len(detail.signed) >= 6
        assert detail.public_path == f"/info/{item.uid}/" and detail.row.published_at == NOW
        assert set(detail.verbs) == {Verb.REVISE, Verb.DECIDE_ATTRIBUTE, Verb.WITHDRAW}
