"""Which event of a case file means what to the machine."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.receipt import ReceiptFact
from gongkai.domain.foi.replay import asking, replying
from gongkai.domain.foi.replay.player import Player
from gongkai.domain.foi.replay.receipts import ReceiptStep
from gongkai.domain.foi.replay.script import Told
from gongkai.domain.foi.replay.vocabulary import CONSULTATIONS


def play_receipt(player: Player, step: ReceiptStep) -> None:
    """One day of the receipt."""
    player.line, player.kind = step.line, step.kind
    facts = tuple(fact for fact in step.facts if fact is not ReceiptFact.SUBMITTED)
    if ReceiptFact.SUBMITTED in step.facts:
        player.attempt(c.Submit(on=step.on, channel=player.run.channel))
    if facts:
        player.attempt(c.RecordReceipt(on=step.on, facts=facts))


def play(player: Player, told: Told) -> None:
    """One event after the receipt."""
    player.line, player.kind = told.line, told.kind
    base, _, part = told.kind.rpartition("_")
    if base in CONSULTATIONS:
        player.all_or_nothing(lambda: asking.consultation(player, told, CONSULTATIONS[base], part))
    else:
        player.all_or_nothing(lambda: _PLAYS[told.kind](player, told))


_PLAYS: Mapping[str, Callable[[Player, Told], object]] = {
    "unreachable": asking.unreachable,
    "receipt_corrected": asking.correct,
    "registered": asking.register,
    "accepted": lambda p, t: p.do(c.Accept(on=t.on)),
    "split": lambda p, t: p.do(c.Split(on=t.on, into=t.to)),
    "moved": asking.move,
    "merged": asking.merge,
    "supplement_notice": asking.supplement_notice,
    "supplement_notice_received": lambda p, t: p.do(c.DeliverSupplementNotice(on=t.on)),
    "supplemented": asking.supplemented,
    "supplement_lapsed": asking.lapse_supplement,
    "third_party_told": asking.third_party_told,
    "reason_notice": asking.ask_reasons,
    "reason_notice_received": lambda p, t: p.do(c.DeliverReasonNotice(on=t.on)),
    "reasons_given": asking.reasons_given,
    "reasons_lapsed": asking.lapse_reasons,
    "fee_notice": asking.fee_notice,
    "fee_notice_received": lambda p, t: p.do(c.DeliverFeeNotice(on=t.on)),
    "fee_paid": asking.pay_fee,
    "fee_lapsed": asking.lapse_fee,
    "extension": asking.extend,
    "extension_undone": asking.undo_extension,
    "delayed": asking.delay,
    "assigned": asking.assign,
    "returned": asking.return_assignment,
    "drafted": replying.draft,
    "legality_reviewed": replying.legality,
    "counsel_heard": replying.counsel,
    "signed": replying.sign,
    "replied": replying.reply,
    "served": replying.serve,
    "service_corrected": replying.correct_service,
    "withdrawn": replying.withdraw,
    "closed": replying.close,
    "archived": replying.archive,
    "reconsideration": replying.reconsideration,
    "reconsideration_decided": replying.reconsideration_decided,
    "lawsuit": replying.lawsuit,
    "lawsuit_decided": replying.lawsuit_decided,
    "reopened": replying.reopen,
    "carried_over": lambda p, t: p.do(c.CarryOver(on=t.on, year=t.year or t.on.year)),
}
