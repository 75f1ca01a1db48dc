"""Case files written by somebody who knows only the names of the events: understood, or answered with what was expected."""

from __future__ import annotations

from datetime import date
from functools import cache

import pytest

from gongkai.domain.foi.fees import FeeMethod, Tariff
from gongkai.domain.foi.model import Law
from gongkai.domain.foi.replay.outcome import annual_of
from gongkai.domain.foi.replay.player import Run
from gongkai.domain.foi.replay.reading import read_scripts
from gongkai.domain.foi.replay.results import RESULTS
from gongkai.domain.foi.replay.running import run_script
from gongkai.domain.foi.replay.source import decode
from gongkai.domain.foi.replay.vocabulary import find_event
from gongkai.rulebook.foi_fees import fee_rules
from gongkai.rulebook.foi_law import case_law
from gongkai.rulebook.lookup import shipped

KNOWN = case_law(on=date(2026, 3, 2)).dispositions


@cache
def law_on(on: date, layer: str) -> Law:
    return case_law(on=on, layer=layer)


@cache
def tariffs_on(on: date, layer: str) -> dict[FeeMethod, Tariff]:
    found = fee_rules(shipped(), on=on, layer=layer)
    return dict(found.tariffs) if found is not None else {}


def run_of(text: str) -> Run:
    scripts, problems = read_scripts(text, KNOWN)
    assert problems == []
    (script,) = scripts
    return run_script(script, law_on=law_on, today=None, tariffs_on=tariffs_on)


def fault_of(text: str) -> tuple[str, str]:
    _, problems = read_scripts(text, KNOWN)
    (issue,) = problems
    return issue.code, str(issue.values)


def refused(run: Run) -> list[tuple[str, str]]:
    return [(one.kind, issue.code) for one in run.refusals for issue in one.issues]


def remarks(run: Run) -> list[str]:
    return [one.code for one in run.remarks]


FORMS = {
    "channel and disposition are events": """
- {at: 2026-03-02, type: received}
- {at: 2026-03-02, type: channel, channel: in_person}
- {at: 2026-03-09, type: consultation_sent}
- {at: 2026-03-20, type: consultation_closed}
- {at: 2026-04-10, type: replied}
- {at: 2026-04-10, type: disposition, code: denied_third_party}
""",
    "the event is called name": """
events:
  - {date: 2026-03-02, name: received, channel: in_person}
  - {date: 2026-03-09, name: consultation_sent}
  - {date: 2026-03-20, name: consultation_closed}
  - {date: 2026-04-10, name: replied, disposition: denied_third_party}
""",
    "what belongs to an event is gathered under data": """
events:
  - {event: received, date: 2026-03-02, data: {channel: in_person}}
  - {event: consultation_sent, date: 2026-03-09, data: {party: 甲公司}}
  - {event: consultation_closed, date: 2026-03-20, data: {response: objects}}
  - {event: replied, date: 2026-04-10, data: {disposition: denied_third_party}}
""",
    "days are keys": """
channel: in_person
2026-03-02: received
2026-03-09: {consultation_sent: {ref: 甲公司}}
2026-03-20: [consultation_closed]
2026-04-10: {replied: denied_third_party}
""",
    "days are keys of lists": """
channel: in_person
events:
  2026-03-02: [received]
  2026-03-09: [consultation_sent]
  2026-03-20: [consultation_closed]
  2026-04-10: [replied, {disposition: denied_third_party}]
""",
    "under application, with days in the names": """
application:
  channel: inPerson
  received_on: 2026-03-02
  consultationSentOn: 2026-03-09
  consultation_closed_at: 2026-03-20
  replied_on: 2026-04-10
  disposition: 不予公开 - 商业秘密、个人隐私等损害第三方合法权益
""",
    "merged from what is written once": """
defaults: &usual {channel: in_person, applicant: natural_person}
cases:
  - <<: *usual
    received: 2026-03-02
    consultation_sent: 2026-03-09
    consultation_closed: 2026-03-20
    replied: 2026-04-10
    disposition: 4.保护第三方合法权益
""",
    "defaults hold for all cases": """
defaults: {channel: in_person}
x-note: written by hand
cases:
  A-1:
    received: 2026-03-02
    consultation_sent: 2026-03-09
    consultation_closed: 2026-03-20
    replied: 2026-04-10
    disposition: 不予公开—第三方合法权益
""",
    "decided before it is sent": """
events:
  - {date: 2026-03-02, event: received, channel: in_person}
  - {date: 2026-03-09, event: consultation_sent, to: 甲公司}
  - {date: 2026-03-20, event: consultation_closed, from: 甲公司}
  - {date: 2026-04-08, event: disposition, result: denied_third_party}
  - {date: 2026-04-10, event: replied}
""",
}


