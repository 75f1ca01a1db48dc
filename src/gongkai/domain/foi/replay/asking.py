"""What the events of a case file mean to the machine from the receipt to the reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi import commands as c
from gongkai.domain.foi.clocks import opinion_reading, payment_reading, read_reply, supplement_reading
from gongkai.domain.foi.commands import Command
from gongkai.domain.foi.fees import FEN, METHOD_NAMES, FeeMethod
from gongkai.domain.foi.model import (
    ConsultationKind,
    Opinion,
)
from gongkai.domain.foi.replay.player import NOT_TOLD, Player
from gongkai.domain.foi.replay.script import Told
from gongkai.domain.foi.replay.source import read_date
from gongkai.domain.issues import Issue


def unreachable(player: Player, told: Told) -> None:
    """The applicant could not be reached."""
    player.do(c.NoteUnreachable(on=told.on, attempts=told.reason or NOT_TOLD))


def correct(player: Player, told: Told) -> None:
    """The day of receipt was corrected; ``to`` is the right one."""
    from_text = read_date(told.to[0]) if told.to else None
    if from_text is None:
        return player.remark("foi.replay.corrected_to", event="receipt_corrected")
    player.do(c.CorrectReceipt(on=told.on, received_on=from_text, reason=told.reason or NOT_TOLD))
    return None


def days_told(player: Player, told: Told, *, since: date | None = None) -> int | None:
    """How many working days a letter gives: as written, or up to the day it names, counted from ``since`` or itself."""
    if told.days is not None or told.due is None:
        return told.days
    since = since or told.on
    return player.run.law.calendar.working_days_between(since, told.due, strict=False) if told.due > since else 0


def register(player: Player, told: Told) -> None:
    """Entered in the register."""
    number = told.ref or player.run.script.ref or "（未写编号）"
    player.attempt(c.Register(on=told.on, register_no=number))


def move(player: Player, told: Told) -> None:
    """Moved to another organ."""
    to = told.to[0] if told.to else told.ref or NOT_TOLD
    player.do(c.Move(on=told.on, to=to, reason=told.reason or NOT_TOLD))


def merge(player: Player, told: Told) -> None:
    """A copy of a paper handled already."""
    into = told.to[0] if told.to else told.ref or NOT_TOLD
    player.do(c.Merge(on=told.on, into=into, reason=told.reason or NOT_TOLD))


def supplement_notice(player: Player, told: Told) -> None:
    """Told to supplement."""
    player.do(c.NotifySupplement(on=told.on, items=(told.reason or NOT_TOLD,), days=days_told(player, told)))


def supplemented(player: Player, told: Told) -> None:
    """Supplemented. Where the notice says how many days and not when it arrived, it arrived when it went out."""
    one = player.state.supplement
    if one is not None and one.open and one.delivered_on is None and one.days is not None:
        arrived = player.state.changed(supplement=replace(one, delivered_on=one.notice_on))
        _arrived(
            player, supplement_reading(arrived, player.run.law, today=told.on), c.DeliverSupplementNotice, "补正告知"
        )
    player.do(c.ReceiveSupplement(on=told.on, excuse=told.reason))


def pay_fee(player: Player, told: Told) -> None:
    """Paid. Where the file does not say when the notice arrived, it arrived when it went out."""
    one = player.state.fee
    if one is not None and one.open and one.delivered_on is None:
        arrived = player.state.changed(fee=replace(one, delivered_on=one.notice_on))
        _arrived(player, payment_reading(arrived, player.run.law, today=told.on), c.DeliverFeeNotice, "收费通知")
    player.do(c.PayFee(on=told.on))


def _arrived(player: Player, reading: Reading | None, delivery: Callable[..., Command], letter: str) -> None:
    """Take a letter as delivered on the day it went out, where that makes the answer late."""
    if reading is not None and reading.overdue_days and reading.started_on is not None:
        player.imply(delivery(on=reading.started_on))
        player.remark("foi.replay.delivery_taken", letter=letter, on=reading.started_on)


def lapse_supplement(player: Player, told: Told) -> None:
    """Not supplemented in time; without a day of delivery the notice counts as delivered when it went out."""
    supplement = player.state.supplement
    if supplement is not None and supplement.open and supplement.delivered_on is None:
        player.imply(c.DeliverSupplementNotice(on=supplement.notice_on))
        player.remark("foi.replay.delivery_taken", letter="补正告知", on=supplement.notice_on)
    player.do(c.LapseSupplement(on=told.on))


def consultation(player: Player, told: Told, kind: ConsultationKind, part: str) -> None:
    """Sent, delivered, closed (answered) or lapsed."""
    ref = _known_ref(player, kind, told.ref)
    if part == "sent":
        player.do(c.Consult(on=told.on, kind=kind, ref=told.ref, days=days_told(player, told)))
    elif part == "delivered":
        player.do(c.DeliverConsultation(on=told.on, kind=kind, ref=ref))
    elif part == "lapsed" or told.answer is Opinion.SILENT:
        _lapse_consultation(player, kind, ref, told.on)
    else:
        if told.answer is None and kind is ConsultationKind.THIRD_PARTY:
            player.remark("foi.replay.opinion_taken")
        for one in player.state.open_consultations:
            if one.kind is kind is not ConsultationKind.ORGAN and one.ref == ref and one.delivered_on is None:
                arrived = replace(one, delivered_on=one.sent_on)
                deliver = partial(c.DeliverConsultation, kind=kind, ref=ref)
                _arrived(player, opinion_reading(arrived, player.run.law, today=told.on), deliver, one.name)
        opinion = told.answer or Opinion.CONSENTS
        reason = told.reason or (NOT_TOLD if opinion is Opinion.REFUSES else "")
        player.do(c.AnswerConsultation(on=told.on, kind=kind, ref=ref, opinion=opinion, reason=reason))


def _known_ref(player: Player, kind: ConsultationKind, ref: str) -> str:
    """The name of the only open consultation of this kind where the file does not repeat it."""
    open_ones = [one.ref for one in player.state.open_consultations if one.kind is kind]
    return open_ones[0] if not ref and len(open_ones) == 1 else ref


def _lapse_consultation(player: Player, kind: ConsultationKind, ref: str, on: date) -> None:
    for one in player.state.open_consultations:
        if one.kind is kind and one.ref == ref and one.delivered_on is None:
            player.imply(c.DeliverConsultation(on=one.sent_on, kind=kind, ref=ref))
            player.remark("foi.replay.delivery_taken", letter=one.name, on=one.sent_on)
    player.do(c.LapseConsultation(on=on, kind=kind, ref=ref))


def third_party_told(player: Player, told: Told) -> None:
    """Told what is disclosed against its will."""
    asked = [one for one in player.state.consultations if one.kind is ConsultationKind.THIRD_PARTY]
    ref = told.ref or (asked[0].ref if len(asked) == 1 else "")
    player.do(c.TellThirdParty(on=told.on, ref=ref, reason=told.reason or NOT_TOLD))


def reasons_given(player: Player, told: Told) -> None:
    """Reasons are in."""
    player.do(c.GiveReasons(on=told.on, reasonable=told.reasonable, assessment=told.reason))


def ask_reasons(player: Player, told: Told) -> None:
    """Asked for reasons."""
    player.do(c.AskReasons(on=told.on, days=days_told(player, told)))


def lapse_reasons(player: Player, told: Told) -> None:
    """No reasons in time."""
    reasons = player.state.reasons
    if reasons is not None and reasons.open and reasons.delivered_on is None:
        player.imply(c.DeliverReasonNotice(on=reasons.asked_on))
        player.remark("foi.replay.delivery_taken", letter="说明理由通知", on=reasons.asked_on)
    player.do(c.LapseReasons(on=told.on))


def fee_notice(player: Player, told: Told) -> None:
    """Asked for the fee."""
    player.silent(told.on)
    counted = _counted_fee(player, told)
    command = c.NotifyFee(on=told.on, amount=told.amount)
    if counted is None:
        player.do(command)
        return
    yuan, values = counted
    command = replace(command, amount=yuan if told.amount is None else told.amount)
    if yuan == 0:
        player.refuse(command, Issue("foi.replay.fee_free", "amount", values))
    elif told.amount is not None and told.amount > yuan:
        player.refuse(command, Issue("foi.replay.fee_too_much", "amount", values))
    else:
        player.do(command)
        player.remark("foi.replay.fee_counted" if command.amount == yuan else "foi.replay.fee_less", **values)


def _counted_fee(player: Player, told: Told) -> tuple[int, dict[str, object]] | None:
    """What the pages or the place in the month come to in yuan, with the words for it; None where neither is told."""
    method = told.fee_method or (FeeMethod.PER_CASE if told.pages is None else FeeMethod.PER_PAGE)
    units = told.pages if method is FeeMethod.PER_PAGE else told.nth
    tariff = player.run.tariffs.get(method)
    if units is None or tariff is None:
        return None
    yuan = (tariff.total(units) if method is FeeMethod.PER_PAGE else tariff.price(units)) // FEN
    what = f"{METHOD_NAMES[method]}，" + (f"{units}页" if method is FeeMethod.PER_PAGE else f"当月第{units}件")
    return yuan, {"what": what, "counted": yuan, "written": told.amount}


def lapse_fee(player: Player, told: Told) -> None:
    """Not paid in time."""
    fee = player.state.fee
    if fee is not None and fee.open and fee.delivered_on is None:
        player.imply(c.DeliverFeeNotice(on=fee.notice_on))
        player.remark("foi.replay.delivery_taken", letter="收费通知", on=fee.notice_on)
    player.do(c.LapseFee(on=told.on))


def extend(player: Player, told: Told) -> None:
    """Extended; a file that names nobody leaves the consent open."""
    reading = read_reply(player.state, player.run.law, today=told.on)
    days = days_told(player, told, since=reading.due_on if reading is not None else None)
    who = told.by or NOT_TOLD
    player.do(c.Extend(on=told.on, days=days, approved_by=who, approved_on=told.approved_on))


def undo_extension(player: Player, told: Told) -> None:
    """The extension taken back."""
    player.do(c.UndoExtension(on=told.on, reason=told.reason or NOT_TOLD))


def delay(player: Player, told: Told) -> None:
    """Put off; the days are the organ's to fix, so they must be told."""
    if told.days is None:
        return player.remark("foi.replay.days_missing", event="delayed")
    player.do(c.Delay(on=told.on, days=told.days, reason=told.reason))
    return None


def assign(player: Player, told: Told) -> None:
    """A division asked for records."""
    player.do(c.Assign(on=told.on, ref=told.ref or NOT_TOLD, due_on=told.due or told.on))


def return_assignment(player: Player, told: Told) -> None:
    """The division answers."""
    open_ones = [one.ref for one in player.state.assignments if one.returned_on is None]
    ref = told.ref or (open_ones[0] if len(open_ones) == 1 else "")
    player.do(c.ReturnAssignment(on=told.on, ref=ref, found=told.found))
