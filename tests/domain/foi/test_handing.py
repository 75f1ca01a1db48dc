"""What a hand-over by another system settles of the receipt."""

from __future__ import annotations

from datetime import date

import pytest

from gongkai.domain.foi.handing import HANDED_CHANNELS, handed_facts
from gongkai.domain.foi.receipt import NEEDED, Channel, ReceiptFact, receipt_day

ON = date(2026, 3, 2)
F = ReceiptFact


class TestHandedFacts:
    @pytest.mark.parametrize(
        ("channel", "confirmed", "facts"),
        [
            (Channel.ONLINE, False, set()),
            (Channel.ONLINE, True, {F.CONFIRMED_BY_APPLICANT}),
            (Channel.ORAL, False, {F.FORM_FILLED}),
            (Channel.ORAL, True, {F.FORM_FILLED, F.CONFIRMED_BY_APPLICANT}),
            (Channel.EMAIL, False, set()),
            (Channel.FAX, True, {F.CONFIRMED_BY_APPLICANT}),
            (Channel.WRONG_UNIT, False, {F.IN_HAND}),
            (Channel.WRONG_UNIT, True, {F.IN_HAND, F.CONFIRMED_BY_APPLICANT}),
        ],
    )
    def test_are_those_that_the_arrival_settles(
        self, channel: Channel, confirmed: bool, facts: set[ReceiptFact]
    ) -> None:
        assert handed_facts(channel, confirmed=confirmed, on=ON) == dict.fromkeys(facts, ON)

    @pytest.mark.parametrize("channel", HANDED_CHANNELS)
    def test_never_speak_for_the_organ(self, channel: Channel) -> None:
        found = handed_facts(channel, confirmed=True, on=ON)
        assert F.CONFIRMED_BY_ORGAN not in found
        assert set(found) <= set(NEEDED[channel])

    def test_a_record_read_back_on_the_phone_is_received_on_the_day_it_is_handed_over(self) -> None:
        facts = {F.SUBMITTED: date(2026, 2, 25), **handed_facts(Channel.ORAL, confirmed=True, on=ON)}
        assert receipt_day(Channel.ORAL, facts) == ON

    @pytest.mark.parametrize("channel", [one for one in HANDED_CHANNELS if one is not Channel.ORAL])
    def test_everything_else_waits_for_the_office(self, channel: Channel) -> None:
        facts = {F.SUBMITTED: ON, **handed_facts(channel, confirmed=True, on=ON)}
        assert receipt_day(channel, facts) is None
