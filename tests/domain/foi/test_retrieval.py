"""Records asked of divisions: what is possible when, what an answer needs, what becomes evidence."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gongkai.domain.foi.retrieval import (
    BY_DIVISION,
    BY_OFFICE,
    OPEN_RETRIEVALS,
    RETRIEVAL_STAGES,
    RETRIEVAL_TABLE,
    Act,
    Outcome,
    RetrievalStage,
    Search,
    acts_possible,
    check_act,
    check_answer,
    check_hidden,
    check_sending,
    days_late,
    late_before,
    search_lines,
)
from gongkai.domain.issues import Issue
from gongkai.rulebook.loader import calendar_shipped

CALENDAR = calendar_shipped()
SENT, NEXT, LATER = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 9)
WHOLE = Search(where="公文系统、股室档案", words="学府路 环评", span="2024年至2025年", person="李明", on=NEXT)


def codes(issues: Iterable[Issue]) -> list[str]:
    return [issue.code for issue in issues]


class TestTable:
    def test_every_open_stage_can_be_answered_and_recalled(self) -> None:
        for stage in OPEN_RETRIEVALS:
            assert {Act.ANSWER, Act.RECALL} <= set(acts_possible(stage))

    @pytest.mark.parametrize("stage", [one for one in RetrievalStage if one not in OPEN_RETRIEVALS])
    def test_what_is_over_stays_as_it_is(self, stage: RetrievalStage) -> None:
        assert acts_possible(stage) == ()

    def test_every_act_belongs_to_the_division_or_the_office_and_leads_somewhere(self) -> None:
        assert BY_DIVISION.isdisjoint(BY_OFFICE)
        assert {act for _, act in RETRIEVAL_TABLE} == BY_DIVISION | BY_OFFICE
        assert set(RETRIEVAL_TABLE.values()) | {RetrievalStage.SENT} == set(RETRIEVAL_STAGES)

    @pytest.mark.parametrize("stage", list(RetrievalStage))
    @pytest.mark.parametrize("act", [one for one in Act if one is not Act.SEND])
    def test_each_cell_allows_or_says_why_not(self, stage: RetrievalStage, act: Act) -> None:
        found = check_act(stage, act)
        assert (found == ()) is ((stage, act) in RETRIEVAL_TABLE)
        assert found == () or found[0].code == "foi.retrieval.not_possible"


class TestSending:
    def test_says_what_is_missing_all_at_once(self) -> None:
        found = check_sending(wanted=" ", sent_on=NEXT, due_on=SENT, hidden={})
        assert codes(found) == ["foi.retrieval.wanted", "foi.assignment.due"]

    @pytest.mark.parametrize(
        ("text", "refused"),
        [
            ("2025年学府路环评批复", []),
            ("欧阳晓明申请的环评批复", ["姓名"]),
            ("联系13979701234", ["联系电话"]),
            ("联系139 7970 1234", ["联系电话"]),
            ("欧阳晓明，13979701234", ["姓名", "联系电话"]),
        ],
    )
    def test_the_applicant_is_not_named(self, text: str, refused: list[str]) -> None:
        hidden = {"姓名": "欧阳晓明", "联系电话": "13979701234"}
        found = check_hidden({"wanted": text}, hidden)
        assert [issue.values["what"] for issue in found] == refused

    def test_a_name_of_one_sign_is_no_name(self) -> None:
        assert check_hidden({"wanted": "李家村规划"}, {"姓名": "李"}) == ()


class TestAnswering:
    def ask(self, outcome: Outcome, *, words: str = "", search: Search = WHOLE, files: int = 0) -> list[str]:
        found = check_answer(outcome=outcome, words=words, search=search, files=files, sent_on=SENT, today=LATER)
        return [f"{issue.code}:{issue.field}" for issue in found]

    def test_what_was_found_needs_files_or_words_and_no_record_of_the_search(self) -> None:
        assert self.ask(Outcome.FOUND, search=Search(), files=1) == []
        assert self.ask(Outcome.FOUND, search=Search(), words="原件太厚，请来复印") == []
        assert self.ask(Outcome.FOUND, search=Search()) == ["foi.retrieval.files:files"]

    def test_nothing_found_needs_words_and_the_whole_record_of_the_search(self) -> None:
        assert self.ask(Outcome.NONE, words="没有这份文件") == []
        assert self.ask(Outcome.NONE, search=Search()) == [
            "foi.retrieval.reason:answer",
            "foi.retrieval.search:search_where",
            "foi.retrieval.search:search_words",
            "foi.retrieval.search:search_span",
            "foi.retrieval.search:search_person",
            "foi.retrieval.search:search_on",
        ]

    def test_nothing_found_brings_no_files(self) -> None:
        assert self.ask(Outcome.NONE, words="没有", files=1) == ["foi.retrieval.files_of_nothing:files"]

    @pytest.mark.parametrize(
        ("on", "wanted"),
        [(date(2026, 3, 1), "search_before"), (SENT, ""), (LATER, ""), (date(2026, 3, 10), "search_ahead")],
    )
    def test_the_search_lies_between_the_day_it_was_asked_and_today(self, on: date, wanted: str) -> None:
        search = Search(WHOLE.where, WHOLE.words, WHOLE.span, WHOLE.person, on)
        found = self.ask(Outcome.PARTLY, words="只有一部分", search=search, files=1)
        assert found == ([f"foi.retrieval.{wanted}:search_on"] if wanted else [])


class TestSearchLines:
    def test_settle_the_checklist_of_what_does_not_exist(self) -> None:
        lines = search_lines(WHOLE, division="环评股", outcome=Outcome.NONE, answer="没有制作过", custodian=False)
        assert [line.evidence for line in lines] == ["search_scope", "search_terms", "search_by", "search_result"]
        assert "公文系统" in lines[0].words and "2024年至2025年" in lines[1].words
        assert lines[2].words == "李明，2026-03-03" and lines[3].words == "没有查到。没有制作过"

    def test_who_keeps_the_archive_answers_as_its_custodian(self) -> None:
        lines = search_lines(WHOLE, division="档案室", outcome=Outcome.NONE, answer="未归档", custodian=True)
        assert (lines[-1].evidence, lines[-1].words) == ("archive_answer", "未归档")


class TestDaysLate:
    @pytest.mark.parametrize(
        ("today", "late", "before"),
        [
            (date(2026, 3, 5), 0, date(2026, 3, 5)),
            (date(2026, 3, 6), 0, date(2026, 3, 6)),
            (date(2026, 3, 7), 0, date(2026, 3, 6)),
            (date(2026, 3, 8), 0, date(2026, 3, 6)),
            (date(2026, 3, 9), 1, date(2026, 3, 9)),
            (date(2026, 3, 14), 5, date(2026, 3, 13)),
        ],
        ids=["before", "on-it", "saturday", "sunday", "monday", "a-week-on"],
    )
    def test_days_off_are_not_held_against_a_division(self, today: date, late: int, before: date) -> None:
        assert days_late(date(2026, 3, 6), today=today, calendar=CALENDAR) == late
        assert late_before(today, calendar=CALENDAR) == before

    @given(st.dates(date(2024, 1, 1), date(2028, 12, 31)), st.integers(-20, 20))
    def test_who_is_late_is_late_by_a_day_or_more(self, today: date, away: int) -> None:
        due = today + timedelta(days=away)
        late = days_late(due, today=today, calendar=CALENDAR)
        assert (late > 0) == (due < late_before(today, calendar=CALENDAR))
