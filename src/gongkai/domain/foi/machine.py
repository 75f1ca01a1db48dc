"""Deciding commands: ``decide(state, command, law=…, today=…)`` answers with events or with every reason why not.

The table says what is possible at which stage; the rules beside it say on which conditions. Nothing is backdated: no event
lies after ``today``, none before the event that orders it, and what the organ does itself not before the latest event.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gongkai.domain.foi import answering, correcting, receiving, waiting
from gongkai.domain.foi.bench import Bench
from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.model import STAGE_NAMES, CaseState, Law
from gongkai.domain.foi.table import TABLE, possible
from gongkai.domain.foi.verbs import VERB_NAMES, Verb
from gongkai.domain.issues import Issue, Severity, has_errors

RULES: Mapping[Verb, Callable[[Bench, Any], None]] = {
    Verb.SUBMIT: receiving.submit,
    Verb.RECORD_RECEIPT: receiving.record_receipt,
    Verb.NOTE_UNREACHABLE: receiving.note_unreachable,
    Verb.CORRECT_RECEIPT: receiving.correct_receipt,
    Verb.REGISTER: receiving.register,
    Verb.ACCEPT: receiving.accept,
    Verb.SPLIT: receiving.split,
    Verb.MOVE: receiving.move,
    Verb.MERGE: receiving.merge,
    Verb.NOTIFY_SUPPLEMENT: waiting.notify_supplement,
    Verb.DELIVER_SUPPLEMENT_NOTICE: waiting.deliver_supplement_notice,
    Verb.SUPPLEMENT: waiting.receive_supplement,
    Verb.LAPSE_SUPPLEMENT: waiting.lapse_supplement,
    Verb.CONSULT: waiting.consult,
    Verb.DELIVER_CONSULTATION: waiting.deliver_consultation,
    Verb.ANSWER_CONSULTATION: waiting.answer_consultation,
    Verb.LAPSE_CONSULTATION: waiting.lapse_consultation,
    Verb.TELL_THIRD_PARTY: waiting.tell_third_party,
    Verb.ASK_REASONS: waiting.ask_reasons,
    Verb.DELIVER_REASON_NOTICE: waiting.deliver_reason_notice,
    Verb.GIVE_REASONS: waiting.give_reasons,
    Verb.LAPSE_REASONS: waiting.lapse_reasons,
    Verb.NOTIFY_FEE: waiting.notify_fee,
    Verb.DELIVER_FEE_NOTICE: waiting.deliver_fee_notice,
    Verb.PAY_FEE: waiting.pay_fee,
    Verb.LAPSE_FEE: waiting.lapse_fee,
    Verb.EXTEND: waiting.extend,
    Verb.UNDO_EXTENSION: waiting.undo_extension,
    Verb.DELAY: waiting.delay,
    Verb.ASSIGN: waiting.assign,
    Verb.RETURN_ASSIGNMENT: waiting.return_assignment,
    Verb.DRAFT: answering.draft,
    Verb.REVIEW_LEGALITY: answering.review_legality,
    Verb.HEAR_COUNSEL: answering.hear_counsel,
    Verb.SIGN: answering.sign,
    Verb.SEND: answering.send,
    Verb.SERVE: answering.serve,
    Verb.CORRECT_SERVICE: correcting.correct_service,
    Verb.WITHDRAW: answering.withdraw,
    Verb.CLOSE: answering.close,
    Verb.ARCHIVE: answering.archive,
    Verb.FILE_REMEDY: answering.file_remedy,
    Verb.DECIDE_REMEDY: answering.decide_remedy,
    Verb.REOPEN: answering.reopen,
    Verb.CARRY_OVER: answering.carry_over,
}


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer to a command: events, or the reasons why not. Warnings may stand beside events."""

    events: tuple[Event, ...] = ()
    issues: tuple[Issue, ...] = field(default=())

    @property
    def allowed(self) -> bool:
        """Tell whether the command was accepted."""
        return not has_errors(self.issues)


def decide(state: CaseState, command: Command, *, law: Law, today: date) -> Decision:
    """Decide a command as seen from ``today``: the events that follow, or all reasons against it at once.

    At a stage where the table has no cell for the command, only that, a day in the future and what may be done once are
    told: the other conditions speak of things that are not there yet.
    """
    bench = Bench(state, command, law, today)
    if command.on > today:
        bench.refuse("foi.day.future", "on", on=command.on, today=today)
    if (state.stage, command.verb) not in TABLE:
        choices = "、".join(VERB_NAMES[verb] for verb in possible(state.stage)) or "没有"
        bench.refuse("foi.state.not_possible", stage=STAGE_NAMES[state.stage], choices=choices)
        _once(bench)
    else:
        RULES[command.verb](bench, command)
    if any(issue.severity is Severity.ERROR for issue in bench.issues):
        return Decision(issues=tuple(bench.issues))
    return Decision(tuple(bench.events), tuple(bench.issues))


def _once(bench: Bench) -> None:
    """What may be done once only says so too, wherever the case stands."""
    supplement, extension = bench.state.supplement, bench.state.extension
    if bench.command.verb is Verb.NOTIFY_SUPPLEMENT and supplement is not None:
        bench.refuse("foi.supplement.once", basis=bench.basis("foi.supplement_notice"), on=supplement.notice_on)
    if bench.command.verb is Verb.EXTEND and extension is not None:
        basis = bench.basis("extended")
        bench.refuse("foi.extension.once", basis=basis, on=extension.told_on, days=extension.days)
