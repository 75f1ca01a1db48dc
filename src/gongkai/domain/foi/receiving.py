"""Rules for the commands by which an application comes in, is registered, or goes on elsewhere."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.bench import Bench
from gongkai.domain.foi.receipt import (
    CHANNEL_NAMES,
    FACT_NAMES,
    NEEDED,
    Channel,
    ReceiptFact,
    missing_facts,
    order_issues,
    receipt_day,
)

# Here the day of submission is that of the message itself; elsewhere it is what the office wrote down, and may be wrong.
_BY_MESSAGE = frozenset({Channel.ONLINE, Channel.EMAIL, Channel.FAX})


def submit(bench: Bench, command: c.Submit) -> None:
    """In person the day of submission is the day of receipt; every other channel needs more."""
    bench.happen(e.Submitted(on=command.on, by=command.by, channel=command.channel, split_from=command.split_from))
    received_on = receipt_day(command.channel, {ReceiptFact.SUBMITTED: command.on})
    if received_on is not None:
        bench.happen(e.Received(on=received_on, by=command.by))


def record_receipt(bench: Bench, command: c.RecordReceipt) -> None:
    """Signed, in hand, filled in, confirmed: when nothing is missing any more the application is received."""
    channel = bench.state.channel
    assert channel is not None
    known = dict(bench.state.receipt)
    if not command.facts:
        bench.refuse("foi.receipt.nothing", "facts", channel=CHANNEL_NAMES[channel], wanted=_wanted(channel, known))
    for fact in dict.fromkeys(command.facts):
        if fact not in NEEDED[channel]:
            name, wanted = CHANNEL_NAMES[channel], _wanted(channel, known)
            bench.refuse("foi.receipt.not_of_channel", "facts", fact=FACT_NAMES[fact], channel=name, wanted=wanted)
        elif fact in known:
            bench.refuse("foi.receipt.repeated", "facts", fact=FACT_NAMES[fact], known_on=known[fact])
    facts = {**known, **{fact: command.on for fact in command.facts if fact not in known}}
    # The day after today is told once for the whole command, so only the order is asked here.
    later = max((bench.today, *facts.values()))
    bench.issues.extend(order_issues(channel, facts, today=later))
    _confirmed_too_early(bench, channel, facts, command)
    bench.happen(e.ReceiptRecorded(on=command.on, by=command.by, facts=command.facts))
    received_on = receipt_day(channel, facts)
    if received_on is not None:
        bench.happen(e.Received(on=received_on, by=command.by))


def _confirmed_too_early(
    bench: Bench, channel: Channel, facts: dict[ReceiptFact, date], command: c.RecordReceipt
) -> None:
    """A letter cannot be confirmed before it is in hand, nor a form that is not filled in."""
    first = NEEDED[channel][0]
    if first not in facts and ReceiptFact.SUBMITTED is not first:
        for fact in command.facts:
            if fact in (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT):
                bench.refuse("foi.receipt.not_yet", "facts", fact=FACT_NAMES[fact], first=FACT_NAMES[first])
                return


def _wanted(channel: Channel, facts: dict[ReceiptFact, date]) -> str:
    return "、".join(FACT_NAMES[fact] for fact in missing_facts(channel, facts))


def note_unreachable(bench: Bench, command: c.NoteUnreachable) -> None:
    """Registered all the same; the period begins when contact is restored (国办公开办函〔2015〕207号)."""
    bench.need(command.attempts, "attempts", "foi.receipt.attempts")
    bench.in_turn()
    bench.happen(e.FoundUnreachable(on=command.on, by=command.by, attempts=command.attempts.strip()))


def correct_receipt(bench: Bench, command: c.CorrectReceipt) -> None:
    """Only with a reason; the old day stays on record. A day set by a decision on review is not corrected here.

    It may become an earlier one, which shortens the organ's period, but not where the applicant's own message came later.
    """
    state = bench.state
    assert state.received_on is not None
    bench.need(command.reason, "reason", "foi.reason.missing")
    if state.rounds:
        bench.refuse("foi.receipt.reopened", "received_on")
    if command.received_on > bench.today:
        bench.refuse("foi.day.future", "received_on", on=command.received_on, today=bench.today)
    if command.received_on == state.received_on:
        bench.refuse("foi.receipt.same_day", "received_on", on=command.received_on)
    submitted = state.receipt.get(ReceiptFact.SUBMITTED)
    if state.channel in _BY_MESSAGE:
        bench.not_before(e.Submitted.label, submitted, on=command.received_on, where="received_on")
    bench.not_before(e.Received.label, min(state.received_on, command.received_on))
    after = [fact for fact in state.facts if fact.kind != "received" and fact.on < command.received_on]
    if after:
        first = min(after, key=lambda fact: fact.on)
        label = bench.law.rules["foi.reply"].facts
        told = label[first.kind].label if first.kind in label else first.kind
        bench.refuse("foi.receipt.after_event", "received_on", on=command.received_on, event=told, event_on=first.on)
    bench.happen(
        e.ReceiptCorrected(
            on=command.on,
            by=command.by,
            before=state.received_on,
            after=command.received_on,
            reason=command.reason.strip(),
        )
    )


def register(bench: Bench, command: c.Register) -> None:
    """Once, under a number."""
    bench.need(command.register_no, "register_no", "foi.register.number")
    if bench.state.register_no:
        bench.refuse("foi.register.repeated", "register_no", register_no=bench.state.register_no)
    bench.in_turn()
    bench.happen(e.Registered(on=command.on, by=command.by, register_no=command.register_no.strip()))


def accept(bench: Bench, command: c.Accept) -> None:
    """Registered and checked."""
    bench.in_turn()
    bench.happen(e.Accepted(on=command.on, by=command.by))


def split(bench: Bench, command: c.Split) -> None:
    """Into two or more cases with numbers of their own; what has begun with the paper goes on in them."""
    into = tuple(one.strip() for one in command.into if one.strip())
    if len(set(into)) < 2 or len(set(into)) != len(into):
        bench.refuse("foi.split.too_few", "into")
    _elsewhere(bench)
    bench.happen(e.SplitUp(on=command.on, by=command.by, into=into))


def move(bench: Bench, command: c.Move) -> None:
    """To the organ it was meant for, with the reason."""
    bench.need(command.to, "to", "foi.move.where")
    bench.need(command.reason, "reason", "foi.reason.missing")
    _elsewhere(bench)
    bench.happen(e.Moved(on=command.on, by=command.by, to=command.to.strip(), reason=command.reason.strip()))


def merge(bench: Bench, command: c.Merge) -> None:
    """A copy of a paper that is handled already. A new application for the same thing is a repeat, not a copy."""
    bench.need(command.into, "into", "foi.merge.where")
    bench.need(command.reason, "reason", "foi.reason.missing")
    if command.into.strip() and command.into.strip() == bench.state.register_no:
        bench.refuse("foi.merge.itself", "into", register_no=bench.state.register_no)
    _elsewhere(bench)
    bench.happen(e.Merged(on=command.on, by=command.by, into=command.into.strip(), reason=command.reason.strip()))


def _elsewhere(bench: Bench) -> None:
    """What has been asked of others, extended or reopened here cannot be carried away."""
    state = bench.state
    if state.supplement or state.consultations or state.fee or state.reasons or state.extension or state.rounds:
        bench.refuse("foi.elsewhere.begun")
    bench.in_turn()