class TestForms:
    @pytest.mark.parametrize("form", list(FORMS))
    def test_all_mean_the_same(self, form: str) -> None:
        run = run_of(FORMS[form])
        answer = run.state.answer
        assert answer is not None
        # Nine working days are left out, so the twentieth is 13 April.
        assert (run.state.received_on, run.taken[-1].due_on) == (date(2026, 3, 2), date(2026, 4, 13))
        assert (run.channel, answer.replied_on) == ("in_person", date(2026, 4, 10))
        assert (annual_of(run).row, run.refusals) == ("denied_third_party", [])

    def test_own_keys_go_before_merged_ones(self) -> None:
        run = run_of("x-all: &a {channel: fax, applicant: business}\n<<: *a\nchannel: oral\nreceived: 2026-03-02\n")
        assert (run.channel, run.script.applicant) == ("oral", "business")

    @pytest.mark.parametrize(
        ("word", "event"),
        [
            ("received_on", "received"),
            ("feePaidAt", "fee_paid"),
            ("Supplement Notice", "supplement_notice"),
            ("答复日期", "replied"),
            ("收到申请之日", "received"),
            ("approved_on", None),
            ("_on", None),
        ],
    )
    def test_an_event_is_known_with_its_day_in_the_name(self, word: str, event: str | None) -> None:
        assert find_event(word) == event


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
    def test_a_text_is_read(self, encoding: str) -> None:
        text = "渠道: 当面\r\n收到申请: 2026年3月2日\r\n"
        assert decode(text.encode(encoding)) == text

    def test_a_picture_is_none(self) -> None:
        with pytest.raises(UnicodeDecodeError):
            decode(b"\x89PNG\r\n\x1a\n\x00\x00")


class TestFaults:
    @pytest.mark.parametrize(
        ("text", "code", "word"),
        [
            ("received：2026-03-02\nchannel：当面\n", "foi.replay.colon", "received："),
            ("received:2026-03-02\n", "foi.replay.colon", "received:"),
            (
                "- {event: received, on: 2026-03-02}\n- {event: channel, on: 2026-03-02}\n",
                "foi.replay.no_value",
                "channel",
            ),
            ("received: 2026-03-02\ndisposition: amendment_request\n", "foi.replay.no_result", "第四十一条"),
            ("received: 2026-03-02\ndisposition: 不予公开\n", "foi.replay.disposition_unclear", "denied_internal"),
            ("received: 2026-03-02\nfee_notice: {on: 2026-03-03, method: 按斤}\n", "foi.replay.choice", "per_page"),
            ("cases: []\n", "foi.replay.no_events", ""),
            ("received: 2026-03-02\n<<: 5\n", "foi.replay.key", "<<"),
            ("received: *never\n", "foi.replay.yaml", "别名"),
            ("a: &a [x, *a]\n", "foi.replay.too_much", "12"),
            (
                "a: &a [x]\nb: &b [*a, *a]\n"
                + "".join(
                    f"{k}: &{k} [{', '.join([f'*{j}'] * 9)}]\n" for j, k in zip("bcdefgh", "cdefghi", strict=True)
                ),
                "foi.replay.too_much",
                "400000",
            ),
            ("received: 2026-03-02\x07\n", "foi.replay.not_text", ""),
            ("2026-03-02: {at: 9}\n", "foi.replay.no_event", "2026-03-02"),
            ("[" * 3000, "foi.replay.too_much", "12"),
        ],
    )
    def test_say_what_was_expected(self, text: str, code: str, word: str) -> None:
        told, values = fault_of(text)
        assert told == code
        assert word in values


class TestResults:
    @pytest.mark.parametrize("code", list(KNOWN.dispositions))
    def test_each_is_known_under_every_name_of_it(self, code: str) -> None:
        assert code in RESULTS
        for name in (code, KNOWN.dispositions[code].title, *RESULTS[code]):
            scripts, problems = read_scripts(f'received: 2026-03-02\ndisposition: "{name}"\n', KNOWN)
            assert problems == []
            assert scripts[0].disposition == code

    def test_no_name_stands_for_two(self) -> None:
        names = [name for others in RESULTS.values() for name in others]
        assert len(names) == len(set(names))


