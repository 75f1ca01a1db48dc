"""Delivery with proof: the day a reply counts, what has to be noted for each end, what a place has to allow first."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from gongkai.domain.foi.delivering import DeliveryFacts, End, check_delivery, reply_day
from gongkai.domain.foi.model import SIGNED_FOR, Delivery
from gongkai.domain.issues import Severity
from gongkai.rulebook import shipped
from gongkai.rulebook.foi_delivery import delivery_rules

TODAY = date(2026, 3, 20)
SENT, HERE = date(2026, 3, 5), date(2026, 3, 9)
RULES = delivery_rules(shipped(), on=TODAY)
POST = DeliveryFacts(Delivery.POST, SENT, posting_no="XA123")
SIGNED = replace(POST, end=End.SIGNED, ended_on=HERE, signed_by="本人", proven=True)


def codes(facts: DeliveryFacts, severity: Severity = Severity.ERROR) -> list[str]:
    found = check_delivery(facts, rules=RULES, today=TODAY)
    return [issue.code.removeprefix("foi.delivering.") for issue in found if issue.severity is severity]


class TestReplyDay:
    @pytest.mark.parametrize(
        ("way", "end", "on"),
        [
            (Delivery.POST, None, SENT),
            (Delivery.POST, End.SIGNED, SENT),
            (Delivery.POST, End.RETURNED, SENT),
            (Delivery.ONLINE, None, SENT),
            (Delivery.ONLINE, End.READ, SENT),
            (Delivery.IN_PERSON, None, None),
            (Delivery.IN_PERSON, End.SIGNED, HERE),
            (Delivery.IN_PERSON, End.LEFT, HERE),
            (Delivery.IN_PERSON, End.RETURNED, None),
            (Delivery.ENTRUSTED, End.AGENT, HERE),
        ],
    )
    def test_is_the_day_of_sending_or_of_the_signature(self, way: Delivery, end: End | None, on: date | None) -> None:
        facts = DeliveryFacts(way, SENT, end=end, ended_on=HERE if end else None)
        day = reply_day(facts, rules=RULES)
        assert day.on == on
        assert day.basis and day.words

    def test_agrees_with_the_case_machine_for_every_way(self) -> None:
        after_signature = {way for way in Delivery if reply_day(DeliveryFacts(way, SENT), rules=RULES).on is None}
        assert after_signature == SIGNED_FOR


class TestCheck:
    def test_a_whole_delivery_is_fine(self) -> None:
        assert check_delivery(SIGNED, rules=RULES, today=TODAY) == ()
        assert check_delivery(POST, rules=RULES, today=TODAY) == ()

    @pytest.mark.parametrize(
        ("facts", "told"),
        [
            (replace(POST, posting_no=" "), ["posting_no"]),
            (replace(POST, sent_on=date(2026, 3, 21)), ["ahead"]),
            (replace(SIGNED, ended_on=date(2026, 3, 4)), ["before_sent"]),
            (replace(SIGNED, ended_on=None), ["end_and_day"]),
            (replace(POST, ended_on=HERE), ["end_and_day"]),
            (replace(SIGNED, signed_by=""), ["signed_by"]),
            (replace(SIGNED, end=End.AGENT), ["note"]),
            (replace(SIGNED, end=End.RETURNED), ["note"]),
            (replace(SIGNED, end=End.READ), ["end_unknown"]),
            (replace(SIGNED, end=End.LEFT), ["end_unknown"]),
            (replace(SIGNED, end=End.NOTICE), ["end_unknown"]),
            (replace(SIGNED, way=Delivery.ONLINE, end=End.READ), ["read_at"]),
            (replace(SIGNED, way=Delivery.IN_PERSON, end=End.LEFT), ["note"]),
        ],
        ids=lambda value: None if isinstance(value, DeliveryFacts) else "+".join(value),
    )
    def test_tells_what_is_missing(self, facts: DeliveryFacts, told: list[str]) -> None:
        assert codes(facts) == told

    def test_online_needs_the_moment_of_reading(self) -> None:
        read = datetime(2026, 3, 9, 2, tzinfo=UTC)
        assert codes(replace(SIGNED, way=Delivery.ONLINE, end=End.READ, read_at=read)) == []

    def test_wants_a_proof_but_does_not_wait_for_it(self) -> None:
        assert codes(replace(SIGNED, proven=False)) == []
        assert codes(replace(SIGNED, proven=False), Severity.WARNING) == ["no_proof"]

    def test_public_notice_is_used_only_where_the_place_allows_it_and_takes_its_days(self) -> None:
        ends = {**RULES.ends, End.NOTICE: replace(RULES.ends[End.NOTICE], allowed=True)}
        rules = replace(RULES, ends=ends)
        facts = replace(SIGNED, end=End.NOTICE, note="其他方式不能送达，3月5日在政府网站公告")
        told = [issue.code for issue in check_delivery(facts, rules=rules, today=TODAY)]
        assert told == ["foi.delivering.too_early"]
        late = replace(facts, ended_on=date(2026, 4, 4))
        assert check_delivery(late, rules=rules, today=date(2026, 4, 5)) == ()
        assert not RULES.ends[End.NOTICE].allowed
