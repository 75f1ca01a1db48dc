from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from gongkai.features.disclosure.services.endings import publication_withdraw
from gongkai.kernel.jobs.testing import run_jobs
from gongkai.portal.models import SearchEntry
from gongkai.portal.search import selectors, store, tasks
from gongkai.portal.search.selectors import Asked, Found, filters_of
from gongkai.portal.search.services.feed import index_rebuild
from gongkai.portal.search.services.keeping import pinned_add, synonyms_add
from gongkai.portal.search.words import forget_words
from tests.factories.disclosure import Bureau
from tests.factories.world import NOW, SYSTEM

LATER = NOW + timedelta(hours=1)
BODY = (
    {
        "id": "a",
        "type": "paragraph",
        "value": "<p>职工购买自住住房，可以提取公积金；<b>提取</b>不超过 &lt;账户&gt; 余额。</p>",
    },
)


def ask(text: str = "", *, at: Any = LATER, by_date: bool = False, page: int = 1, **chosen: str) -> Found:
    return selectors.search(asked=Asked(text, filters_of(chosen), by_date=by_date, page=page), at=at)


def titles(found: Found) -> list[str]:
    return ["".join(piece.text for piece in hit.title) for hit in found.hits]


@pytest.fixture
def housing(bureau: Bureau) -> dict[str, Any]:
    """Three public items, one later than the other."""
    given = {
        "办法": {"title": "住房公积金提取办法", "doc_no": "青财字〔2026〕12号", "body": BODY},
        "通知": {"title": "关于公共租赁住房申请的通知", "columns": ("C11-6",)},
        "预算": {"title": "青溪县财政局2026年部门预算", "kind": "budget", "columns": ("C07-2",)},
    }
    made = {
        name: bureau.published(now=NOW + timedelta(minutes=number), **facts)
        for number, (name, facts) in enumerate(given.items())
    }
    index_rebuild(at=LATER)
    return made


class TestFinding:
    def test_title_comes_before_what_only_mentions_it(self, bureau: Bureau) -> None:
        mention = ({"id": "a", "type": "paragraph", "value": "<p>公积金、公积金、公积金。</p>"},)
        bureau.published(title="关于年度工作的通知", body=mention)
        bureau.published(title="公积金办事说明")
        index_rebuild(at=LATER)
        assert titles(ask("公积金")) == ["公积金办事说明", "关于年度工作的通知"]

    @pytest.mark.parametrize(
        "number", ["青财字〔2026〕12号", "青财字[2026]12号", "青财字（2026）012号", "青财字2026 12号"]
    )
    def test_document_number_is_found_first_however_it_is_written(self, housing: Any, number: str) -> None:
        assert titles(ask(number))[0] == "住房公积金提取办法"

    def test_index_number_is_found_without_its_signs(self, housing: Any) -> None:
        number = housing["预算"].index_no
        assert titles(ask(number.replace("-", "/")))[0] == "青溪县财政局2026年部门预算"

    @pytest.mark.parametrize("typed", ["gongjijin", "gjj", "zhufanggongjijin"])
    def test_pinyin_finds_the_word(self, housing: Any, typed: str) -> None:
        assert titles(ask(typed)) == ["住房公积金提取办法"]

    def test_synonym_of_the_software_is_known(self, housing: Any) -> None:
        assert titles(ask("公租房")) == ["关于公共租赁住房申请的通知"]

    def test_synonym_of_the_office_is_known_at_once(self, bureau: Bureau, housing: Any) -> None:
        assert titles(ask("廉租屋")) == []
        synonyms_add(actor=SYSTEM, words=["廉租屋", "公共租赁住房"], now=LATER)
        assert titles(ask("廉租屋")) == ["关于公共租赁住房申请的通知"]

    def test_quoted_words_stand_together(self, housing: Any) -> None:
        assert titles(ask("“公共租赁”")) == ["关于公共租赁住房申请的通知"]
        assert ask("“租赁公共”").loose

    def test_mistake_is_pointed_out(self, housing: Any) -> None:
        assert ask("公积今").corrected == "公积金"
        assert ask("公积金").corrected == ""

    @pytest.mark.parametrize("typed", ["gongjijn", "gongji金", "gongjj"])
    def test_mistake_in_pinyin_is_pointed_out(self, housing: Any, typed: str) -> None:
        assert ask(typed).corrected == "公积金"

    def test_whole_title_is_found_however_its_words_are_cut(self, bureau: Bureau, housing: Any) -> None:
        title = "青溪县2026年“一件事”改革第3批（共12项）事项清单、办理流程及责任分工的公示（第2号）"
        bureau.published(title=title)
        index_rebuild(at=LATER)
        found = ask(title)
        assert (titles(found)[0], found.loose) == (title, False)

    def test_most_of_the_words_are_enough_where_none_has_all(self, housing: Any) -> None:
        found = ask("住房公积金提取 火星")
        assert found.loose
        assert titles(found)[0] == "住房公积金提取办法"

    def test_snippet_marks_the_words_and_keeps_markup_as_text(self, housing: Any) -> None:
        hit = ask("提取公积金").hits[0]
        said = "".join(piece.text for piece in hit.text)
        assert "<账户>" in said
        assert {piece.text for piece in hit.text if piece.hit} >= {"公积金", "提取"}

    def test_newest_comes_first_when_asked_for(self, housing: Any) -> None:
        assert titles(ask("青溪县 住房", by_date=True)) or titles(ask("住房", by_date=True)) == [
            "关于公共租赁住房申请的通知",
            "住房公积金提取办法",
        ]

    def test_nothing_typed_shows_everything_to_be_narrowed(self, housing: Any) -> None:
        assert ask().total == 3