class TestDatedResults:
    BEGIN = "channel: 当面\nevents:\n- received: 2026-03-02\n"

    def test_one_on_the_day_of_the_reply_belongs_to_it(self) -> None:
        run = run_of(f"{self.BEGIN}- replied: 2026-03-10\n- disposition: {{on: 2026-03-10, code: partial}}\n")
        assert (run.state.disposition, run.refusals) == ("partial", [])

    def test_an_earlier_one_is_the_draft(self) -> None:
        run = run_of(f"{self.BEGIN}- disposition: {{on: 2026-03-06, code: partial}}\n- replied: 2026-03-10\n")
        assert run.state.answer is not None
        assert (run.state.answer.drafted_on, run.state.disposition) == (date(2026, 3, 6), "partial")

    def test_one_that_names_an_end_is_that_end(self) -> None:
        notice = "- supplement_notice: {on: 2026-03-05, days: 10}\n"
        run = run_of(f"{self.BEGIN}{notice}- disposition: {{on: 2026-04-01, code: other_no_supplement}}\n")
        assert (run.state.stage, annual_of(run).row) == ("closed_no_supplement", "other_no_supplement")

    def test_one_that_repeats_an_end_adds_nothing(self) -> None:
        run = run_of(f"{self.BEGIN}- withdrawn: 2026-03-05\n- disposition: {{on: 2026-03-05, code: other_withdrawn}}\n")
        assert (run.state.stage, run.refusals) == ("withdrawn", [])

    def test_one_without_any_reply_is_said(self) -> None:
        run = run_of("channel: 当面\nreceived: 2026-03-02\ndisposition: partial\n")
        assert remarks(run) == ["foi.replay.disposition_unused"]


