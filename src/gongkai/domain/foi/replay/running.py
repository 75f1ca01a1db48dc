"""Running the cases of a file: each dated event becomes a command, the machine decides it, and everything is kept.

A file tells what happened and leaves out paperwork (registration, hand-over, draft, signature); what it leaves out and the
machine needs is added on the day it must have happened and marked ``implied``. A refused event is left out; the others go
on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from gongkai.domain.foi.dispositions import Category, Disposition, DispositionRules, Route
from gongkai.domain.foi.model import Law
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.replay.player import NOT_TOLD, UNSTATED, Player, Run
from gongkai.domain.foi.replay.playing import play, play_receipt
from gongkai.domain.foi.replay.receipts import RECEIPT_KINDS, ReceiptStep, receipt_steps
from gongkai.domain.foi.replay.replying import finish
from gongkai.domain.foi.replay.script import Script, Told

LawOn = Callable[[date, str], Law]


def run_script(script: Script, *, law_on: LawOn, today: date | None, layer: str = "cn") -> Run:
    """Run one case; ``law_on(day, layer)`` returns the law of a case that began on a day.

    It is seen from the file's own day, else ``today``, else the day of its last event. Raises what ``law_on`` raises.
    """
    last = max(told.on for told in script.told)
    seen_from = script.today or today or last
    channel, receipts, remarks = receipt_steps(script)
    began = max(step.on for step in receipts)
    law = _relaxed_once(law_on(began, script.layer or layer))
    run = Run(script, law, seen_from, channel, remarks=[*script.remarks, *remarks])
    player = Player(run)
    told_after = [told for told in script.told if told.kind not in RECEIPT_KINDS]
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
    return run


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


def _pair_dispositions(script: Script, told: list[Told]) -> None:
    """Give the head's disposition to the last reply that has none."""
    open_ones = [one for one in told if one.kind in ("replied", "drafted") and not one.disposition]
    replies = [one for one in open_ones if one.kind == "replied"] or open_ones
    if replies and script.disposition and not any(one.disposition for one in told if one.kind == "drafted"):
        replies[-1].disposition = script.disposition
        replies[-1].grounds = replies[-1].grounds or script.grounds
