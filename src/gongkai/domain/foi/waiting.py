"""Rules for the commands by which a case waits for others and its period changes.

Supplement (art. 30), opinions of third parties, joint makers and other organs (arts. 32-34), reasons for very many
requests (art. 35), processing fee, extension (art. 33), delayed reply and records asked of divisions.
"""

from __future__ import annotations

from gongkai.domain.deadlines import Reading
from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.bench import Bench
from gongkai.domain.foi.clocks import (
    OPINION_RULES,
    opinion_reading,
    payment_reading,
    read_reply,
    reasons_reading,
    supplement_reading,
)
from gongkai.domain.foi.evolving import PREFIXES
from gongkai.domain.foi.model import CONSULTATION_NAMES, Consultation, ConsultationKind, Opinion

# A period longer than this is a slip of the pen.
LONGEST = 3660


def notify_supplement(bench: Bench, command: c.NotifySupplement) -> None:
    """Once, with what is missing, by the seventh working day; after it the application is handled as it stands (待核)."""
    state = bench.state
    if state.supplement is not None:
        bench.refuse("foi.supplement.once", basis=bench.basis("foi.supplement_notice"), on=state.supplement.notice_on)
    if not any(item.strip() for item in command.items):
        bench.refuse("foi.supplement.items", "items")
    if state.rounds:
        bench.refuse("foi.supplement.reopened")
    _days(bench, command.days)
    bench.in_turn()
    bench.within_period("foi.period.over", "foi.supplement_notice")
    _late_notice(bench)
    items = tuple(item.strip() for item in command.items if item.strip())
    bench.happen(e.SupplementNotified(on=command.on, by=command.by, items=items, days=command.days))


def _late_notice(bench: Bench) -> None:
    reading = read_reply(bench.state, bench.law)
    rule = bench.law.rules["foi.reply"].facts.get("supplement_notice")
    if reading is None or reading.started_on is None or rule is None or rule.within is None:
        return
    last = bench.law.calendar.add_working_days(reading.started_on, rule.within, strict=False)
    if bench.command.on > last:
        values = {"on": bench.command.on, "within": rule.within, "last": last}
        bench.refuse("foi.supplement.late_notice", "on", rule.basis, **values)


def deliver_supplement_notice(bench: Bench, command: c.DeliverSupplementNotice) -> None:
    """From this day the applicant's period runs."""
    supplement = bench.state.supplement
    assert supplement is not None
    bench.not_before(e.SupplementNotified.label, supplement.notice_on)
    if supplement.delivered_on is not None:
        bench.refuse("foi.delivery.repeated", on=supplement.delivered_on)
    bench.happen(e.SupplementNoticeDelivered(on=command.on, by=command.by))


def receive_supplement(bench: Bench, command: c.ReceiveSupplement) -> None:
    """The reply period begins anew. After the applicant's period only with a good reason."""
    supplement = bench.state.supplement
    assert supplement is not None
    bench.not_before(e.SupplementNotified.label, supplement.notice_on)
    bench.not_before(e.SupplementNoticeDelivered.label, supplement.delivered_on)
    reading = supplement_reading(bench.state, bench.law, today=command.on)
    if reading is not None and reading.overdue_days and not command.excuse.strip():
        bench.refuse("foi.supplement.too_late", "excuse", reading.basis[:1], on=command.on, due=reading.due_on)
    bench.happen(e.Supplemented(on=command.on, by=command.by, excuse=command.excuse.strip()))


def lapse_supplement(bench: Bench, command: c.LapseSupplement) -> None:
    """Only after the applicant's period is over; the application counts as given up."""
    bench.in_turn()
    _lapse(bench, supplement_reading(bench.state, bench.law, today=command.on), "补正告知")
    bench.happen(e.SupplementLapsed(on=command.on, by=command.by))


def consult(bench: Bench, command: c.Consult) -> None:
    """In writing, while the period runs; the same side not twice at a time."""
    ref = command.ref.strip()
    for known in bench.state.consultations:
        if (known.kind, known.ref) == (command.kind, ref) and known.answered_on is None:
            bench.refuse("foi.consultation.repeated", "ref", name=known.name, on=known.sent_on)
            break
    _days(bench, command.days)
    bench.in_turn()
    bench.within_period("foi.period.over", f"{PREFIXES[command.kind]}_sent")
    bench.happen(e.Consulted(on=command.on, by=command.by, kind=command.kind, ref=ref, days=command.days))


