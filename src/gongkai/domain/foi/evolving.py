"""What events add up to: ``evolve`` applies one, ``replay`` all of them. Neither judges; that was ``decide``'s part."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from gongkai.domain.deadlines import Fact
from gongkai.domain.foi import events as e
from gongkai.domain.foi.model import (
    SIGNED_FOR,
    Answer,
    Assignment,
    CaseState,
    Consultation,
    ConsultationKind,
    Correction,
    Extension,
    Fee,
    Period,
    Reasons,
    Remedy,
    RemedyOutcome,
    Round,
    Stage,
    Supplement,
)
from gongkai.domain.foi.receipt import ReceiptFact

# Results that come about without a reply of the organ.
NO_SUPPLEMENT, NO_PAYMENT, WITHDRAWN = "other_no_supplement", "other_no_payment", "other_withdrawn"
PREFIXES = {
    ConsultationKind.THIRD_PARTY: "consultation",
    ConsultationKind.JOINT_MAKER: "joint_consultation",
    ConsultationKind.ORGAN: "organ_consultation",
}
# Book-keeping, and what happens elsewhere: what the organ does next need not come after it.
_BESIDE = (
    e.CarriedOver,
    e.ReceiptCorrected,
    e.ServiceCorrected,
    e.RemedyFiled,
    e.RemedyDecided,
    e.ConsultationAnswered,
)

# Which of the functions below applies a kind of event, noted when first found.
_homes: dict[type[e.Event], Callable[[CaseState, e.Event], CaseState | None]] = {}


def replay(events: Iterable[e.Event], state: CaseState | None = None) -> CaseState:
    """Return what the events add up to, from nothing or from ``state``."""
    current = state or CaseState()
    for event in events:
        current = evolve(current, event)
    return current


def evolve(state: CaseState, event: e.Event) -> CaseState:
    """Return the state after ``event``; raises ValueError for one that does not belong to the state."""
    home = _homes.get(type(event))
    after = home(state, event) if home is not None else None
    if after is None:
        for apply in (_receiving, _supplement, _consultation, _asking, _period, _answer, _end, _remedy):
            after = apply(state, event)
            if after is not None:
                _homes[type(event)] = apply
                break
        else:
            raise ValueError(f"no event of a case: {type(event).__name__}")
    if isinstance(event, _BESIDE) or (after.latest is not None and event.on < after.latest[1]):
        return after
    return after.changed(latest=(event.label, event.on))


def work_stage(state: CaseState) -> Stage:
    """The stage of a case that is being handled: what is awaited decides, a third party's opinion first."""
    kinds = {one.kind for one in state.open_consultations}
    if ConsultationKind.THIRD_PARTY in kinds:
        return Stage.THIRD_PARTY_WAIT
    if kinds:
        return Stage.ORGAN_WAIT
    return Stage.REASON_WAIT if state.reasons is not None and state.reasons.open else Stage.HANDLING


def _with_fact(state: CaseState, kind: str, on: date, days: int | None = None, ref: str = "") -> tuple[Fact, ...]:
    return (*state.facts, Fact(kind, on, days, ref))


def _receiving(state: CaseState, event: e.Event) -> CaseState | None:
    match event:
        case e.Submitted():
            receipt = {ReceiptFact.SUBMITTED: event.on}
            return state.changed(
                stage=Stage.SUBMITTED, channel=event.channel, receipt=receipt, split_from=event.split_from
            )
        case e.ReceiptRecorded():
            return state.changed(receipt={**state.receipt, **dict.fromkeys(event.facts, event.on)})
        case e.Received():
            stage = Stage.CHECKING if state.register_no else Stage.RECEIVED
            facts = _with_fact(state, "received", event.on)
            return state.changed(stage=stage, received_on=event.on, facts=facts, unreachable_on=None)
        case e.FoundUnreachable():
            return state.changed(unreachable_on=event.on)
        case e.ReceiptCorrected():
            correction = Correction(event.before, event.after, event.reason, event.on, event.by)
            kept = tuple(replace(f, on=event.after) if f.kind == "received" else f for f in state.facts)
            latest = state.latest
            if latest is not None and latest == (e.Received.label, event.before):
                latest = (e.Received.label, event.after)
            return state.changed(
                received_on=event.after,
                corrections=(*state.corrections, correction),
                facts=kept,
                latest=latest,
            )
        case e.Registered():
            stage = Stage.CHECKING if state.stage is Stage.RECEIVED else state.stage
            return state.changed(stage=stage, register_no=event.register_no, registered_on=event.on)
        case e.Accepted():
            return state.changed(stage=Stage.HANDLING)
        case e.SplitUp():
            return state.changed(stage=Stage.SPLIT, split_into=event.into, closed_on=event.on)
        case e.Moved():
            return state.changed(stage=Stage.MOVED, moved_to=event.to, closed_on=event.on)
        case e.Merged():
            return state.changed(stage=Stage.MERGED, merged_into=event.into, closed_on=event.on)
    return None


