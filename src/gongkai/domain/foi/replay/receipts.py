"""What a case file says of the receipt, put into the facts that the channel asks for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from gongkai.domain.foi.receipt import CHANNEL_NAMES, FACT_NAMES, NEEDED, Channel, ReceiptFact
from gongkai.domain.foi.replay.script import Remark, Script, Told

RECEIPT_KINDS = frozenset(
    {
        "submitted",
        "signed_for",
        "in_hand",
        "form_filled",
        "confirmed",
        "confirmed_by_organ",
        "confirmed_by_applicant",
        "received",
    }
)
_DIRECT = {
    "signed_for": ReceiptFact.SIGNED,
    "in_hand": ReceiptFact.IN_HAND,
    "form_filled": ReceiptFact.FORM_FILLED,
    "confirmed_by_organ": ReceiptFact.CONFIRMED_BY_ORGAN,
    "confirmed_by_applicant": ReceiptFact.CONFIRMED_BY_APPLICANT,
}
_BOTH = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)


@dataclass(frozen=True, slots=True)
class ReceiptStep:
    """Facts of receipt of one day, with the line that tells them."""

    facts: tuple[ReceiptFact, ...]
    on: date
    line: int
    kind: str


def receipt_steps(script: Script) -> tuple[Channel, list[ReceiptStep], list[Remark]]:
    """Return the channel, the facts of receipt in order, and how they were understood.

    ``received`` alone is the day of receipt, whatever the channel. Where the file also says when both sides confirmed,
    ``received`` is the day the application came in, and the confirmation makes the day of receipt.
    """
    remarks: list[Remark] = []
    told = [one for one in script.told if one.kind in RECEIPT_KINDS]
    first: dict[str, Told] = {}
    for one in told:
        first.setdefault(one.kind, one)
    channel = script.channel
    if channel is None:
        channel = _guess(first)
        remarks.append(Remark("foi.replay.channel_taken", script.line, {"channel": CHANNEL_NAMES[channel]}))
    days: dict[ReceiptFact, Told] = {}
    for kind, fact in _DIRECT.items():
        if kind in first and fact in NEEDED[channel]:
            days[fact] = first[kind]
    if "confirmed" in first:
        for fact in _BOTH:
            if fact in NEEDED[channel]:
                days.setdefault(fact, first["confirmed"])
    if "submitted" in first:
        days[ReceiptFact.SUBMITTED] = first["submitted"]
    unreachable = any(one.kind == "unreachable" for one in script.told)
    _take_received(channel, first, days, remarks, unreachable=unreachable)
    _unused(channel, told, days, remarks)
    steps: dict[tuple[date, int], list[ReceiptFact]] = {}
    for fact, one in days.items():
        steps.setdefault((one.on, one.line), []).append(fact)
    ordered = sorted(steps.items(), key=lambda pair: (pair[0][0], ReceiptFact.SUBMITTED not in pair[1], pair[0][1]))
    kinds = {(one.on, one.line): one.kind for one in told}
    return channel, [ReceiptStep(tuple(f), on, line, kinds[on, line]) for (on, line), f in ordered], remarks


def _guess(first: dict[str, Told]) -> Channel:
    """The channel that the facts speak of; without any, the one whose day of receipt needs nothing else."""
    if "signed_for" in first:
        return Channel.REGISTERED_MAIL
    if "form_filled" in first:
        return Channel.ORAL
    if "in_hand" in first:
        return Channel.ORDINARY_MAIL
    if {"confirmed", "confirmed_by_organ", "confirmed_by_applicant"} & set(first):
        return Channel.ONLINE
    return Channel.IN_PERSON


def _take_received(
    channel: Channel,
    first: dict[str, Told],
    days: dict[ReceiptFact, Told],
    remarks: list[Remark],
    *,
    unreachable: bool,
) -> None:
    """Let ``received`` stand for what the channel still lacks, and for the submission where nobody told it."""
    received = first.get("received")
    if received is None:
        submission = next((days[fact] for fact in NEEDED[channel] if fact in days), None)
        if ReceiptFact.SUBMITTED not in days and submission is not None:
            days[ReceiptFact.SUBMITTED] = submission
        return
    confirming = [fact for fact in NEEDED[channel] if fact in _BOTH]
    arrival = next((fact for fact in NEEDED[channel] if fact not in _BOTH), ReceiptFact.SUBMITTED)
    if confirming and any(fact in days for fact in confirming):
        days.setdefault(arrival, received)  # it came in that day; the confirmation makes the day of receipt
    elif confirming and unreachable:
        days.setdefault(arrival, received)
    else:
        for fact in confirming:
            days[fact] = received
        days.setdefault(arrival, received)
        if confirming:
            remarks.append(Remark("foi.replay.received_confirmed", received.line, {"channel": CHANNEL_NAMES[channel]}))
    days.setdefault(ReceiptFact.SUBMITTED, min(days.values(), key=lambda one: one.on))
    counted = max((days[fact].on for fact in NEEDED[channel] if fact in days), default=received.on)
    missing = any(fact not in days for fact in NEEDED[channel])
    if counted != received.on and not missing:
        values = {"written": received.on, "counted": counted, "channel": CHANNEL_NAMES[channel]}
        remarks.append(Remark("foi.replay.received_differs", received.line, values))


def _unused(channel: Channel, told: list[Told], days: dict[ReceiptFact, Told], remarks: list[Remark]) -> None:
    """Say which facts the channel has no use for, and which were told twice."""
    used = {id(one) for one in days.values()}
    for one in told:
        again = one.kind == "received" and one is not next(each for each in told if each.kind == "received")
        if id(one) not in used and (again or one.kind != "received"):
            wanted = "、".join(FACT_NAMES[fact] for fact in NEEDED[channel])
            values = {"event": one.kind, "on": one.on, "channel": CHANNEL_NAMES[channel], "wanted": wanted}
            remarks.append(Remark("foi.replay.receipt_unused", one.line, values))
