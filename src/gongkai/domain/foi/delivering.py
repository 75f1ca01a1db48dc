"""Delivery of letters with proof (送达): which way needs which proof, when it is done, and on which day a reply counts.

The Regulations of 2019 say nothing on how a letter is delivered. By 国办公开办函〔2016〕235号 a reply sent by post counts on
the day of posting, one handed over or brought by another organ when it is signed for. What is not settled by it (online,
a refusal to sign, public notice) comes from the rulebook with its status (``gongkai.rulebook.foi_delivery``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.domain.issues import Basis, Issue, Severity


class End(StrEnum):
    """How a delivery ended. RETURNED: it did not reach anybody, and the letter has to go out again."""

    SIGNED = "signed"
    AGENT = "agent"
    READ = "read"
    LEFT = "left"
    NOTICE = "notice"
    RETURNED = "returned"


END_NAMES: Mapping[End, str] = {
    End.SIGNED: "本人签收",
    End.AGENT: "代收人签收",
    End.READ: "网上查阅",
    End.LEFT: "拒收，留置送达",
    End.NOTICE: "公告送达",
    End.RETURNED: "退回，没有送达",
}
SERVED = frozenset(End) - {End.RETURNED}


class CountsFrom(StrEnum):
    """From what on a reply counts as made."""

    SENT = "sent"
    SERVED = "served"


@dataclass(frozen=True, slots=True)
class WayRule:
    """One way of delivery: how it may end, from what on a reply counts, what proves it, and why."""

    way: Delivery
    counts_from: CountsFrom
    ends: tuple[End, ...]
    proof: str
    verified: bool
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True, slots=True)
class EndRule:
    """One end: whether the place allows it, what has to be noted, and after how many days of notice it is done."""

    end: End
    allowed: bool
    noted: str
    days: int
    verified: bool
    note: str
    basis: tuple[Basis, ...]


@dataclass(frozen=True)
class DeliveryRules:
    """All ways and ends that hold on a day."""

    ways: Mapping[Delivery, WayRule]
    ends: Mapping[End, EndRule]

    def ends_of(self, way: Delivery) -> tuple[End, ...]:
        """Return how a delivery by this way may end here."""
        return tuple(end for end in self.ways[way].ends if self.ends[end].allowed)


@dataclass(frozen=True, slots=True)
class DeliveryFacts:
    """What is known of one delivery. ``proven`` tells that a scan or file of the proof is there."""

    way: Delivery
    sent_on: date
    posting_no: str = ""
    end: End | None = None
    ended_on: date | None = None
    read_at: datetime | None = None
    signed_by: str = ""
    note: str = ""
    proven: bool = False

    @property
    def served(self) -> bool:
        """Tell whether the letter has reached whom it was meant for, or counts as if it had."""
        return self.end in SERVED


@dataclass(frozen=True, slots=True)
class ReplyDay:
    """The day on which a reply counts as made by its delivery (None while that is open), and the reason in words."""

    on: date | None
    words: str
    verified: bool
    basis: tuple[Basis, ...]


def reply_day(facts: DeliveryFacts, *, rules: DeliveryRules) -> ReplyDay:
    """Return on which day a reply that is delivered so counts as made."""
    rule = rules.ways[facts.way]
    name = DELIVERY_NAMES[facts.way]
    if rule.counts_from is CountsFrom.SENT:
        words = f"{name}的，以送出之日为答复日期"
        return ReplyDay(facts.sent_on, words, rule.verified, rule.basis)
    words = f"{name}的，以申请人签收之日为答复日期"
    return ReplyDay(facts.ended_on if facts.served else None, words, rule.verified, rule.basis)


def check_delivery(facts: DeliveryFacts, *, rules: DeliveryRules, today: date) -> tuple[Issue, ...]:
    """Return everything that speaks against noting a delivery; what only wants a look is a warning."""
    return tuple(_days(facts, today)) + tuple(_end(facts, rules, today))


def _days(facts: DeliveryFacts, today: date) -> Iterator[Issue]:
    for field, day in (("sent_on", facts.sent_on), ("ended_on", facts.ended_on)):
        if day is not None and day > today:
            yield Issue("foi.delivering.ahead", field, {"on": day.isoformat(), "today": today.isoformat()})
    if facts.ended_on is not None and facts.ended_on < facts.sent_on:
        values = {"on": facts.ended_on.isoformat(), "sent": facts.sent_on.isoformat()}
        yield Issue("foi.delivering.before_sent", "ended_on", values)
    if (facts.end is None) != (facts.ended_on is None):
        yield Issue("foi.delivering.end_and_day", "ended_on" if facts.end is not None else "end")


def _end(facts: DeliveryFacts, rules: DeliveryRules, today: date) -> Iterator[Issue]:
    way = rules.ways[facts.way]
    if facts.way is Delivery.POST and not facts.posting_no.strip():
        yield Issue("foi.delivering.posting_no", "posting_no", basis=way.basis)
    if facts.end is None:
        return
    if facts.end not in rules.ends_of(facts.way):
        known = "、".join(END_NAMES[end] for end in rules.ends_of(facts.way))
        values = {"end": END_NAMES[facts.end], "way": DELIVERY_NAMES[facts.way], "known": known}
        yield Issue("foi.delivering.end_unknown", "end", values, basis=rules.ends[facts.end].basis)
        return
    rule = rules.ends[facts.end]
    if rule.noted and not facts.note.strip():
        yield Issue("foi.delivering.note", "note", {"end": END_NAMES[facts.end], "noted": rule.noted}, basis=rule.basis)
    if facts.end in (End.SIGNED, End.AGENT) and not facts.signed_by.strip():
        yield Issue("foi.delivering.signed_by", "signed_by")
    if facts.end is End.READ and facts.read_at is None:
        yield Issue("foi.delivering.read_at", "read_at")
    first = facts.sent_on + timedelta(days=rule.days)
    if rule.days and facts.ended_on is not None and facts.ended_on < first:
        early: dict[str, object] = {"end": END_NAMES[facts.end], "days": rule.days, "first": first.isoformat()}
        yield Issue("foi.delivering.too_early", "ended_on", early, basis=rule.basis)
    if facts.served and not facts.proven:
        yield Issue("foi.delivering.no_proof", "upload", {"proof": way.proof}, Severity.WARNING, basis=way.basis)