def deliver_consultation(bench: Bench, command: c.DeliverConsultation) -> None:
    """From this day the asked side's period runs."""
    one = _asked(bench, command.kind, command.ref, waiting=True)
    if one is not None:
        bench.not_before(one.name, one.sent_on)
        if one.delivered_on is not None:
            bench.refuse("foi.delivery.repeated", on=one.delivered_on)
    bench.happen(e.ConsultationDelivered(on=command.on, by=command.by, kind=command.kind, ref=command.ref.strip()))


def answer_consultation(bench: Bench, command: c.AnswerConsultation) -> None:
    """An opinion after its period is kept and leaves the time as it is. A refusal needs a reason to be weighed."""
    one = _asked(bench, command.kind, command.ref)
    if one is not None:
        if one.answered_on is not None:
            bench.refuse("foi.consultation.answered", "ref", name=one.name, on=one.answered_on)
        bench.not_before(one.name, one.sent_on)
        bench.not_before(e.ConsultationDelivered.label, one.delivered_on)
        reading = opinion_reading(one, bench.law, today=command.on)
        if reading is not None and reading.overdue_days:
            bench.warn("foi.consultation.late", "on", reading.basis[:1], name=one.name, due=reading.due_on)
    if command.opinion not in (Opinion.CONSENTS, Opinion.REFUSES):
        bench.refuse("foi.consultation.opinion", "opinion")
    refused = command.kind is ConsultationKind.THIRD_PARTY and command.opinion is Opinion.REFUSES
    if refused and not command.reason.strip():
        bench.warn("foi.consultation.no_reason", "reason", bench.basis(OPINION_RULES[command.kind]))
    bench.happen(
        e.ConsultationAnswered(
            on=command.on,
            by=command.by,
            kind=command.kind,
            opinion=command.opinion,
            ref=command.ref.strip(),
            reason=command.reason.strip(),
        )
    )


def lapse_consultation(bench: Bench, command: c.LapseConsultation) -> None:
    """Silence of a joint maker is consent; silence of a third party leaves the decision to the organ."""
    one = _asked(bench, command.kind, command.ref, waiting=True)
    if one is not None:
        bench.not_before(one.name, one.sent_on)
        _lapse(bench, opinion_reading(one, bench.law, today=command.on), one.name)
    opinion = Opinion.CONSENTS if command.kind is ConsultationKind.JOINT_MAKER else Opinion.SILENT
    bench.happen(
        e.ConsultationLapsed(on=command.on, by=command.by, kind=command.kind, opinion=opinion, ref=command.ref.strip())
    )


def tell_third_party(bench: Bench, command: c.TellThirdParty) -> None:
    """What is disclosed against its will, and why, in writing (art. 32)."""
    one = _asked(bench, ConsultationKind.THIRD_PARTY, command.ref)
    if one is not None:
        bench.not_before(one.name, one.sent_on)
        bench.not_before(f"{one.name}的答复", one.answered_on)
        if one.opinion is Opinion.CONSENTS:
            bench.refuse("foi.third_party.consented", "ref", name=one.name)
        if one.told_on is not None:
            bench.refuse("foi.third_party.told", "ref", name=one.name, on=one.told_on)
    bench.need(command.reason, "reason", "foi.reason.missing")
    bench.happen(e.ThirdPartyTold(on=command.on, by=command.by, ref=command.ref.strip(), reason=command.reason.strip()))


def _asked(bench: Bench, kind: ConsultationKind, ref: str, *, waiting: bool = False) -> Consultation | None:
    """The consultation a command speaks of; refuses when there is none (with ``waiting``, none that is open)."""
    ref = ref.strip()
    known = [one for one in bench.state.consultations if one.kind is kind]
    found = [one for one in known if one.ref == ref and (one.open or not waiting)]
    if found:
        return found[-1]
    if not known:
        bench.refuse("foi.consultation.none", "ref", kind=CONSULTATION_NAMES[kind])
        return None
    name = CONSULTATION_NAMES[kind] + (f"（{ref}）" if ref else "")
    offered = [one.name for one in known if one.open or not waiting]
    bench.refuse("foi.consultation.unknown", "ref", name=name, known="、".join(offered) or "没有")
    return None