def _supplement(state: CaseState, event: e.Event) -> CaseState | None:
    if isinstance(event, e.SupplementNotified):
        facts = _with_fact(state, "supplement_notice", event.on)
        return state.changed(stage=Stage.SUPPLEMENT_WAIT, supplement=Supplement(event.on, event.days), facts=facts)
    if state.supplement is None:
        return None
    match event:
        case e.SupplementNoticeDelivered():
            facts = _with_fact(state, "supplement_notice_received", event.on, state.supplement.days)
            return state.changed(supplement=replace(state.supplement, delivered_on=event.on), facts=facts)
        case e.Supplemented():
            supplement = replace(state.supplement, supplemented_on=event.on)
            facts = _with_fact(state, "supplemented", event.on)
            return state.changed(stage=Stage.HANDLING, supplement=supplement, facts=facts)
        case e.SupplementLapsed():
            lapsed = state.changed(supplement=replace(state.supplement, lapsed_on=event.on))
            return _given_up(lapsed, Stage.CLOSED_NO_SUPPLEMENT, NO_SUPPLEMENT, event.on, "lapsed")
    return None


def _given_up(state: CaseState, stage: Stage, disposition: str, on: date, fact: str) -> CaseState:
    return state.changed(
        stage=stage,
        answer=Answer(disposition),
        disposition=disposition,
        closed_on=on,
        facts=_with_fact(state, fact, on),
    )


def _consultation(state: CaseState, event: e.Event) -> CaseState | None:
    match event:
        case e.Consulted():
            asked = Consultation(event.kind, event.ref, event.on, event.days)
            facts = _with_fact(state, f"{PREFIXES[event.kind]}_sent", event.on, None, event.ref)
            after = state.changed(consultations=(*state.consultations, asked), facts=facts)
            return after.changed(stage=work_stage(after))
        case e.ConsultationDelivered():
            days = next(
                (one.days for one in state.consultations if (one.kind, one.ref) == (event.kind, event.ref)), None
            )
            facts = _with_fact(state, f"{PREFIXES[event.kind]}_delivered", event.on, days, event.ref)
            return _consulted(state, event.kind, event.ref, delivered_on=event.on).changed(facts=facts)
        case e.ConsultationAnswered():
            after = _consulted(state, event.kind, event.ref, answered_on=event.on, opinion=event.opinion)
            facts = _with_fact(state, f"{PREFIXES[event.kind]}_closed", event.on, None, event.ref)
            key = (event.kind, event.ref)
            known = [one for one in state.consultations if (one.kind, one.ref) == key]
            if event.kind is ConsultationKind.ORGAN and known and known[-1].lapsed_on is not None:
                facts = state.facts  # its pause ended when it lapsed
            waited = state.stage in (Stage.THIRD_PARTY_WAIT, Stage.ORGAN_WAIT)
            return after.changed(facts=facts, stage=work_stage(after) if waited else state.stage)
        case e.ConsultationLapsed():
            after = _consulted(state, event.kind, event.ref, lapsed_on=event.on, opinion=event.opinion)
            if event.kind is ConsultationKind.ORGAN:  # the others' silence ends the pause by its own limit
                closed = _with_fact(state, f"{PREFIXES[event.kind]}_closed", event.on, None, event.ref)
                after = after.changed(facts=closed)
            return after.changed(stage=work_stage(after))
        case e.ThirdPartyTold():
            return _consulted(state, ConsultationKind.THIRD_PARTY, event.ref, told_on=event.on)
    return None


