"""Running the cases of a file: each dated event becomes a command, the machine decides it, and everything is kept.

A file tells what happened and leaves out paperwork (registration, hand-over, draft, signature); what it leaves out and the
machine needs is added on the day it must have happened and marked ``implied``. A refused event is left out; the others go
on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date

from gongkai.domain.foi.dispositions import Category, Disposition, DispositionRules, Route
from gongkai.domain.foi.evolving import NO_PAYMENT, NO_SUPPLEMENT, WITHDRAWN
from gongkai.domain.foi.fees import FeeMethod, Tariff
from gongkai.domain.foi.model import Law
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.replay.player import NOT_TOLD, UNSTATED, Player, Run
from gongkai.domain.foi.replay.playing import play, play_receipt
from gongkai.domain.foi.replay.receipts import RECEIPT_KINDS, ReceiptStep, receipt_steps
from gongkai.domain.foi.replay.replying import finish
from gongkai.domain.foi.replay.script import Script, Told

LawOn = Callable[[date, str], Law]
TariffsOn = Callable[[date, str], Mapping[FeeMethod, Tariff]]


def run_script(
    script: Script, *, law_on: LawOn, today: date | None, layer: str = "cn", tariffs_on: TariffsOn | None = None
) -> Run:
    """Run one case; ``law_on(day, layer)`` returns the law of a case that began on a day, ``tariffs_on`` the fees.

    It is seen from the file's own day, else ``today``, else the day of its last event. Raises what ``law_on`` raises.
    """
    last = max(told.on for told in script.told)
    seen_from = script.today or today or last
    channel, receipts, remarks = receipt_steps(script)
    began = max(step.on for step in receipts)
    law = _relaxed_once(law_on(began, script.layer or layer))
    priced = tariffs_on is not None and any(told.kind == "fee_notice" for told in script.told)
    tariffs = tariffs_on(began, script.layer or layer) if tariffs_on is not None and priced else {}
    run = Run(script, law, seen_from, channel, tariffs, remarks=[*script.remarks, *remarks])
    player = Player(run)
    told_after = [told for told in script.told if told.kind not in RECEIPT_KINDS]
    _place_decisions(told_after)
    _pair_dispositions(script, told_after)
    # Of one day the receipt comes first; what came in before it is complete is played against the case as it then stood.
    entries: list[tuple[date, int, int, ReceiptStep | Told]] = []
    first = min(step.on for step in receipts)  # what lies before the submission is refused against it, not before it
    for number, step in enumerate(receipts):
        submits = ReceiptFact.SUBMITTED in step.facts
        entries.append((first, 0, -1, step) if submits else (step.on, 0, number, step))
    entries += [(told.on, 1, told.order, told) for told in told_after]
    for _, _, _, entry in sorted(entries, key=lambda one: one[:3]):
        if isinstance(entry, Told):
            play(player, entry)
        else:
            play_receipt(player, entry)
    finish(player)
    _say_unused(player)
    return run


def _say_unused(player: Player) -> None:
    """Say that the result the file writes is that of no reply and no end, unless a refusal says it already."""
    written, state = player.run.script.disposition, player.state
    reached = {state.disposition, *(one.disposition for one in state.rounds)}
    if state.answer is not None:
        reached.add(state.answer.disposition)
    if written and written not in reached and not player.run.refusals:
        player.line = player.run.script.line
        player.remark("foi.replay.disposition_unused", disposition=written)


_known: dict[int, tuple[Law, Law]] = {}
_MOST_KNOWN = 512


def _relaxed_once(law: Law) -> Law:
    """The relaxed law, kept for the next case of the same law."""
    found = _known.get(id(law))
    if found is None or found[0] is not law:
        if len(_known) >= _MOST_KNOWN:
            _known.clear()
        found = _known[id(law)] = (law, relaxed(law))
    return found[1]


def relaxed(law: Law) -> Law:
    """The same law for a file that lists neither evidence nor grounds and may not say the result."""
    known = law.dispositions
    results = {
        code: replace(one, choose=(), also=(*one.choose, *one.also), evidence=())
        for code, one in known.dispositions.items()
    }
    unstated = Disposition(
        code=UNSTATED,
        title=NOT_TOLD,
        order=len(results) + 1,
        category=Category.OTHER,
        annual_row="",
        letter="",
        route=Route.PROCEDURAL,
        route_without_refusal=Route.PROCEDURAL,
        always=(),
        choose=(),
        also=tuple(known.grounds),
        evidence=(),
        unverified=frozenset(),
        verified=True,
        note="",
        basis=(),
    )
    return replace(law, dispositions=DispositionRules({**results, UNSTATED: unstated}, known.grounds))


_ENDED_BY = {NO_SUPPLEMENT: "supplement_lapsed", NO_PAYMENT: "fee_lapsed", WITHDRAWN: "withdrawn"}


def _place_decisions(told: list[Told]) -> None:
    """Let a result with a day of its own be that of the reply it belongs to, else the draft or the end of the case.

    It belongs to the first reply without a result from that day on, else to the last one before; decided before the day
    of its reply it is the draft too. A result that names an end (a lapse, a withdrawal) is that end.
    """
    for one in [one for one in told if one.kind == "disposition"]:
        same = [each for each in told if each.kind in ("replied", "drafted") and each.disposition == one.disposition]
        open_ones = [each for each in told if each.kind == "replied" and not each.disposition]
        later = [each for each in open_ones if each.on >= one.on]
        reply = min(later, key=lambda each: each.on) if later else max(open_ones, key=lambda e: e.on, default=None)
        if reply is not None:
            reply.disposition = one.disposition
            reply.grounds = reply.grounds or one.grounds
            reply.public_interest = reply.public_interest or one.public_interest
            reply.delivery = reply.delivery or one.delivery
        end = _ENDED_BY.get(one.disposition)
        ended = end is not None and any(each.kind == end for each in told)
        if (reply is not None and (reply.on <= one.on or end is not None)) or same or ended:
            told.remove(one)
        else:
            one.kind = "drafted" if end is None else end


def _pair_dispositions(script: Script, told: list[Told]) -> None:
    """Give the head's disposition to the last reply that has none."""
    open_ones = [one for one in told if one.kind in ("replied", "drafted") and not one.disposition]
    replies = [one for one in open_ones if one.kind == "replied"] or open_ones
    if replies and script.disposition and not any(one.disposition for one in told if one.kind == "drafted"):
        replies[-1].disposition = script.disposition
        replies[-1].grounds = replies[-1].grounds or script.grounds
