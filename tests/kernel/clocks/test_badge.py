"""The badge of a deadline: light, words, explanation."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from django.template import Context, Template, TemplateSyntaxError

from gongkai.domain.deadlines import Fact, Reading, read_clock
from gongkai.domain.issues import Basis
from gongkai.kernel.clocks.badge import badge_of_day, badge_of_reading
from gongkai.rulebook import calendar_shipped, clock_rule

CALENDAR = calendar_shipped()
DUE = date(2026, 3, 30)


class TestBadgeOfDay:
    @pytest.mark.parametrize(
        ("today", "light", "words"),
        [
            (date(2026, 3, 2), "green", "还有 20 个工作日"),
            (date(2026, 3, 23), "yellow", "还有 5 个工作日"),
            (date(2026, 3, 27), "yellow", "还有 1 个工作日"),
            (date(2026, 3, 30), "yellow", "今天到期"),
            (date(2026, 3, 31), "red", "已逾期 1 个工作日"),
            (date(2026, 4, 7), "red", "已逾期 5 个工作日"),
        ],
    )
    def test_counts_in_working_days(self, today: date, light: str, words: str) -> None:
        badge = badge_of_day(DUE, today=today, calendar=CALENDAR)
        assert (badge.light, badge.words) == (light, words)

    def test_counts_days_where_no_working_day_lies_between(self) -> None:
        badge = badge_of_day(date(2026, 10, 2), today=date(2026, 10, 4), calendar=CALENDAR)
        assert badge.words == "已逾期 2 天"

    def test_never_guesses_working_days_of_an_unpublished_year(self) -> None:
        badge = badge_of_day(date(2027, 1, 31), today=date(2026, 12, 31), calendar=CALENDAR)
        assert badge.words == "还有 31 天"

    @pytest.mark.parametrize(
        ("due_on", "standing", "done", "light", "words"),
        [
            (None, True, False, "blue", "长期坚持"),
            (None, False, False, "grey", "未定时限"),
            (DUE, False, True, "blue", "已办结"),
            (DUE, True, False, "green", "还有 20 个工作日，并长期坚持"),
        ],
    )
    def test_says_what_else_there_is(
        self, due_on: date | None, standing: bool, done: bool, light: str, words: str
    ) -> None:
        badge = badge_of_day(due_on, today=date(2026, 3, 2), calendar=CALENDAR, standing=standing, done=done)
        assert (badge.light, badge.words) == (light, words)


def read(today: date, *facts: Fact, received: date = date(2026, 3, 2)) -> Reading:
    rule = clock_rule("foi.reply", on=received)
    return read_clock(rule, [Fact("received", received), *facts], CALENDAR, today=today)


class TestBadgeOfReading:
    @pytest.mark.parametrize(
        ("today", "facts", "light", "words"),
        [
            (date(2026, 3, 3), (), "green", "还有 19 个工作日"),
            (date(2026, 3, 27), (), "yellow", "还有 1 个工作日"),
            (date(2026, 3, 30), (), "yellow", "今天到期"),
            (date(2026, 4, 1), (), "red", "已逾期 2 个工作日"),
            (date(2026, 3, 12), (Fact("consultation_sent", date(2026, 3, 9)),), "grey", "暂停计算，还有 15 个工作日"),
            (date(2026, 3, 28), (Fact("replied", date(2026, 3, 20)),), "blue", "已按期办结"),
            (date(2026, 4, 20), (Fact("replied", date(2026, 4, 2)),), "blue", "已办结，逾期 3 个工作日"),
        ],
    )
    def test_says_how_the_clock_stands(self, today: date, facts: tuple[Fact, ...], light: str, words: str) -> None:
        badge = badge_of_reading(read(today, *facts))
        assert (badge.light, badge.words) == (light, words)

    def test_carries_the_explanation(self) -> None:
        badge = badge_of_reading(read(date(2026, 3, 3)))
        assert badge.trace
        assert any("第三十三条" in one.citation for one in badge.basis)
        assert badge.days[-1].day == DUE

    def test_a_clock_without_a_start_is_grey(self) -> None:
        reading = read_clock(clock_rule("foi.reply", on=date(2026, 3, 2)), [], CALENDAR, today=date(2026, 3, 2))
        assert badge_of_reading(reading).words == "未起算"


def render(source: str, **context: object) -> str:
    return Template("{% load gk_clocks %}" + source).render(Context(context))


@pytest.mark.django_db
class TestDueBadgeTag:
    def test_shows_a_plain_day_without_anything_to_open(self) -> None:
        shown = render("{% gk_due_badge due_on=due today=today %}", due=DUE, today=date(2026, 3, 2))
        assert "gk-light--green" in shown
        assert "还有 20 个工作日" in shown
        assert "<details" not in shown

    def test_takes_today_from_the_page(self) -> None:
        assert "今天到期" in render("{% gk_due_badge due_on=due %}", due=DUE, today=DUE)
        with pytest.raises(TemplateSyntaxError, match="needs today"):
            render("{% gk_due_badge due_on=due %}", due=DUE)

    def test_opens_the_trace_of_a_reading_with_its_basis(self) -> None:
        shown = render("{% gk_due_badge reading=reading %}", reading=read(date(2026, 3, 3)))
        assert "<details" in shown
        assert "怎么算的" in shown
        assert "第三十三条" in shown
        assert "逐日列出" in shown
        assert "2026年3月30日" in shown

    def test_marks_what_is_provisional_with_the_reason(self) -> None:
        reading = read(date(2026, 12, 31), received=date(2026, 12, 31))
        shown = render("{% gk_due_badge reading=reading %}", reading=reading)
        assert "暂定：2027年放假安排尚未公布" in shown

    def test_marks_a_basis_that_is_not_verified(self) -> None:
        shown = render(
            "{% gk_due_badge due_on=due today=today trace=trace basis=basis %}",
            due=DUE,
            today=date(2026, 3, 2),
            trace=["计划要求 3 月底前完成"],
            basis=[Basis("x", "某办法第三条", status="unverified")],
        )
        assert "计划要求 3 月底前完成" in shown
        assert "某办法第三条" in shown
        assert "待核" in shown

    def test_asks_for_the_calendar_once_a_page(self, django_assert_max_num_queries) -> None:
        rows = [SimpleNamespace(due=DUE) for _ in range(50)]
        source = "{% for row in rows %}{% gk_due_badge due_on=row.due today=today %}{% endfor %}"
        with django_assert_max_num_queries(4):
            shown = render(source, rows=rows, today=date(2026, 3, 2))
        assert shown.count("还有 20 个工作日") == 50