def ask_reasons(bench: Bench, command: c.AskReasons) -> None:
    """Once a round; the reply period goes on meanwhile."""
    if bench.state.reasons is not None:
        bench.refuse("foi.reasons.once", on=bench.state.reasons.asked_on)
    _days(bench, command.days)
    bench.in_turn()
    bench.happen(e.ReasonsAsked(on=command.on, by=command.by, days=command.days))


def deliver_reason_notice(bench: Bench, command: c.DeliverReasonNotice) -> None:
    """From this day the applicant's period runs."""
    reasons = bench.state.reasons
    if reasons is None or not reasons.open:
        return bench.refuse("foi.reasons.none")
    bench.not_before(e.ReasonsAsked.label, reasons.asked_on)
    if reasons.delivered_on is not None:
        bench.refuse("foi.delivery.repeated", on=reasons.delivered_on)
    return bench.happen(e.ReasonNoticeDelivered(on=command.on, by=command.by))


def give_reasons(bench: Bench, command: c.GiveReasons) -> None:
    """With the organ's assessment: reasonable or not."""
    reasons = bench.state.reasons
    if reasons is None or not reasons.open:
        return bench.refuse("foi.reasons.none")
    bench.not_before(e.ReasonsAsked.label, reasons.asked_on)
    bench.not_before(e.ReasonNoticeDelivered.label, reasons.delivered_on)
    given = e.ReasonsGiven(
        on=command.on, by=command.by, reasonable=command.reasonable, assessment=command.assessment.strip()
    )
    return bench.happen(given)


def lapse_reasons(bench: Bench, command: c.LapseReasons) -> None:
    """Only after the period that was given is over."""
    reasons = bench.state.reasons
    if reasons is None or not reasons.open:
        return bench.refuse("foi.reasons.none")
    bench.in_turn()
    _lapse(bench, reasons_reading(bench.state, bench.law, today=command.on), "说明理由通知")
    return bench.happen(e.ReasonsLapsed(on=command.on, by=command.by))


def notify_fee(bench: Bench, command: c.NotifyFee) -> None:
    """Inside the handling period, once; nothing may be awaited of others at the same time."""
    if "foi.payment" not in bench.law.rules:
        bench.refuse("foi.law.not_in_force", rule="信息处理费")
    if bench.state.fee is not None:
        bench.refuse("foi.fee.once", on=bench.state.fee.notice_on)
    if command.amount is not None and command.amount <= 0:
        bench.refuse("foi.fee.amount", "amount", amount=command.amount)
    bench.in_turn()
    bench.within_period("foi.period.over", "foi.fee_notice")
    bench.happen(e.FeeNotified(on=command.on, by=command.by, amount=command.amount))


def deliver_fee_notice(bench: Bench, command: c.DeliverFeeNotice) -> None:
    """From the next day the applicant has its period for the payment."""
    fee = bench.state.fee
    assert fee is not None
    bench.not_before(e.FeeNotified.label, fee.notice_on)
    if fee.delivered_on is not None:
        bench.refuse("foi.delivery.repeated", on=fee.delivered_on)
    bench.happen(e.FeeNoticeDelivered(on=command.on, by=command.by))


def pay_fee(bench: Bench, command: c.PayFee) -> None:
    """In time; the reply period begins anew the day after."""
    fee = bench.state.fee
    assert fee is not None
    bench.not_before(e.FeeNotified.label, fee.notice_on)
    reading = payment_reading(bench.state, bench.law, today=command.on)
    if reading is not None and reading.overdue_days:
        bench.refuse("foi.fee.too_late", "on", reading.basis[:1], on=command.on, due=reading.due_on)
    bench.happen(e.FeePaid(on=command.on, by=command.by))


def lapse_fee(bench: Bench, command: c.LapseFee) -> None:
    """Only after the period for the payment is over; the application counts as given up."""
    bench.in_turn()
    _lapse(bench, payment_reading(bench.state, bench.law, today=command.on), "收费通知")
    bench.happen(e.FeeLapsed(on=command.on, by=command.by))