class TestWhatIsTold:
    BEGIN = "channel: 当面\nevents:\n- received: 2026-03-02\n"

    def test_a_second_reply_with_another_result_is_refused(self) -> None:
        replies = (
            "- replied: {on: 2026-03-10, disposition: partial}\n- replied: {on: 2026-03-12, disposition: 不存在}\n"
        )
        run = run_of(self.BEGIN + replies)
        assert [kind for kind, _ in refused(run)] == ["replied"]
        assert run.state.disposition == "partial"

    def test_a_second_receipt_is_said(self) -> None:
        run = run_of(self.BEGIN + "- received: 2026-03-09\n")
        assert (run.state.received_on, remarks(run)) == (date(2026, 3, 2), ["foi.replay.receipt_unused"])

    def test_a_reply_handed_over_was_signed_for_the_same_day(self) -> None:
        run = run_of(self.BEGIN + "- replied: {on: 2026-03-10, disposition: partial, delivery: 当面}\n")
        assert remarks(run) == ["foi.replay.delivery_taken"]

    @pytest.mark.parametrize(
        ("event", "due"),
        [
            ("extension: {on: 2026-03-20, days: 10}", date(2026, 4, 14)),
            ("extension: {on: 2026-03-20, new_due: 2026-04-14}", date(2026, 4, 14)),
            ("延长: {日期: 2026-03-20, 延长至: 2026-04-14}", date(2026, 4, 14)),
            # 28 April is the fortieth working day, 29 April the forty-first.
            ("extension: {on: 2026-03-20, until: 2026-04-28}", date(2026, 4, 28)),
        ],
    )
    def test_an_extension_may_name_its_last_day(self, event: str, due: date) -> None:
        assert run_of(f"{self.BEGIN}- {event}\n").taken[-1].due_on == due

    @pytest.mark.parametrize(
        ("event", "code"),
        [
            ("extension: {on: 2026-03-20, until: 2026-04-29}", "foi.extension.too_long"),
            ("extension: {on: 2026-03-20, until: 2026-03-30}", "foi.extension.too_long"),
            ("supplement_notice: {on: 2026-03-05, due: 2026-03-04}", "foi.days.wrong"),
        ],
    )
    def test_a_last_day_that_cannot_be_is_refused(self, event: str, code: str) -> None:
        assert [reason for _, reason in refused(run_of(f"{self.BEGIN}- {event}\n"))] == [code]

    def test_a_letter_may_name_the_last_day_for_the_answer(self) -> None:
        notice = "- supplement_notice: {on: 2026-03-05, delivered: 2026-03-05, supplement_due: 2026-03-12}\n"
        assert refused(run_of(f"{self.BEGIN}{notice}- supplemented: 2026-03-12\n")) == []
        late = run_of(f"{self.BEGIN}{notice}- supplemented: 2026-03-13\n")
        assert refused(late) == [("supplemented", "foi.supplement.too_late")]

    def test_what_has_no_meaning_beside_an_event_is_said(self) -> None:
        run = run_of(
            "channel: 当面\nreceived: {on: 2026-03-02, amount: 5, 通过: 是}\nwithdrawn: {on: 2026-03-03, days: 2}\n"
        )
        assert remarks(run) == ["foi.replay.option_unused"] * 3

    @pytest.mark.parametrize(("result", "codes"), [("denied_internal", ["foi.replay.suit_first"]), ("不存在", [])])
    def test_a_suit_without_the_review_that_has_to_come_first_is_said(self, result: str, codes: list[str]) -> None:
        reply = f"- replied: {{on: 2026-03-10, disposition: {result}, delivery: 邮寄}}\n"
        assert remarks(run_of(f"{self.BEGIN}{reply}- lawsuit: 2026-04-10\n")) == codes

    @pytest.mark.parametrize(
        ("events", "told"),
        [
            # Ten working days from 5 March end on the 19th.
            ("- supplement_notice: {on: 2026-03-05, days: 10}\n- supplemented: 2026-03-19\n", []),
            (
                "- supplement_notice: {on: 2026-03-05, days: 10}\n- supplemented: 2026-03-20\n",
                [("supplemented", "foi.supplement.too_late")],
            ),
            ("- supplement_notice: {on: 2026-03-05, days: 10}\n- supplemented: {on: 2026-03-20, reason: 住院}\n", []),
            # Twenty from 10 March end on 8 April (6 April is a holiday).
            ("- fee_notice: 2026-03-10\n- fee_paid: 2026-04-08\n", []),
            ("- fee_notice: 2026-03-10\n- fee_paid: 2026-04-09\n", [("fee_paid", "foi.fee.too_late")]),
        ],
    )
    def test_a_letter_without_a_day_of_arrival_arrived_when_it_went_out(
        self, events: str, told: list[tuple[str, str]]
    ) -> None:
        assert refused(run_of(self.BEGIN + events)) == told

    def test_nor_does_a_late_opinion_stop_the_clock_any_longer(self) -> None:
        run = run_of(self.BEGIN + "- consultation_sent: 2026-03-09\n- consultation_closed: 2026-04-10\n")
        # 15 working days from 9 March end on the 30th; they are left out.
        assert run.taken[-1].due_on == date(2026, 4, 21)
        assert "foi.replay.delivery_taken" in remarks(run)


class TestFees:
    @pytest.mark.parametrize(
        ("beside", "amount", "code"),
        [
            ("pages: 101", 720, "foi.replay.fee_counted"),
            ("method: 按页, pages: 250", 4700, "foi.replay.fee_counted"),
            ("nth: 31", 200, "foi.replay.fee_counted"),
            ("method: per_case, n: 51, amount: 400", 400, "foi.replay.fee_counted"),
            ("nth: 51, amount: 300", 300, "foi.replay.fee_less"),
        ],
    )
    def test_the_amount_is_counted(self, beside: str, amount: int, code: str) -> None:
        run = run_of(f"channel: 当面\nreceived: 2026-03-02\nfee_notice: {{on: 2026-03-10, {beside}}}\n")
        assert run.state.fee is not None
        assert (run.state.fee.amount, remarks(run)) == (amount, [code])

    @pytest.mark.parametrize(
        ("beside", "code"),
        [
            ("pages: 30", "foi.replay.fee_free"),
            ("nth: 10, amount: 100", "foi.replay.fee_free"),
            ("pages: 250, amount: 5000", "foi.replay.fee_too_much"),
        ],
    )
    def test_nothing_is_charged_that_is_free_and_never_too_much(self, beside: str, code: str) -> None:
        run = run_of(f"channel: 当面\nreceived: 2026-03-02\nfee_notice: {{on: 2026-03-10, {beside}}}\n")
        assert (refused(run), run.state.fee) == ([("fee_notice", code)], None)

    def test_the_way_a_notice_went_is_no_method(self) -> None:
        run = run_of("channel: 当面\nreceived: 2026-03-02\nfee_notice: {on: 2026-03-10, via: 网上}\n")
        assert (remarks(run), run.refusals) == ([], [])
