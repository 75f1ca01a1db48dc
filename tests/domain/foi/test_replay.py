"""Reading case files: every form of one case means the same, every fault is named with its line."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gongkai.domain.foi.model import Law
from gongkai.domain.foi.replay.outcome import annual_of
from gongkai.domain.foi.replay.player import Run
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.running import run_script
from gongkai.domain.foi.replay.source import read_date
from gongkai.domain.foi.replay.vocabulary import (
    APPLICANTS,
    CHANNELS,
    DELIVERIES,
    EVENTS,
    EXPECTED,
    HEAD,
    OPINIONS,
    OPTIONS,
    OUTCOMES,
    normal,
)
from gongkai.rulebook.foi_law import case_law

RESULTS = case_law(on=date(2024, 3, 1)).dispositions


@cache
def law_on(on: date, layer: str) -> Law:
    return case_law(on=on, layer=layer)


def runs(text: str) -> list[Run]:
    scripts, problems = read_scripts(text, RESULTS)
    assert problems == []
    return [run_script(script, law_on=law_on, today=None) for script in scripts]


def faults(text: str) -> list[tuple[str, int | None]]:
    _, problems = read_scripts(text, RESULTS)
    return [(issue.code, issue.where.line_from if issue.where else None) for issue in problems]


FORMS = {
    "list": "- channel: in_person\n- received: 2024-03-01\n- fee_notice: 2024-03-11\n- fee_paid: 2024-03-20\n"
    "- replied: {on: 2024-04-01, disposition: partial}\n",
    "flat": "channel: in_person\nreceived: 2024-03-01\nfee_notice: 2024-03-11\nfee_paid: 2024-03-20\n"
    "replied: 2024-04-01\ndisposition: partial\n",
    "events": "channel: in_person\ndisposition: partial\nevents:\n  received: 2024-03-01\n  fee_notice: 2024-03-11\n"
    "  fee_paid: 2024-03-20\n  replied: 2024-04-01\n",
    "typed": "- {event: received, on: 2024-03-01, channel: in_person}\n- {type: fee_notice, date: 2024-03-11}\n"
    "- {kind: fee_paid, at: 2024-03-20}\n- {event: replied, on: 2024-04-01, disposition: partial}\n",
    "day first": "- channel: 当面\n- 2024-03-01: 收到申请\n- 2024-03-11: [收费通知]\n- 2024-03-20 缴费\n"
    "- 2024-04-01: {event: 答复, 处理决定: 部分公开}\n",
    "Chinese": "渠道: 当面\n收到申请: 2024年3月1日\n收费通知: {日期: 2024/3/11, 金额: 200元}\n缴费: 20240320\n"
    "答复: 2024-04-01 09:30:00\n处理决定: 部分公开\n",
    "cases": "layer: cn\ncases:\n  - channel: in_person\n    received: 2024-03-01\n    events: [{fee_notice: 2024-03-11},"
    " {fee_paid: 2024-03-20}, {replied: 2024-04-01}, {disposition: partial}]\n",
    "named cases": "cases:\n  甲:\n    - {received: 2024-03-01, channel: in_person}\n    - fee_notice: 2024-03-11\n"
    "    - fee_paid: 2024-03-20\n    - replied: 2024-04-01\n    - disposition: partial\n",
    "out of order": "- replied: {on: 2024-04-01, disposition: partial}\n- fee_paid: 2024-03-20\n"
    "- fee_notice: 2024-03-11\n- {received: 2024-03-01, channel: in_person}\n",
    "json": '{"channel": "in_person", "events": [{"received": "2024-03-01"}, {"fee_notice": "2024-03-11T08:00:00"},'
    ' {"fee_paid": "2024-03-20"}, {"replied": {"on": "2024-04-01", "disposition": "partial"}}]}',
}


class TestForms:
    @pytest.mark.parametrize("form", FORMS)
    def test_all_mean_the_same(self, form: str) -> None:
        (run,) = runs(FORMS[form])
        (first,) = runs(FORMS["list"])
        assert run.refusals == []
        plain = ("stage", "received_on", "facts", "disposition", "closed_on")
        assert [getattr(run.state, name) for name in plain] == [getattr(first.state, name) for name in plain]

    def test_several_documents_and_lists_hold_several_cases(self) -> None:
        text = "- {name: 甲, received: 2024-03-01}\n- {name: 乙, received: 2024-03-04}\n---\nreceived: 2024-03-05\n"
        assert [run.state.received_on and run.state.received_on.day for run in runs(text)] == [1, 4, 5]

    def test_what_stands_above_cases_holds_for_those_that_say_nothing(self) -> None:
        text = "channel: 网络\ncases:\n- {name: 甲, received: 2024-03-01}\n- {name: 乙, received: 2024-03-01, channel: 当面}\n"
        assert [run.channel.value for run in runs(text)] == ["online", "in_person"]

    def test_an_event_may_come_several_times(self) -> None:
        text = (
            "received: 2024-03-01\nconsultation_sent: [{on: 2024-03-05, ref: 甲}, {on: 2024-03-06, ref: 乙}]\n"
            "consultation_closed: {on: 2024-03-07, ref: 甲}\nconsultation_closed: {on: 2024-03-08, ref: 乙}\n"
        )
        assert len(runs(text)[0].state.consultations) == 2

    def test_a_refused_event_leaves_nothing_behind_and_the_others_go_on(self) -> None:
        (run,) = runs(
            "- received: 2024-03-01\n- archived: 2024-03-04\n- replied: {on: 2024-03-05, disposition: partial}\n"
        )
        assert [one.kind for one in run.refusals] == ["archived"]
        assert run.state.disposition == "partial"
        assert {one.kind for one in run.taken} == {"received", "replied"}

    def test_words_of_each_table_are_told_apart(self) -> None:
        for words in (EVENTS, HEAD, OPTIONS, EXPECTED, CHANNELS, DELIVERIES, OPINIONS, OUTCOMES, APPLICANTS):
            listed = [normal(str(one)) for name, others in words.items() for one in (name, *others)]
            assert len(set(listed)) == len(listed), sorted({one for one in listed if listed.count(one) > 1})


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", [("foi.replay.empty", 1)]),
            ("# 只有注释\n", [("foi.replay.empty", 1)]),
            ("文字", [("foi.replay.no_case", 1)]),
            ("a: [1, 2\nb: c: d\n", [("foi.replay.yaml", 2)]),
            ("received:\t2024-03-01\n\treplied: 1\n", [("foi.replay.yaml", 1)]),
            ("received: !!python/object:os.system x\n", [("foi.replay.date", 1)]),
            ("&a [*a]", [("foi.replay.too_much", 1)]),
            ("received: 2024-02-30", [("foi.replay.date", 1)]),
            ("received: 昨天", [("foi.replay.date", 1)]),
            ("received:", [("foi.replay.no_date", 1)]),
            ("received: {days: 3}", [("foi.replay.no_date", 1)]),
            ("replied: 2024-03-01", [("foi.replay.no_receipt", 1)]),
            ("name: 空的", [("foi.replay.no_events", 1)]),
            ("- received: 2024-03-01\n- recieved: 2024-03-02", [("foi.replay.key", 2)]),
            ("- received: 2024-03-01\n- {event: 起飞, on: 2024-03-02}", [("foi.replay.key", 2)]),
            ("- received: 2024-03-01\n- {event: replied}", [("foi.replay.no_date", 2)]),
            ("- received: 2024-03-01\n- 2024-03-05", [("foi.replay.entry", 2)]),
            ("- received: 2024-03-01\n- 2024-03-05: {days: 3}", [("foi.replay.no_event", 2)]),
            ("received: 2024-03-01\nchannel: 飞鸽", [("foi.replay.choice", 2)]),
            ("received: 2024-03-01\napplicant: 外星人", [("foi.replay.choice", 2)]),
            ("received: 2024-03-01\ndisposition: 不予公开", [("foi.replay.disposition_unclear", 2)]),
            ("received: 2024-03-01\ndisposition: 随便", [("foi.replay.disposition", 2)]),
            (
                "received: 2024-03-01\ndisposition: partial\n处理决定: refused_repeat",
                [("foi.replay.two_dispositions", 3)],
            ),
            ("received: 2024-03-01\nextension: {on: 2024-03-05, days: -3}", [("foi.replay.number", 2)]),
            ("received: 2024-03-01\nextension: {on: 2024-03-05, days: [1]}", [("foi.replay.number", 2)]),
            ("received: 2024-03-01\nreasons_given: {on: 2024-03-05, reasonable: 也许}", [("foi.replay.flag", 2)]),
            ("received: 2024-03-01\nexpect: 好", [("foi.replay.expect", 2)]),
            ("received: 2024-03-01\nexpect: {dew_on: 2024-03-29}", [("foi.replay.key", 2)]),
            ("received: 2024-03-01\nname: [甲]\n", [("foi.replay.entry", 2)]),
            ("cases:\n- received: 2024-03-01\nreplied: 2024-03-05\n", [("foi.replay.key", 3)]),
            ("- []\n", [("foi.replay.no_events", 1)]),
            ("received: 2024-03-01\n1: 2\n", [("foi.replay.key", 2)]),
            ("? [1, 2]\n: 3\n", [("foi.replay.key", 1)]),
        ],
    )
    def test_are_named_with_their_line(self, text: str, expected: list[tuple[str, int]]) -> None:
        assert faults(text) == expected

    def test_come_all_at_once_and_spare_the_other_cases(self) -> None:
        text = "- {name: 甲, received: 2024-13-01, replyed: 2024-03-05}\n- {name: 乙, received: 2024-03-01}\n"
        scripts, problems = read_scripts(text, RESULTS)
        assert [script.name for script in scripts] == ["乙"]
        assert [issue.code for issue in problems] == ["foi.replay.date", "foi.replay.key"]

    @given(st.text(max_size=200))
    @settings(max_examples=150, deadline=None)
    def test_no_text_breaks_the_reader(self, text: str) -> None:
        scripts, problems = read_scripts(text, RESULTS)
        assert scripts or problems

    @given(
        st.recursive(
            st.one_of(
                st.sampled_from(
                    [*list(EVENTS)[:30], "on", "days", "cases", "expect", "2024-03-01", "2024-03-09", "", "甲"]
                ),
                st.integers(-5, 3000),
            ),
            lambda inner: st.one_of(
                st.lists(inner, max_size=4),
                st.dictionaries(st.sampled_from([*EVENTS, *HEAD, *OPTIONS, "cases", "x"]), inner, max_size=4),
            ),
            max_leaves=12,
        )
    )
    @settings(max_examples=300, deadline=None)
    def test_no_shape_breaks_the_reader_or_the_run(self, shape: object) -> None:
        import json

        scripts, problems = read_scripts(json.dumps(shape, ensure_ascii=False), RESULTS)
        assert scripts or problems
        for script in scripts:
            run = run_script(script, law_on=law_on, today=None)
            assert annual_of(run).lines or run.state.received_on is None or run.state.ended


class TestDates:
    @pytest.mark.parametrize(
        "text",
        [
            "2024-03-01", "2024/3/1", "2024.3.1", "2024年3月1日", "20240301", " 2024-03-01 ", "2024-03-01T09:00:00+08:00",
            "2024-03-01 09:00", "2024-03-01 09:00:00.5Z", "2024年3月1日（周五）",
        ],
    )  # fmt: skip
    def test_many_ways_name_a_day(self, text: str) -> None:
        assert read_date(text) == date(2024, 3, 1)

    @pytest.mark.parametrize(
        "text", ["", "2024-3", "24-03-01", "2024-00-10", "1700-01-01", "9999-12-31", "三月一日", "٢٠٢٤-٠٣-٠١x"]
    )
    def test_others_do_not(self, text: str) -> None:
        assert read_date(text) is None
