"""Reading clocks: the official test vectors, laws that hold for every case, and the explanation day by day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from gongkai.domain.deadlines import ClockRule, Direction, Effect, Fact, FactRule, Reading, State, Unit, read_clock
from gongkai.domain.holiday_notice import read_notice
from gongkai.domain.issues import Severity
from gongkai.rulebook import calendar_shipped, clock_rule, shipped, statutory_days
from gongkai.rulebook.messages import describe
from tests.domain.notice_samples import PRETEND_2027

CALENDAR = calendar_shipped()
REPLY = clock_rule("foi.reply", on=date(2024, 1, 1))
DAYS = st.dates(min_value=date(2024, 1, 1), max_value=date(2027, 6, 30))


def day(text: str) -> date:
    return date.fromisoformat(text)


def reply(*facts: Fact, today: date | None = None, rule: ClockRule = REPLY) -> Reading:
    return read_clock(rule, facts, CALENDAR, today=today)


def received(on: date) -> Fact:
    return Fact("received", on)


VECTORS = [
    # received, +7 supplement notice, +15 third-party opinion, +20 reply, +40 extended reply
    ("2024-02-08", "2024-02-23", "2024-03-06", "2024-03-13", "2024-04-11"),
    ("2024-09-13", "2024-09-25", "2024-10-11", "2024-10-17", "2024-11-14"),
    ("2024-09-30", "2024-10-15", "2024-10-25", "2024-11-01", "2024-11-29"),
    ("2025-01-20", "2025-02-05", "2025-02-14", "2025-02-21", "2025-03-21"),
    ("2025-04-30", "2025-05-14", "2025-05-26", "2025-06-03", "2025-07-01"),
    ("2025-09-26", "2025-10-13", "2025-10-23", "2025-10-30", "2025-11-27"),
    ("2025-09-28", "2025-10-14", "2025-10-24", "2025-10-31", "2025-11-28"),
    ("2025-12-10", "2025-12-19", "2025-12-31", "2026-01-08", "2026-02-05"),
    ("2026-01-01", "2026-01-12", "2026-01-22", "2026-01-29", "2026-03-04"),
    ("2026-02-12", "2026-02-28", "2026-03-11", "2026-03-18", "2026-04-16"),
    ("2026-02-14", "2026-03-03", "2026-03-13", "2026-03-20", "2026-04-20"),
    ("2026-04-30", "2026-05-13", "2026-05-25", "2026-06-01", "2026-06-30"),
    ("2026-09-18", "2026-09-29", "2026-10-15", "2026-10-22", "2026-11-19"),
    ("2026-09-20", "2026-09-30", "2026-10-16", "2026-10-23", "2026-11-20"),
    ("2026-09-30", "2026-10-15", "2026-10-27", "2026-11-03", "2026-12-01"),
    ("2026-10-10", "2026-10-20", "2026-10-30", "2026-11-06", "2026-12-04"),
]


class TestVectors:
    @pytest.mark.parametrize(("start", "plus7", "plus15", "plus20", "plus40"), VECTORS)
    def test_every_period_falls_on_the_known_day(
        self, start: str, plus7: str, plus15: str, plus20: str, plus40: str
    ) -> None:
        on = day(start)
        notice = read_clock(clock_rule("foi.supplement_notice", on=on), [received(on)], CALENDAR)
        opinion = read_clock(
            clock_rule("foi.third_party_opinion", on=on), [Fact("consultation_delivered", on)], CALENDAR
        )
        extended = reply(received(on), Fact("extended", on + timedelta(days=14)))
        assert notice.due_on == day(plus7)
        assert opinion.due_on == day(plus15)
        assert reply(received(on)).due_on == day(plus20)
        assert extended.due_on == day(plus40)

    def test_suspension_example(self) -> None:
        reading = reply(
            received(day("2026-03-02")),
            Fact("consultation_sent", day("2026-03-09")),
            Fact("consultation_closed", day("2026-03-20")),
        )
        assert (reading.paused, reading.due_on) == (9, day("2026-04-13"))


class TestLaws:
    @given(DAYS, DAYS)
    def test_later_receipt_is_never_due_earlier(self, one: date, other: date) -> None:
        first, second = sorted((one, other))
        earlier, later = reply(received(first)).due_on, reply(received(second)).due_on
        assert earlier is not None
        assert later is not None
        assert earlier <= later

    @given(DAYS, st.integers(0, 25), st.integers(0, 40))
    def test_pause_adds_exactly_its_working_days(self, start: date, wait: int, length: int) -> None:
        plain = reply(received(start))
        assert plain.due_on is not None
        sent = start + timedelta(days=wait)
        assume(sent <= plain.due_on)
        closed = sent + timedelta(days=length)
        reading = reply(received(start), Fact("consultation_sent", sent), Fact("consultation_closed", closed))
        missed = CALENDAR.working_days_between(sent, closed, strict=False)
        assert reading.paused == missed
        assert reading.due_on == CALENDAR.add_working_days(plain.due_on, missed, strict=False)

    @pytest.mark.parametrize(
        ("facts", "paused"),
        [
            # Asked again the day the answer came: both stretches are left out, in whatever order the facts are told.
            ([("sent", "03-09"), ("closed", "03-11"), ("sent", "03-11"), ("closed", "03-16")], 5),
            ([("sent", "03-09"), ("sent", "03-11"), ("closed", "03-11"), ("closed", "03-16")], 5),
            # Asked and answered within a day, after an answer of that day.
            ([("sent", "03-09"), ("closed", "03-11"), ("sent", "03-11"), ("closed", "03-11")], 2),
            ([("sent", "03-09"), ("closed", "03-09"), ("sent", "03-10"), ("closed", "03-11")], 1),
            # Asked, answered and asked again within a day.
            ([("sent", "03-09"), ("closed", "03-09"), ("sent", "03-09"), ("closed", "03-11")], 2),
        ],
    )
    def test_the_same_side_may_be_asked_again_the_day_it_answered(
        self, facts: list[tuple[str, str]], paused: int
    ) -> None:
        told = [Fact(f"consultation_{kind}", day(f"2026-{on}")) for kind, on in facts]
        reading = reply(received(day("2026-03-02")), *told)
        assert (reading.paused, reading.issues) == (paused, ())

    @given(DAYS, st.lists(st.tuples(st.integers(0, 14), st.integers(0, 30)), max_size=4))
    def test_overlapping_pauses_count_once(self, start: date, spans: list[tuple[int, int]]) -> None:
        facts = [received(start)]
        left_out: set[date] = set()
        for number, (wait, length) in enumerate(spans):
            sent = start + timedelta(days=wait)
            closed = sent + timedelta(days=length)
            facts += [
                Fact("consultation_sent", sent, ref=str(number)),
                Fact("consultation_closed", closed, ref=str(number)),
            ]
            left_out |= {sent + timedelta(days=n) for n in range(1, length + 1)}
        reading = reply(*facts)
        assert reading.issues == ()
        assert reading.paused == sum(CALENDAR.is_working_day(d, strict=False) for d in left_out)

    @given(DAYS, st.integers(1, 20), st.integers(0, 20))
    def test_extension_adds_exactly_its_days(self, start: date, days: int, wait: int) -> None:
        plain = reply(received(start))
        assert plain.due_on is not None
        reading = reply(received(start), Fact("extended", start + timedelta(days=wait), days=days))
        assert reading.due_on == CALENDAR.add_working_days(plain.due_on, days, strict=False)
        assert reading.allowed == plain.allowed + days

    @given(DAYS, st.integers(-5, 90), st.integers(0, 20), st.integers(0, 30), st.booleans())
    def test_sums_agree_with_each_other(
        self, start: date, seen_after: int, wait: int, length: int, extended: bool
    ) -> None:
        facts = [received(start), Fact("consultation_sent", start + timedelta(days=wait))]
        facts.append(Fact("consultation_closed", start + timedelta(days=wait + length)))
        if extended:
            facts.append(Fact("extended", start + timedelta(days=wait)))
        reading = reply(*facts, today=start + timedelta(days=seen_after))
        assert reading.due_on is not None
        assert CALENDAR.is_working_day(reading.due_on, strict=False)
        assert reading.used + reading.remaining == reading.allowed
        assert reading.remaining == 0 or reading.overdue_days == 0
        counted = [step.count for step in reading.trace if step.kind == "count"]
        assert sum(counted) == reading.allowed
        assert sum(step.count for step in reading.trace if step.kind == "pause") == reading.paused
        assert sum(d.counted for d in reading.days) == reading.allowed
        assert reading.days[-1].day == reading.due_on
        assert reading.provisional is (reading.due_on.year not in CALENDAR.published_years)

    @given(DAYS, st.integers(0, 8), st.integers(0, 30))
    def test_restart_forgets_what_was_before(self, start: date, wait: int, answer: int) -> None:
        again = start + timedelta(days=wait + answer)
        reading = reply(
            received(start), Fact("supplement_notice", start + timedelta(days=wait)), Fact("supplemented", again)
        )
        assert reading.due_on == reply(received(again)).due_on

    @given(st.dates(min_value=date(2024, 1, 1), max_value=date(2026, 3, 1)))
    def test_a_period_in_days_never_ends_on_a_day_off(self, start: date) -> None:
        reading = read_clock(clock_rule("remedies.reconsideration", on=start), [Fact("knew", start)], CALENDAR)
        assert reading.due_on is not None
        assert CALENDAR.is_working_day(reading.due_on)
        assert reading.due_on >= start + timedelta(days=60)
        assert sum(d.counted for d in reading.days) == 60
        assert sum(step.count for step in reading.trace if step.kind == "count") == 60

    @given(st.permutations([("received", 0), ("consultation_sent", 3), ("consultation_closed", 9), ("replied", 20)]))
    def test_order_of_entry_does_not_matter(self, order: list[tuple[str, int]]) -> None:
        facts = [Fact(kind, date(2026, 3, 2) + timedelta(days=offset)) for kind, offset in order]
        assert reply(*facts) == reply(*sorted(facts, key=lambda fact: fact.on))


@st.composite
def stories(draw: st.DrawFn) -> tuple[ClockRule, list[Fact], date | None]:
    """Any rule with any heap of its facts, sensible or not."""
    layer = draw(st.sampled_from(["cn", "cn-3607", "cn-360731", "cn-360783"]))
    start = draw(st.dates(min_value=date(2024, 8, 1), max_value=date(2026, 12, 31)))
    rule = clock_rule(draw(st.sampled_from(shipped().clock_ids(layer=layer))), on=start, layer=layer)
    offsets = st.integers(-3, 60) if rule.direction is Direction.AFTER else st.integers(-60, 3)
    facts = draw(
        st.lists(
            st.builds(
                Fact,
                kind=st.sampled_from(sorted(rule.facts)),
                on=offsets.map(lambda offset: start + timedelta(days=offset)),
                days=st.sampled_from([None, 3, 20, 50]),
                ref=st.sampled_from(["", "甲"]),
            ),
            max_size=8,
        )
    )
    begun = next(kind for kind, fact in rule.facts.items() if fact.effect is Effect.START)
    today = draw(st.none() | st.integers(-5, 120).map(lambda offset: start + timedelta(days=offset)))
    return rule, draw(st.permutations([Fact(begun, start), *facts])), today


class TestAnyHeapOfFacts:
    def test_working_days_need_no_moving_to_the_next_working_day(self) -> None:
        rule = clock_rule("remedies.redo", on=day("2024-08-01"))
        assert (rule.roll, rule.unit) == (True, Unit.WORKING_DAY)
        reading = read_clock(rule, [Fact("decision_received", day("2024-08-01"))], CALENDAR)
        assert [(step.kind, step.count) for step in reading.trace] == [("start", 0), ("count", 20), ("due", 0)]

    @given(stories())
    @settings(max_examples=150, deadline=None)  # the first reading loads the sentences
    def test_is_read_and_explained_without_contradiction(
        self, story: tuple[ClockRule, list[Fact], date | None]
    ) -> None:
        rule, facts, today = story
        reading = read_clock(rule, facts, CALENDAR, today=today)
        assert all(describe(issue) for issue in reading.issues)
        if reading.due_on is None:
            assert reading.issues
            return
        assert reading.used + reading.remaining == reading.allowed
        assert sum(step.count for step in reading.trace if step.kind == "count") == reading.allowed
        assert sum(step.count for step in reading.trace if step.kind == "pause") == reading.paused
        assert sum(told.counted for told in reading.days) == reading.allowed
        assert reading.days[-1].day == reading.due_on
        assert reading.basis
        if rule.unit is Unit.WORKING_DAY or rule.roll:
            assert CALENDAR.is_working_day(reading.due_on, strict=False)


class TestProvisional:
    def test_names_the_year_and_ends_when_the_notice_arrives(self) -> None:
        facts = [received(date(2026, 12, 10))]
        before = reply(*facts)
        assert before.provisional
        assert before.provisional_years == (2027,)
        assert before.reason.startswith("2027年放假安排尚未公布")
        assert any(d.provisional for d in before.days)
        published = read_notice(PRETEND_2027, statutory_days=statutory_days).calendar
        assert published is not None
        after = read_clock(REPLY, facts, CALENDAR.with_year(published))
        assert not after.provisional
        assert after.due_on == date(2027, 1, 8)
        assert before.due_on == date(2027, 1, 7)

    def test_a_pause_can_push_into_the_unpublished_year(self) -> None:
        reading = reply(
            received(date(2026, 11, 20)),
            Fact("consultation_sent", date(2026, 11, 25)),
            Fact("consultation_closed", date(2026, 12, 20)),
        )
        assert reading.provisional

    def test_periods_in_months_are_provisional_too(self) -> None:
        reading = read_clock(
            clock_rule("remedies.lawsuit", on=date(2026, 8, 3)), [Fact("knew", date(2026, 8, 3))], CALENDAR
        )
        assert reading.provisional

    def test_a_fixed_date_is_not(self) -> None:
        reading = read_clock(
            clock_rule("reports.department", on=date(2026, 12, 31)), [Fact("year_ended", date(2026, 12, 31))], CALENDAR
        )
        assert reading.due_on == date(2027, 1, 31)
        assert not reading.provisional


class TestTrace:
    reading = reply(
        received(day("2024-09-27")),
        Fact("consultation_sent", day("2024-10-08"), ref="甲公司"),
        Fact("consultation_closed", day("2024-10-18"), ref="甲公司"),
        Fact("replied", day("2024-11-05")),
    )

    def test_tells_the_steps_in_order(self) -> None:
        assert [step.kind for step in self.reading.trace] == [
            "start",
            "count",
            "pause_opened",
            "pause",
            "pause_closed",
            "count",
            "stop",
            "count",
            "due",
        ]

    def test_running_total_ends_at_what_is_allowed(self) -> None:
        assert [step.total for step in self.reading.trace if step.kind == "count"] == [3, 15, 20]

    def test_says_it_in_words(self) -> None:
        words = [step.words for step in self.reading.trace]
        assert words[0] == "2024年9月27日（周五）收到申请，当日不计入，自次日起算"
        assert "9个工作日不计入期限" in words[3]
        assert words[-3] == "2024年11月5日（周二）作出答复，计时停止，已用15个工作日"

    def test_expands_every_calendar_day(self) -> None:
        days = {told.day.isoformat(): told for told in self.reading.days}
        assert len(days) == (day("2024-11-12") - day("2024-09-27")).days + 1
        assert (days["2024-09-27"].counted, days["2024-09-27"].why) == (False, "收到申请当日不计入")
        assert (days["2024-09-29"].number, days["2024-09-29"].why) == (1, "国庆节调休上班")
        assert days["2024-10-03"].why == "国庆节放假"
        assert days["2024-10-08"].number == 3
        assert days["2024-10-09"].why == "征求第三方意见，不计入"
        assert days["2024-11-12"].number == 20

    def test_restart_declares_earlier_days_void(self) -> None:
        reading = reply(
            received(day("2026-03-02")),
            Fact("supplement_notice", day("2026-03-05")),
            Fact("supplemented", day("2026-03-20")),
        )
        kinds = [(step.kind, step.count) for step in reading.trace]
        assert kinds[:4] == [("start", 0), ("pause_opened", 0), ("voided", 3), ("restart", 0)]
        assert reading.days[0].day == day("2026-03-20")

    def test_lateness_is_a_step(self) -> None:
        reading = reply(received(day("2024-09-30")), today=day("2024-11-05"))
        assert reading.trace[-1].kind == "overdue"
        assert reading.trace[-1].words == "截至2024年11月5日（周二）已逾期2个工作日"

    def test_last_day_off_is_explained(self) -> None:
        reading = read_clock(
            clock_rule("remedies.reconsideration", on=day("2025-08-04")), [Fact("knew", day("2025-08-04"))], CALENDAR
        )
        rolled = next(step for step in reading.trace if step.kind == "rolled")
        assert "国庆节、中秋节放假" in rolled.words
        assert "第二百零三条" in rolled.citation

    def test_counting_backwards_is_explained(self) -> None:
        rule = clock_rule("participation.open_day_notice", on=day("2024-07-25"), layer="cn-360783")
        reading = read_clock(rule, [Fact("event", day("2024-07-25"))], CALENDAR)
        assert [step.kind for step in reading.trace] == ["start", "count", "due"]
        assert sum(told.counted for told in reading.days) == 15
        assert reading.days[-1].day == reading.due_on == day("2024-07-04")

    def test_nothing_to_tell_before_the_start(self) -> None:
        reading = reply()
        assert (reading.trace, reading.days, reading.state) == ((), (), State.NOT_STARTED)


class TestBasis:
    def test_cites_the_rule_the_counting_and_the_notices(self) -> None:
        cited = {basis.rule for basis in reply(received(day("2025-12-10"))).basis}
        assert cited == {"foi.reply", "counting.start", "counting.end", "calendar.2025", "calendar.2026"}

    def test_cites_what_the_facts_rest_on(self) -> None:
        reading = reply(
            received(day("2026-03-02")),
            Fact("consultation_sent", day("2026-03-09")),
            Fact("consultation_closed", day("2026-03-20")),
            Fact("extended", day("2026-04-10")),
        )
        by_rule = {basis.rule: basis for basis in reading.basis}
        assert by_rule["foi.extension"].citation.endswith("第三十三条第二款（延长的期限）")
        assert by_rule["counting.pause"].status == "unverified"
        assert "foi.third_party_opinion" in by_rule

    def test_local_target_has_its_own_basis(self) -> None:
        rule = clock_rule("foi.reply", on=day("2024-09-30"), layer="cn-360783")
        reading = reply(received(day("2024-09-30")), rule=rule)
        assert reading.target_on == day("2024-10-24")
        assert [basis.layer for basis in reading.basis if basis.rule == "foi.reply"] == ["cn", "cn-360783"]

    def test_issues_cite_what_they_rest_on(self) -> None:
        reading = reply(received(day("2024-09-30")), Fact("extended", day("2024-10-28"), days=25))
        assert [basis.rule for basis in reading.issues[0].basis] == ["foi.extension"]


class TestContradictions:
    def test_are_told_all_at_once(self) -> None:
        reading = reply(
            received(day("2024-09-30")),
            Fact("replied", day("2024-09-20")),
            Fact("consultation_closed", day("2024-10-10")),
            Fact("extended", day("2024-12-02"), days=30),
            Fact("nonsense", day("2024-10-10")),
            Fact("consultation_sent", day("2024-10-11"), days=-1),
        )
        assert [issue.code for issue in reading.issues] == [
            "clock.fact.unknown",
            "clock.fact.before_start",
            "clock.fact.without",
            "clock.fact.bad_days",
            "clock.extension.too_long",
            "clock.extension.after_due",
        ]
        assert reading.due_on == day("2024-11-01")

    def test_a_fact_entered_twice(self) -> None:
        fact = received(day("2026-03-02"))
        reading = reply(fact, fact)
        assert [issue.code for issue in reading.issues] == ["clock.fact.repeated"]
        assert reading.due_on == day("2026-03-30")

    def test_a_number_of_days_beyond_reason(self) -> None:
        reading = reply(received(day("2026-03-02")), Fact("delayed", day("2026-03-05"), days=10**9))
        assert [issue.code for issue in reading.issues] == ["clock.fact.bad_days"]

    def test_an_extension_may_be_granted_on_a_last_day_that_moved(self) -> None:
        rule = clock_rule("remedies.reconsideration_decision", on=day("2025-08-04"))
        facts = [Fact("accepted", day("2025-08-04")), Fact("extended", day("2025-10-09"))]
        reading = read_clock(rule, facts, CALENDAR)
        assert reading.issues == ()
        assert reading.due_on == day("2025-11-03")

    def test_a_second_open_consultation_needs_a_reference(self) -> None:
        reading = reply(
            received(day("2026-03-02")),
            Fact("consultation_sent", day("2026-03-05")),
            Fact("consultation_sent", day("2026-03-06")),
        )
        assert [issue.code for issue in reading.issues] == ["clock.pause.open"]

    def test_a_warning_does_not_stop_the_reading(self) -> None:
        reading = reply(received(day("2026-03-02")), today=day("2026-03-01"))
        assert [issue.severity for issue in reading.issues] == [Severity.WARNING]
        assert reading.due_on == day("2026-03-30")
        assert reading.used == 0


class TestRulesAsData:
    def test_the_engine_knows_no_fact_by_name(self) -> None:
        rule = ClockRule(
            id="test.period",
            title="测试",
            unit=Unit.CALENDAR_DAY,
            limit=10,
            facts={
                "a": FactRule("a", "甲", Effect.START),
                "b": FactRule("b", "乙", Effect.PAUSE),
                "c": FactRule("c", "丙", Effect.RESUME, closes=("b",)),
            },
        )
        facts = [Fact("a", date(2024, 9, 30)), Fact("b", date(2024, 10, 2)), Fact("c", date(2024, 10, 5))]
        reading = read_clock(rule, facts, CALENDAR)
        assert (reading.due_on, reading.paused, reading.allowed) == (date(2024, 10, 13), 3, 10)

    def test_a_rule_without_a_number_asks_for_one(self) -> None:
        rule = clock_rule("foi.delayed_reply", on=date(2024, 10, 8))
        without = read_clock(rule, [Fact("decided", date(2024, 10, 8))], CALENDAR)
        assert [issue.code for issue in without.issues] == ["clock.rule.no_limit"]
        assert without.due_on is None
        given_days = read_clock(rule, [Fact("decided", date(2024, 10, 8), days=30)], CALENDAR)
        assert given_days.allowed == 30

    def test_a_statutory_number_is_not_replaced_by_a_fact(self) -> None:
        assert reply(Fact("received", date(2024, 9, 30), days=99)).allowed == 20

    def test_zero_days_is_the_day_itself_or_the_next_working_day(self) -> None:
        rule = replace(REPLY, limit=0)
        assert reply(received(day("2024-10-08")), rule=rule).due_on == day("2024-10-08")
        assert reply(received(day("2024-10-01")), rule=rule).due_on == day("2024-10-08")