def _consulted(state: CaseState, kind: ConsultationKind, ref: str, **changes: Any) -> CaseState:
    """Change the latest consultation of this kind and name."""
    places = [n for n, one in enumerate(state.consultations) if (one.kind, one.ref) == (kind, ref)]
    if not places:
        return state
    known = list(state.consultations)
    known[places[-1]] = replace(known[places[-1]], **changes)
    return state.changed(consultations=tuple(known))


def _asking(state: CaseState, event: e.Event) -> CaseState | None:
    """Reasons and fee: what is asked of the applicant besides the supplement."""
    if isinstance(event, e.ReasonsAsked):
        asked = state.changed(reasons=Reasons(event.on, event.days))
        return asked.changed(stage=work_stage(asked))
    if isinstance(event, e.FeeNotified):
        facts = _with_fact(state, "fee_notice", event.on)
        return state.changed(stage=Stage.FEE_WAIT, fee=Fee(event.on, event.amount), facts=facts)
    if state.reasons is not None:
        match event:
            case e.ReasonNoticeDelivered():
                facts = _with_fact(state, "reason_notice_received", event.on, state.reasons.days)
                return state.changed(reasons=replace(state.reasons, delivered_on=event.on), facts=facts)
            case e.ReasonsGiven():
                given = replace(state.reasons, given_on=event.on, reasonable=event.reasonable)
                after = state.changed(reasons=given, facts=_with_fact(state, "reasons_given", event.on))
                return after.changed(stage=work_stage(after))
            case e.ReasonsLapsed():
                after = state.changed(reasons=replace(state.reasons, lapsed_on=event.on))
                return after.changed(stage=work_stage(after))
    if state.fee is not None:
        match event:
            case e.FeeNoticeDelivered():
                facts = _with_fact(state, "fee_notice_received", event.on)
                return state.changed(fee=replace(state.fee, delivered_on=event.on), facts=facts)
            case e.FeePaid():
                paid = replace(state.fee, paid_on=event.on)
                facts = _with_fact(state, "fee_paid", event.on)
                return state.changed(stage=Stage.HANDLING, fee=paid, facts=facts)
            case e.FeeLapsed():
                lapsed = state.changed(fee=replace(state.fee, lapsed_on=event.on))
                return _given_up(lapsed, Stage.CLOSED_NO_PAYMENT, NO_PAYMENT, event.on, "lapsed")
    return None


def _period(state: CaseState, event: e.Event) -> CaseState | None:
    match event:
        case e.Extended():
            extension = Extension(event.on, event.days, event.approved_by, event.approved_on)
            return state.changed(extension=extension, facts=_with_fact(state, "extended", event.on, event.days))
        case e.ExtensionUndone():
            kept = tuple(fact for fact in state.facts if fact.kind != "extended")
            return state.changed(extension=None, facts=kept)
        case e.Delayed():
            facts = _with_fact(state, "delayed", event.on, event.days)
            return state.changed(delayed_on=event.on, facts=facts)
        case e.Assigned():
            assignment = Assignment(event.ref, event.on, event.due_on)
            return state.changed(assignments=(*state.assignments, assignment))
        case e.AssignmentReturned():
            returned = tuple(
                replace(one, returned_on=event.on, found=event.found)
                if one.ref == event.ref and one.returned_on is None
                else one
                for one in state.assignments
            )
            return state.changed(assignments=returned)
        case e.CarriedOver():
            return state.changed(carried_over=(*state.carried_over, event.year))
    return None


