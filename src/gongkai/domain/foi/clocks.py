"""The clocks of a case: the reply period and every wait, read from the facts that the events left behind.

Nothing is stored but the facts; a corrected day of receipt or a new calendar year is answered by reading again. Statutory
day and local target stand side by side (``due_on``, ``target_on``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from gongkai.domain.deadlines import ClockRule, Fact, Reading, Unit, read_clock
from gongkai.domain.foi.evolving import PREFIXES
from gongkai.domain.foi.model import CaseState, Consultation, ConsultationKind, Law, Stage
from gongkai.domain.foi.receipt import Receipt, read_receipt
from gongkai.domain.foi.retrieval import days_late

REPLY = "foi.reply"
REOPENED = "重新办理"
OPINION_RULES = {
    ConsultationKind.THIRD_PARTY: "foi.third_party_opinion",
    ConsultationKind.JOINT_MAKER: "foi.joint_maker_opinion",
    ConsultationKind.ORGAN: "foi.organ_opinion",
}


@dataclass(frozen=True, slots=True)
class Wait:
    """Something that is awaited: what, of whom, since when, and by when (None while its period has not begun)."""

    what: str
    who: str
    since: date
    due_on: date | None
    overdue_days: int
    provisional: bool


@dataclass(frozen=True)
class CaseClock:
    """How a case stands in time on a day.

    ``reply`` is None until the day of receipt is certain; then ``receipt`` says who must still do what. ``waits`` are
    open waits in the order in which they began; ``notice_due_on`` is the last day for a supplement notice.
    """

    receipt: Receipt | None
    reply: Reading | None
    waits: tuple[Wait, ...]
    notice_due_on: date | None

    @property
    def due_on(self) -> date | None:
        """The statutory last day."""
        return self.reply.due_on if self.reply is not None else None

    @property
    def target_on(self) -> date | None:
        """The local target beside it."""
        return self.reply.target_on if self.reply is not None else None

    @property
    def overdue_days(self) -> int:
        """Working days past the statutory day, up to the reply or the day from which the case is seen."""
        return self.reply.overdue_days if self.reply is not None else 0


def reply_rule(state: CaseState, law: Law) -> ClockRule:
    """The reply period as it holds for the running round: after a decision on review, the one that it sets.

    One in calendar days that ends on a rest day runs to the next working day (民法典 art. 203).
    """
    rule = law.rules[REPLY]
    if state.rounds:
        again = {**rule.facts, "received": replace(rule.facts["received"], label=REOPENED)}
        rule = replace(rule, facts=again)
    if state.period is None or state.period.days is None:
        return rule
    unit = rule.unit if state.period.working_days else Unit.CALENDAR_DAY
    roll = rule.roll or unit is Unit.CALENDAR_DAY
    return replace(rule, limit=None, suggested=rule.limit, target=None, unit=unit, roll=roll)


def read_reply(state: CaseState, law: Law, *, today: date | None = None) -> Reading | None:
    """Read the reply period of the running round; None while the day of receipt is not certain."""
    rule = reply_rule(state, law)
    facts = [fact for fact in state.facts if fact.kind in rule.facts]
    if not any(fact.kind == "received" for fact in facts):
        return None
    return read_clock(rule, facts, law.calendar, today=today)


def read_case(state: CaseState, law: Law, *, today: date) -> CaseClock:
    """Read every clock of a case as seen from a day."""
    receipt = None
    if state.stage is Stage.SUBMITTED and state.channel is not None:
        receipt = read_receipt(
            state.channel,
            state.receipt,
            rules=law.rules,
            calendar=law.calendar,
            today=today,
            unreachable_on=state.unreachable_on,
        )
    notice = None
    if state.stage in (Stage.RECEIVED, Stage.CHECKING, Stage.HANDLING) and state.supplement is None:
        notice = _notice_due(state, law, today)
    waits = () if state.ended else tuple(sorted(_waits(state, law, today), key=lambda wait: wait.since))
    return CaseClock(receipt, read_reply(state, law, today=today), waits, notice)


def _notice_due(state: CaseState, law: Law, today: date) -> date | None:
    rule = law.rules.get("foi.supplement_notice")
    if rule is None or state.received_on is None or state.rounds:
        return None
    return read_clock(rule, [Fact("received", state.received_on)], law.calendar, today=today).due_on


def _waits(state: CaseState, law: Law, today: date) -> Iterator[Wait]:
    supplement, reasons, fee = state.supplement, state.reasons, state.fee
    if supplement is not None and supplement.open:
        reading = supplement_reading(state, law, today=today)
        yield _wait("申请人补正", "申请人", supplement.notice_on, reading)
    for one in state.open_consultations:
        who = one.ref or ("第三方" if one.kind is ConsultationKind.THIRD_PARTY else "被征求意见的机关")
        yield _wait(one.name, who, one.sent_on, opinion_reading(one, law, today=today))
    if reasons is not None and reasons.open:
        yield _wait("申请人说明理由", "申请人", reasons.asked_on, reasons_reading(state, law, today=today))
    if fee is not None and fee.open:
        yield _wait("申请人缴费", "申请人", fee.notice_on, payment_reading(state, law, today=today))
    for task in state.assignments:
        if task.returned_on is None:
            late = days_late(task.due_on, today=today, calendar=law.calendar)
            yield Wait("内设机构查找", task.ref, task.sent_on, task.due_on, late, False)


def _wait(what: str, who: str, since: date, reading: Reading | None) -> Wait:
    if reading is None:
        return Wait(what, who, since, None, 0, False)
    return Wait(what, who, since, reading.due_on, reading.overdue_days, reading.provisional)


def supplement_reading(state: CaseState, law: Law, *, today: date) -> Reading | None:
    """The applicant's period for the supplement; None until the notice is delivered."""
    supplement = state.supplement
    if supplement is None or supplement.delivered_on is None:
        return None
    facts = [Fact("supplement_notice_received", supplement.delivered_on, supplement.days)]
    if supplement.supplemented_on is not None:
        facts.append(Fact("supplemented", supplement.supplemented_on))
    return _read(law, "foi.supplement", facts, today)


