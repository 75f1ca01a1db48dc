from __future__ import annotations

from datetime import timedelta

import pytest

from gongkai.features.disclosure.models import Item, ValidityReview
from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.features.disclosure.services.publishing import publication_make
from gongkai.portal.models import SearchEntry, SearchGeneration
from gongkai.portal.search import selectors, store
from gongkai.portal.search.selectors import Asked
from gongkai.portal.search.services import feed
from gongkai.portal.search.services.feed import index_follow, index_rebuild
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW
from tests.features.disclosure.released import House

LATER = NOW + timedelta(hours=1)


def titles(text: str, at: object = LATER) -> list[str]:
    found = selectors.search(asked=Asked(text), at=at)  # type: ignore[arg-type]
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


def documents() -> int:
    """How many documents are in the index itself, whatever the rows say."""
    opened = store.opened()
    return opened.index.searcher().num_docs if opened else 0


def withdraw(bureau: Bureau, item: Item, *, at: object = LATER) -> None:
    publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="内容需要核实。", now=at)


class TestRebuild:
    def test_everything_public_is_found_and_nothing_else(self, bureau: Bureau) -> None:
        bureau.published(title="关于住房公积金提取的通知")
        bureau.approved(title="关于住房公积金贷款的通知")
        assert index_rebuild(at=LATER) == 1
        assert titles("公积金") == ["关于住房公积金提取的通知"]

    def test_new_generation_takes_the_place_of_the_old_one(self, bureau: Bureau) -> None:
        bureau.published(title="关于住房公积金提取的通知")
        index_rebuild(at=LATER)
        first = store.current_name()
        index_rebuild(at=LATER + timedelta(seconds=5))
        assert store.current_name() != first
        assert set(SearchEntry.objects.values_list("generation", flat=True)) == {store.current_name()}
        assert titles("公积金") == ["关于住房公积金提取的通知"]

    def test_crash_in_the_middle_leaves_the_old_index_in_use(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        bureau.published(title="关于住房公积金提取的通知")
        index_rebuild(at=LATER)
        before = store.current_name()
        bureau.published(title="关于公共租赁住房的通知")

        def crash(name: str) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(store, "make_current", crash)
            index_rebuild(at=LATER)
        assert store.current_name() == before
        assert titles("公积金") == ["关于住房公积金提取的通知"]
        assert SearchEntry.objects.filter(generation=before).count() == 1
        assert len(store.folders()) == 2
        assert index_rebuild(at=LATER) == 2
        assert store.current_name() in store.folders()
        assert titles("公共租赁住房") == ["关于公共租赁住房的通知"]
        assert SearchGeneration.objects.count() == 1

    def test_only_one_process_rebuilds_at_a_time(self, bureau: Bureau) -> None:
        with store.rebuilding() as mine:
            assert mine
            assert index_rebuild(at=LATER) is None

    def test_what_changes_meanwhile_is_taken_in_afterwards(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        item = bureau.published(title="关于住房公积金提取的通知")
        made = store.make_current

        def meanwhile(name: str) -> None:
            withdraw(bureau, item)
            bureau.published(title="关于公共租赁住房的通知", now=LATER)
            made(name)

        monkeypatch.setattr(store, "make_current", meanwhile)
        index_rebuild(at=LATER)
        index_follow(at=LATER)
        assert titles("公积金") == []
        assert titles("公共租赁住房") == ["关于公共租赁住房的通知"]


class TestFollow:
    def test_without_an_index_there_is_nothing_to_follow(self, bureau: Bureau) -> None:
        assert index_follow(at=LATER) is None

    def test_new_publication_is_taken_in_once(self, bureau: Bureau) -> None:
        index_rebuild(at=LATER)
        bureau.published(title="关于住房公积金提取的通知")
        assert index_follow(at=LATER) == feed.Followed(put=1, taken=0)
        assert index_follow(at=LATER) == feed.Followed(put=0, taken=0)
        assert documents() == 1
        assert titles("公积金") == ["关于住房公积金提取的通知"]

    def test_corrected_item_is_found_by_its_new_words_only(self, bureau: Bureau) -> None:
        house = House(bureau.world)
        item = house.published(title="关于住房公积金提取的通知").item
        index_rebuild(at=LATER)
        house.edit(item, title="关于公共租赁住房的通知", now=LATER)
        publication_make(actor=house.office, item_id=house.approve(item, now=LATER).pk, now=LATER)
        assert titles("公积金") == []
        assert index_follow(at=LATER) == feed.Followed(put=1, taken=0)
        assert documents() == 1
        assert titles("公共租赁住房") == ["关于公共租赁住房的通知"]

    def test_withdrawn_item_is_taken_out(self, bureau: Bureau) -> None:
        item = bureau.published(title="关于住房公积金提取的通知")
        index_rebuild(at=LATER)
        withdraw(bureau, item)
        assert index_follow(at=LATER) == feed.Followed(put=0, taken=1)
        assert not SearchEntry.objects.exists()
        assert documents() == 0

    def test_crash_between_index_and_rows_is_made_good(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        index_rebuild(at=LATER)
        bureau.published(title="关于住房公积金提取的通知")

        def crash(*_: object, **__: object) -> None:
            raise OSError("power cut")

        with monkeypatch.context() as patch, pytest.raises(OSError, match="power cut"):
            patch.setattr(feed.SearchEntry.objects, "bulk_create", crash)
            index_follow(at=LATER)
        assert not SearchEntry.objects.exists()
        assert index_follow(at=LATER) == feed.Followed(put=1, taken=0)
        assert titles("公积金") == ["关于住房公积金提取的通知"]

    def test_repealed_document_is_marked_and_comes_after_the_valid_one(self, bureau: Bureau) -> None:
        given = {"kind": "normative_document", "effective_on": NOW.date()}
        old = bureau.published(title="青溪县住房公积金提取管理办法", doc_no="青财规〔2026〕1号", **given)
        bureau.published(title="青溪县住房公积金提取管理细则", doc_no="青财规〔2026〕2号", **given)
        index_rebuild(at=LATER)
        ValidityReview.objects.create(
            item=old,
            outcome="repealed",
            note="已由新规定代替。",
            reviewed_by_id=bureau.office.user_id,
            reviewed_at=LATER,
        )
        assert index_follow(at=LATER) == feed.Followed(put=1, taken=0)
        found = selectors.search(asked=Asked("住房公积金提取管理"), at=LATER)
        assert [hit.validity.value if hit.validity else "" for hit in found.hits] == ["in_force", "repealed"]
        validity = next(facet for facet in found.facets if facet.name == "validity")
        assert {(one.code, one.count) for one in validity.choices} == {("in_force", 1), ("repealed", 1)}

    def test_document_lapses_on_its_day(self, bureau: Bureau) -> None:
        last = NOW.date() + timedelta(days=30)
        bureau.published(title="关于限时补贴的通知", expires_on=last)
        index_rebuild(at=LATER)
        after = LATER + timedelta(days=32)
        assert index_follow(at=after) == feed.Followed(put=1, taken=0)
        found = selectors.search(asked=Asked("限时补贴"), at=after)
        assert [hit.validity.value if hit.validity else "" for hit in found.hits] == ["lapsed"]
        assert index_follow(at=after) == feed.Followed(put=0, taken=0)