class TestFacets:
    def test_count_what_each_value_would_leave(self, housing: Any) -> None:
        facets = {facet.name: facet for facet in ask().facets}
        assert {(one.label, one.count) for one in facets["kind"].choices} == {("通知", 2), ("财政预算", 1)}

    def test_chosen_value_narrows_and_the_others_can_still_be_chosen(self, housing: Any) -> None:
        found = ask(kind="budget")
        assert titles(found) == ["青溪县财政局2026年部门预算"]
        kinds = next(facet for facet in found.facets if facet.name == "kind")
        assert {(one.code, one.count, one.chosen) for one in kinds.choices} == {
            ("notice", 2, False),
            ("budget", 1, True),
        }

    def test_column_has_what_stands_below_it(self, housing: Any) -> None:
        assert titles(ask(column="C07")) == ["青溪县财政局2026年部门预算"]
        columns = next(facet for facet in ask(column="C07").facets if facet.name == "column")
        assert ("C07-2", 1) in {(one.code, one.count) for one in columns.choices}

    def test_unknown_value_finds_nothing(self, housing: Any) -> None:
        assert ask(kind="no-such").total == 0


class TestWithdrawn:
    """Before the index has heard of it."""

    @pytest.fixture
    def gone(self, bureau: Bureau, housing: Any) -> Any:
        item = housing["办法"]
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=LATER)
        assert SearchEntry.objects.filter(item_id=item.pk).exists()
        return item

    @pytest.mark.parametrize(
        "text", ["公积金", "住房公积金提取办法", "青财字〔2026〕12号", "gongjijin", "职工购买自住住房"]
    )
    def test_is_in_no_result(self, gone: Any, text: str) -> None:
        assert "住房公积金提取办法" not in titles(ask(text))

    def test_is_in_no_count(self, gone: Any) -> None:
        found = ask()
        assert found.total == 2
        kinds = next(facet for facet in found.facets if facet.name == "kind")
        assert {(one.code, one.count) for one in kinds.choices} == {("notice", 1), ("budget", 1)}

    @pytest.mark.parametrize("text", ["住房公", "gongji", "青财字〔2026〕12号"])
    def test_is_in_no_suggestion(self, gone: Any, text: str) -> None:
        assert selectors.suggest(text=text, at=LATER) == []

    def test_is_no_correction(self, gone: Any) -> None:
        assert ask("公积今").corrected == ""

    def test_is_not_pinned(self, bureau: Bureau, housing: Any) -> None:
        item = housing["办法"]
        pinned_add(actor=SYSTEM, words=["住房"], address=str(item.uid), now=LATER)
        assert ask("住房").hits[0].pinned
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="error", reason="误发。", now=LATER)
        assert not any(hit.pinned for hit in ask("住房").hits)

    def test_is_hidden_even_where_the_end_was_seen_late(self, gone: Any) -> None:
        """The last comparison claims to be later than the end: every result is compared with the publications anyway."""
        selectors.SearchGeneration.objects.update(swept_at=LATER + timedelta(days=1))
        assert "住房公积金提取办法" not in titles(ask("公积金"))


class TestSuggest:
    def test_offers_titles_that_begin_so(self, housing: Any) -> None:
        assert selectors.suggest(text="住房公积", at=LATER)[0] == "住房公积金提取办法"

    def test_understands_pinyin(self, housing: Any) -> None:
        assert selectors.suggest(text="gonggongzulin", at=LATER) == ["关于公共租赁住房申请的通知"]

    @pytest.mark.parametrize("text", ["", " ", "火星移民", "*", "\x00"])
    def test_offers_nothing_otherwise(self, housing: Any, text: str) -> None:
        assert selectors.suggest(text=text, at=LATER) == []


class TestPinned:
    def test_stands_above_for_exactly_these_words_on_its_days(self, housing: Any) -> None:
        uid = str(housing["预算"].uid)
        until = LATER.date() + timedelta(days=1)
        pinned_add(actor=SYSTEM, words=["住房", "房子"], address=f"https://x/info/{uid}/", until_on=until, now=LATER)
        assert [(hit.uid, hit.pinned) for hit in ask("住房").hits][0] == (uid, True)
        assert not any(hit.pinned for hit in ask("住房申请").hits)
        assert not any(hit.pinned for hit in ask("住房", at=LATER + timedelta(days=3)).hits)


class TestJobs:
    def test_publishing_and_taking_down_reach_the_index(
        self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
    ) -> None:
        monkeypatch.setattr(tasks.timezone, "now", lambda: LATER)
        tasks.sweep()
        item = bureau.published(title="住房公积金提取办法")
        run_jobs()
        assert titles(ask("公积金")) == ["住房公积金提取办法"]
        publication_withdraw(actor=bureau.office, item_id=item.pk, kind="withdrawn", reason="核实。", now=LATER)
        run_jobs()
        opened = store.opened()
        assert opened is not None
        assert opened.index.searcher().num_docs == 0

    def test_sweep_makes_the_index_where_there_is_none(self, bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
        bureau.published(title="住房公积金提取办法")
        monkeypatch.setattr(tasks.timezone, "now", lambda: LATER)
        assert not ask("公积金").ready
        tasks.sweep()
        forget_words()
        assert titles(ask("公积金")) == ["住房公积金提取办法"]
