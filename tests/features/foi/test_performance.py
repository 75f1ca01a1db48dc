"""Performance figures: what is counted under what, who sees which, and the cases behind each."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import product

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.dispositions import Category
from gongkai.domain.foi.model import RemedyKind, RemedyOutcome
from gongkai.features.foi.models import CaseRound
from gongkai.features.foi.selectors.access import NotFound
from gongkai.features.foi.selectors.performance import Asked, Line, Performance, Split, performance
from gongkai.features.foi.selectors.performance_cases import COUNTED_NAMES, Counted, performance_cases
from gongkai.features.foi.staff.performance_tables import chart, tiles, times
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.accounts.roles import Role
from gongkai.kernel.errors import NotPermitted
from tests.factories.foi import Desk
from tests.factories.world import TODAY
from tests.features.foi.test_rounds import closed

pytestmark = pytest.mark.django_db
YEAR = Asked(date(2026, 1, 1), date(2026, 12, 31))


def asked(split: Split = Split.UNIT, unit_id: int | None = None) -> Asked:
    return Asked(YEAR.since, YEAR.until, split, unit_id)


def counted(desk: Desk, split: Split = Split.UNIT, actor: Actor | None = None) -> Performance:
    return performance(actor=actor or desk.head, asked=asked(split), today=TODAY)


def only(found: Performance) -> Line:
    (line,) = found.lines
    return line


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """One answered on the day and closed, one answered late, one open, one withdrawn; a review that corrected."""
    application = closed(desk)
    kind = RemedyKind.RECONSIDERATION
    desk.do(application, c.FileRemedy(on=TODAY, kind=kind, ref="1号"))
    desk.do(application, c.DecideRemedy(on=TODAY, kind=kind, outcome=RemedyOutcome.CORRECTED, ref="1号"))
    desk.granted(date(2026, 1, 5), TODAY)
    desk.taken()
    withdrawn = desk.taken().application
    desk.do(withdrawn, c.Withdraw(on=TODAY, statement="不需要了"))
    return desk


class TestPerformance:
    def test_counts_by_unit(self, busy: Desk) -> None:
        line = only(counted(busy))
        assert line.label == busy.unit.display_name and line.opens
        assert (line.received, line.replied, line.late, line.in_time) == (4, 2, 1, 1)
        assert (line.ended, line.results[Category.GRANTED], line.results[Category.OTHER]) == (2, 1, 1)
        assert (line.decided, line.corrected, line.corrected_percent) == (1, 1, 100.0)
        assert (line.open, line.overdue) == (2, 0)

    def test_statutory_day_and_local_target_are_told_apart(self, busy: Desk) -> None:
        line = only(counted(busy))
        assert line.aimed >= line.in_target
        assert line.in_time_percent == 50.0

    def test_what_has_no_local_target_is_not_past_it(self, busy: Desk) -> None:
        busy.granted(TODAY)
        in_time = CaseRound.objects.filter(replied_on__isnull=False, late_days=0).order_by("pk")
        first, second = in_time.values_list("pk", flat=True)
        for target, slow in ((TODAY - timedelta(days=1), 1), (TODAY, 0)):
            CaseRound.objects.filter(pk=first).update(target_on=target)
            CaseRound.objects.filter(pk=second).update(target_on=None)
            found = counted(busy)
            assert only(found).slow == slow
            drawn = chart(found, {})
            assert drawn is not None and drawn.rows[0].values == (2 - slow, slow, 1)
        CaseRound.objects.update(target_on=None)
        drawn = chart(counted(busy), {})
        assert drawn is not None and drawn.rows[0].values == (2, 1)
        assert "内部达标率" in times(found, {}).headings and "内部达标率" not in times(counted(busy), {}).headings
        assert "没有内部时限" in [tile.hint for tile in tiles(counted(busy).total)]

    def test_average_and_median_are_working_days(self, busy: Desk) -> None:
        line = only(counted(busy))
        assert line.average is not None and line.median is not None
        assert line.average == line.median > 10  # of two: none and more than thirty

    def test_all_together_is_the_sum_of_the_lines(self, busy: Desk) -> None:
        found = counted(busy, Split.MONTH)
        assert [line.label for line in found.lines] == ["2026年1月", "2026年3月"]
        assert found.total.received == 4 and found.total.replied == 2
        assert found.total.median == only(counted(busy)).median

    @pytest.mark.parametrize(
        ("split", "labels"),
        [(Split.YEAR, ["2026年"]), (Split.QUARTER, ["2026年第1季度"]), (Split.MONTH, ["2026年1月", "2026年3月"])],
    )
    def test_spans_of_time_stand_in_their_order(self, busy: Desk, split: Split, labels: list[str]) -> None:
        assert [line.label for line in counted(busy, split).lines] == labels

    def test_by_person_for_the_head_of_the_office_only(self, busy: Desk) -> None:
        found = counted(busy, Split.PERSON)
        assert sum(line.replied for line in found.lines) == 2
        assert any(line.key == str(busy.clerk.user_id) for line in found.lines)
        for actor in (busy.clerk, busy.leader, busy.lawyer, busy.world.actor(Role.SUPERVISOR, busy.world.office)):
            with pytest.raises(NotPermitted):
                counted(busy, Split.PERSON, actor)

    def test_whoever_supervises_sees_the_figures_of_all_and_opens_none(self, busy: Desk) -> None:
        for actor in (
            busy.world.actor(Role.SUPERVISOR, busy.world.office),
            busy.world.actor(Role.DISCLOSURE_OFFICE, busy.world.office),
        ):
            line = only(counted(busy, actor=actor))
            assert line.replied == 2 and not line.opens

    def test_another_unit_sees_only_its_own(self, busy: Desk) -> None:
        other = busy.world.actor(Role.DISCLOSURE_OFFICE_HEAD, busy.world.finance)
        assert counted(busy, actor=other).lines == ()
        narrowed = Asked(YEAR.since, YEAR.until, Split.UNIT, busy.unit.pk)
        assert performance(actor=other, asked=narrowed, today=TODAY).lines == ()

    def test_somebody_without_a_role_for_it_sees_nothing(self, busy: Desk) -> None:
        with pytest.raises(NotPermitted):
            counted(busy, actor=busy.world.actor(Role.DRAFTER, busy.unit))

    def test_costs_as_many_statements_with_many_cases_as_with_few(self, busy: Desk) -> None:
        with CaptureQueriesContext(connection) as few:
            counted(busy)
        for _ in range(3):
            busy.granted(TODAY)
        with CaptureQueriesContext(connection) as many:
            counted(busy)
        assert len(many) == len(few)


class TestCases:
    @pytest.mark.parametrize("split", [Split.UNIT, Split.MONTH, Split.PERSON])
    def test_every_figure_opens_as_many_cases_as_it_counts(self, busy: Desk, split: Split) -> None:
        found = counted(busy, split)
        for figure, line in product(sorted(COUNTED_NAMES), (*found.lines, found.total)):
            if figure in (Counted.OPEN, Counted.OVERDUE) and split is Split.MONTH:
                continue
            number = line.results.get(Category(figure), 0) if figure in set(Category) else getattr(line, figure)
            page, _ = performance_cases(
                actor=busy.head, asked=asked(split), figure=figure, key=line.key, number=1, today=TODAY
            )
            assert len(page.rows) == number, (figure, line.label)

    @pytest.mark.parametrize("figure", ["replied", "open", "decided"])
    def test_nobody_of_another_unit_opens_one(self, busy: Desk, figure: str) -> None:
        for actor in (
            busy.world.actor(Role.SUPERVISOR, busy.world.office),
            busy.world.actor(Role.DISCLOSURE_OFFICE, busy.world.office),
            busy.world.actor(Role.DISCLOSURE_OFFICE_HEAD, busy.world.finance),
        ):
            with pytest.raises((NotFound, NotPermitted)):
                performance_cases(
                    actor=actor, asked=asked(), figure=figure, key=str(busy.unit.pk), number=1, today=TODAY
                )
            narrowed = asked(unit_id=busy.unit.pk)
            with pytest.raises((NotFound, NotPermitted)):
                performance_cases(actor=actor, asked=narrowed, figure=figure, key="", number=1, today=TODAY)

    @pytest.mark.parametrize(
        ("figure", "key"), [("no-such", ""), ("replied", "x"), ("replied", "9" * 30), ("replied", "0")]
    )
    def test_no_such_figure_or_line_is_not_found(self, busy: Desk, figure: str, key: str) -> None:
        with pytest.raises(NotFound):
            performance_cases(actor=busy.head, asked=asked(), figure=figure, key=key, number=1, today=TODAY)

    @pytest.mark.parametrize(
        ("split", "words", "days"),
        [
            (Split.MONTH, "2026年3月", (date(2026, 3, 1), date(2026, 3, 31))),
            (Split.QUARTER, "2026年第1季度", (date(2026, 1, 1), date(2026, 3, 31))),
            (Split.UNIT, "", YEAR.days),
            (Split.PERSON, "", YEAR.days),
        ],
    )
    def test_a_list_tells_of_which_line_and_days_it_is(
        self, busy: Desk, split: Split, words: str, days: tuple[date, date]
    ) -> None:
        line = counted(busy, split).lines[-1]
        page, _ = performance_cases(
            actor=busy.head, asked=asked(split), figure="received", key=line.key, number=1, today=TODAY
        )
        assert page.line == line.label == (words or line.label) and (page.since, page.until) == days

    @pytest.mark.parametrize("key", ["2026-13-01", "2026-02-02", "x"])
    def test_no_such_month_is_not_found(self, busy: Desk, key: str) -> None:
        with pytest.raises(NotFound):
            performance_cases(
                actor=busy.head, asked=asked(Split.MONTH), figure="replied", key=key, number=1, today=TODAY
            )