def opinion_reading(one: Consultation, law: Law, *, today: date) -> Reading | None:
    """The period for one opinion; None until the letter is delivered."""
    if one.delivered_on is None:
        return None
    prefix = PREFIXES[one.kind]
    facts = [Fact(f"{prefix}_delivered", one.delivered_on, one.days)]
    if one.answered_on is not None:
        facts.append(Fact(f"{prefix}_closed", one.answered_on))
    return _read(law, OPINION_RULES[one.kind], facts, today)


def reasons_reading(state: CaseState, law: Law, *, today: date) -> Reading | None:
    """The applicant's period for the reasons; None until asked."""
    reasons = state.reasons
    if reasons is None or reasons.delivered_on is None:
        return None
    facts = [Fact("reason_notice_received", reasons.delivered_on, reasons.days)]
    if reasons.given_on is not None:
        facts.append(Fact("reasons_given", reasons.given_on))
    return _read(law, "foi.reasons", facts, today)


def payment_reading(state: CaseState, law: Law, *, today: date) -> Reading | None:
    """The applicant's period for the payment; None until the fee notice is delivered."""
    fee = state.fee
    if fee is None or fee.delivered_on is None:
        return None
    facts = [Fact("fee_notice_received", fee.delivered_on)]
    if fee.paid_on is not None:
        facts.append(Fact("fee_paid", fee.paid_on))
    return _read(law, "foi.payment", facts, today)


def _read(law: Law, rule_id: str, facts: list[Fact], today: date) -> Reading | None:
    rule = law.rules.get(rule_id)
    return read_clock(rule, facts, law.calendar, today=today) if rule is not None else None