def _answer(state: CaseState, event: e.Event) -> CaseState | None:
    if isinstance(event, e.Drafted):
        answer = Answer(event.disposition, event.grounds, drafted_on=event.on)
        return state.changed(stage=Stage.DECIDING, answer=answer)
    answer_now = state.answer
    if answer_now is None:
        return None
    match event:
        case e.LegalityReviewed():
            reviewed = replace(answer_now, legality_on=event.on, legality_passed=event.passed)
            stage = Stage.DECIDING if event.passed else work_stage(state)
            return state.changed(stage=stage, answer=reviewed)
        case e.CounselHeard():
            return state.changed(answer=replace(answer_now, counsel_on=event.on))
        case e.Signed():
            signed = replace(answer_now, signed_on=event.on, signed_by=event.signed_by)
            return state.changed(stage=Stage.SIGNED, answer=signed)
        case e.Sent():
            sent = replace(answer_now, sent_on=event.on, delivery=event.delivery)
            return state.changed(stage=state.stage if state.ended else Stage.SENT, answer=sent)
        case e.Replied():
            by_service = answer_now.delivery in SIGNED_FOR
            replied = replace(answer_now, replied_on=event.on, replied_by_service=by_service)
            return state.changed(answer=replied, facts=_with_fact(state, "replied", event.on))
        case e.Served():
            served = replace(answer_now, served_on=event.on)
            # The letter of a case given up is served too; it is no reply, so no clock knows it.
            facts = _with_fact(state, "served", event.on) if answer_now.replied_on is not None else state.facts
            return state.changed(stage=state.stage if state.ended else Stage.DELIVERED, answer=served, facts=facts)
        case e.ServiceCorrected():
            return _service_corrected(state, answer_now, event)
    return None


def _service_corrected(state: CaseState, answer: Answer, event: e.ServiceCorrected) -> CaseState:
    """The new day in place of the old one, wherever the running round has it."""
    days = {"served": event.after}
    corrected = replace(answer, served_on=event.after)
    if event.replied_after is not None:
        days["replied"] = event.replied_after
        corrected = replace(corrected, replied_on=event.replied_after)
    latest = state.latest
    if latest is None or latest == (e.Served.label, event.before) or latest[1] < event.after:
        latest = (e.Served.label, event.after)
    correction = Correction(
        before=event.before,
        after=event.after,
        reason=event.reason,
        on=event.on,
        by=event.by,
        proof=event.proof,
        replied_before=event.replied_before,
        replied_after=event.replied_after,
    )
    return state.changed(
        answer=corrected,
        facts=tuple(replace(fact, on=days[fact.kind]) if fact.kind in days else fact for fact in state.facts),
        service_corrections=(*state.service_corrections, correction),
        latest=latest,
    )


def _end(state: CaseState, event: e.Event) -> CaseState | None:
    match event:
        case e.Withdrawn():
            return _given_up(state, Stage.WITHDRAWN, WITHDRAWN, event.on, "withdrawn")
        case e.Closed():
            return state.changed(stage=Stage.CLOSED, disposition=event.disposition, closed_on=event.on)
        case e.Archived():
            return state.changed(stage=Stage.ARCHIVED, archived_on=event.on)
        case e.Reopened():
            return state.changed(
                stage=Stage.HANDLING,
                rounds=(*state.rounds, finished_round(state)),
                period=Period(event.days, event.working_days),
                reopened_on=event.on,
                consultations=(),
                reasons=None,
                fee=None,
                extension=None,
                delayed_on=None,
                answer=None,
                disposition="",
                closed_on=None,
                archived_on=None,
                facts=(Fact("received", event.on, event.days),),
            )
    return None


def finished_round(state: CaseState) -> Round:
    """The running round as it ended: its result, and the day it counts from for the yearly figures."""
    answer = state.answer
    disposition = state.disposition or (answer.disposition if answer is not None else "")
    ended = (answer.replied_on if answer is not None else None) or state.closed_on
    last = ended or (state.latest[1] if state.latest is not None else None)
    started = state.facts[0].on if state.facts else state.received_on
    assert started is not None and last is not None
    return Round(started, disposition, last, state.facts)


def _remedy(state: CaseState, event: e.Event) -> CaseState | None:
    match event:
        case e.RemedyFiled():
            return state.changed(remedies=(*state.remedies, Remedy(event.kind, event.ref, event.on)))
        case e.RemedyDecided():
            decided = tuple(
                replace(one, decided_on=event.on, outcome=event.outcome)
                if (one.kind, one.ref) == (event.kind, event.ref) and one.outcome is RemedyOutcome.PENDING
                else one
                for one in state.remedies
            )
            return state.changed(remedies=decided)
    return None
