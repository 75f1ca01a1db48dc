"""The day of receipt by channel, who must still do what, and the alarm while nothing is confirmed."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.receipt import CHANNEL_NAMES, NEEDED, Channel, Receipt, ReceiptFact, read_receipt, receipt_day
from tests.domain.foi.stories import law

F = ReceiptFact
MON, TUE, WED, THU, FRI = (date(2026, 3, number) for number in range(2, 7))


def read(channel: Channel, today: date = FRI, unreachable_on: date | None = None, **days: date) -> Receipt:
    known = law()
    facts = {ReceiptFact(name): on for name, on in days.items()}
    return read_receipt(
        channel, facts, rules=known.rules, calendar=known.calendar, today=today, unreachable_on=unreachable_on
    )


class TestReceiptDay:
    @pytest.mark.parametrize(
        ("channel", "facts", "expected"),
        [
            (Channel.IN_PERSON, {F.SUBMITTED: MON}, MON),
            (Channel.REGISTERED_MAIL, {F.SUBMITTED: MON}, None),
            (Channel.REGISTERED_MAIL, {F.SUBMITTED: MON, F.SIGNED: WED}, WED),
            (Channel.ORDINARY_MAIL, {F.SUBMITTED: MON, F.IN_HAND: WED}, None),
            (
                Channel.ORDINARY_MAIL,
                {F.IN_HAND: WED, F.CONFIRMED_BY_ORGAN: WED, F.CONFIRMED_BY_APPLICANT: THU},
                THU,
            ),
            (
                Channel.WRONG_UNIT,
                {F.IN_HAND: THU, F.CONFIRMED_BY_ORGAN: FRI, F.CONFIRMED_BY_APPLICANT: FRI},
                FRI,
            ),
            (Channel.ONLINE, {F.SUBMITTED: MON, F.CONFIRMED_BY_ORGAN: TUE}, None),
            (
                Channel.ONLINE,
                {F.SUBMITTED: MON, F.CONFIRMED_BY_ORGAN: TUE, F.CONFIRMED_BY_APPLICANT: WED},
                WED,
            ),
            (Channel.FAX, {F.SUBMITTED: MON, F.CONFIRMED_BY_ORGAN: MON, F.CONFIRMED_BY_APPLICANT: MON}, MON),
            (Channel.EMAIL, {F.SUBMITTED: MON}, None),
            (Channel.ORAL, {F.SUBMITTED: MON, F.FORM_FILLED: MON}, None),
            (Channel.ORAL, {F.SUBMITTED: MON, F.FORM_FILLED: MON, F.CONFIRMED_BY_APPLICANT: TUE}, TUE),
        ],
    )
    def test_is_the_day_the_channel_says(
        self, channel: Channel, facts: dict[ReceiptFact, date], expected: date | None
    ) -> None:
        assert receipt_day(channel, facts) == expected

    def test_every_channel_has_a_name_and_needs_something(self) -> None:
        assert set(NEEDED) == set(CHANNEL_NAMES) == set(Channel)
        assert all(NEEDED.values())


class TestWaiting:
    def test_names_who_must_still_do_what(self) -> None:
        waits = read(Channel.ONLINE, submitted=MON, confirmed_by_organ=TUE).waits
        assert [(wait.fact, wait.who, wait.since) for wait in waits] == [(F.CONFIRMED_BY_APPLICANT, "applicant", TUE)]

    def test_an_online_application_alarms_from_the_configured_day(self) -> None:
        assert read(Channel.ONLINE, submitted=MON, today=MON).alarm is False
        told = read(Channel.ONLINE, submitted=MON, today=THU)
        assert (told.alarm, told.confirm_due_on, told.late_days) == (True, TUE, 2)

    def test_a_letter_is_to_be_confirmed_the_day_it_is_in_hand(self) -> None:
        told = read(Channel.ORDINARY_MAIL, in_hand=MON, today=MON)
        assert (told.alarm, told.confirm_due_on, told.late_days) == (True, MON, 0)

    def test_nothing_alarms_once_it_is_received(self) -> None:
        told = read(Channel.ONLINE, submitted=MON, confirmed_by_organ=TUE, confirmed_by_applicant=TUE)
        assert (told.received_on, told.alarm, told.waits) == (TUE, False, ())

    def test_an_applicant_out_of_reach_is_said_so(self) -> None:
        told = read(Channel.ORDINARY_MAIL, in_hand=MON, unreachable_on=MON)
        assert (told.received_on, told.unreachable, told.alarm) == (None, True, True)


class TestOrder:
    @pytest.mark.parametrize(
        ("channel", "days", "codes"),
        [
            (Channel.REGISTERED_MAIL, {"submitted": TUE, "signed": MON}, ["foi.day.before"]),
            (Channel.ONLINE, {"submitted": TUE, "confirmed_by_applicant": MON}, ["foi.day.before"]),
            (Channel.ORDINARY_MAIL, {"in_hand": WED, "confirmed_by_organ": TUE}, ["foi.day.before"]),
            (Channel.IN_PERSON, {"submitted": date(2026, 3, 9)}, ["foi.day.future"]),
            (Channel.ONLINE, {"submitted": MON, "confirmed_by_organ": TUE}, []),
        ],
    )
    def test_names_every_fact_before_the_one_it_must_follow(
        self, channel: Channel, days: dict[str, date], codes: list[str]
    ) -> None:
        assert [issue.code for issue in read(channel, **days).issues] == codes