def extend(bench: Bench, command: c.Extend) -> None:
    """Once, with the consent of the head of the disclosure office, told before the period ends, within the maximum."""
    state, basis = bench.state, bench.basis("extended")
    rule = bench.law.rules["foi.reply"].facts.get("extended")
    at_most = rule.at_most if rule is not None else None
    if state.extension is not None:
        bench.refuse("foi.extension.once", basis=basis, on=state.extension.told_on, days=state.extension.days)
    bench.need(command.approved_by, "approved_by", "foi.extension.approver")
    approved_on = command.approved_on or command.on
    if approved_on > command.on:
        bench.refuse("foi.extension.told_first", "approved_on", basis, approved_on=approved_on, on=command.on)
    days = command.days if command.days is not None else at_most
    if days is None:
        bench.refuse("foi.days.missing", "days")
    elif days < 1 or (at_most is not None and days > at_most):
        bench.refuse("foi.extension.too_long", "days", basis, days=days, at_most=at_most or LONGEST)
    bench.in_turn()
    bench.within_period("foi.extension.after_due", "extended")
    bench.happen(
        e.Extended(
            on=command.on,
            by=command.by,
            days=days or 0,
            approved_by=command.approved_by.strip(),
            approved_on=approved_on,
            reason=command.reason.strip(),
        )
    )


def undo_extension(bench: Bench, command: c.UndoExtension) -> None:
    """The period is read as if it had not been extended; a case that is late then shows it."""
    if bench.state.extension is None:
        bench.refuse("foi.extension.none")
    bench.need(command.reason, "reason", "foi.reason.missing")
    bench.in_turn()
    bench.happen(e.ExtensionUndone(on=command.on, by=command.by, reason=command.reason.strip()))


def delay(bench: Bench, command: c.Delay) -> None:
    """Only after reasons were given that are good (art. 35), for a number of days that the organ fixes and tells."""
    reasons, basis = bench.state.reasons, bench.basis("delayed")
    if reasons is None or reasons.given_on is None:
        bench.refuse("foi.delay.no_reasons", basis=basis)
    elif reasons.reasonable is False:
        bench.refuse("foi.delay.unreasonable", basis=basis)
    if bench.state.delayed_on is not None:
        bench.refuse("foi.delay.once", on=bench.state.delayed_on)
    _days(bench, command.days)
    bench.in_turn()
    bench.within_period("foi.period.over", "delayed")
    bench.happen(e.Delayed(on=command.on, by=command.by, days=command.days, reason=command.reason.strip()))


def assign(bench: Bench, command: c.Assign) -> None:
    """Its date lies after the day it is asked, and before the reply is due; the same division not twice at a time."""
    bench.need(command.ref, "ref", "foi.assignment.who")
    if any(one.ref == command.ref.strip() and one.returned_on is None for one in bench.state.assignments):
        bench.refuse("foi.assignment.open", "ref", ref=command.ref.strip())
    if command.due_on < command.on:
        bench.refuse("foi.assignment.due", "due_on", due=command.due_on, on=command.on)
    reading = read_reply(bench.state, bench.law, today=command.on)
    if reading is not None and reading.due_on is not None and command.due_on > reading.due_on:
        bench.warn("foi.assignment.after_reply", "due_on", due=command.due_on, reply_due=reading.due_on)
    bench.in_turn()
    bench.happen(e.Assigned(on=command.on, by=command.by, ref=command.ref.strip(), due_on=command.due_on))


def return_assignment(bench: Bench, command: c.ReturnAssignment) -> None:
    """The division's answer to an open request."""
    ref = command.ref.strip()
    open_ones = [one for one in bench.state.assignments if one.returned_on is None]
    found = next((one for one in open_ones if one.ref == ref), None)
    if found is None:
        known = "、".join(one.ref for one in open_ones) or "没有"
        bench.refuse("foi.assignment.none", "ref", ref=ref, known=known)
    else:
        bench.not_before(e.Assigned.label, found.sent_on)
    bench.happen(e.AssignmentReturned(on=command.on, by=command.by, ref=ref, found=command.found))


def _lapse(bench: Bench, reading: Reading | None, letter: str) -> None:
    """A period lapses only after it has begun (the letter was delivered) and its last day is over."""
    if reading is None or reading.due_on is None:
        bench.refuse("foi.lapse.not_delivered", letter=letter)
    elif bench.command.on <= reading.due_on:
        bench.refuse("foi.lapse.too_early", "on", reading.basis[:1], letter=letter, due=reading.due_on)


def _days(bench: Bench, days: int | None) -> None:
    if days is not None and not 0 < days <= LONGEST:
        bench.refuse("foi.days.wrong", "days", days=days, most=LONGEST)
