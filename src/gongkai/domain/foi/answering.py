"""Rules for the commands from the draft of the reply to the archive, and for what comes after."""

from __future__ import annotations

from datetime import date

from gongkai.domain.foi import commands as c
from gongkai.domain.foi import events as e
from gongkai.domain.foi.bench import Bench
from gongkai.domain.foi.dispositions import Category, check_decision
from gongkai.domain.foi.evolving import NO_PAYMENT, NO_SUPPLEMENT, WITHDRAWN
from gongkai.domain.foi.model import (
    ELSEWHERE,
    REMEDY_NAMES,
    SIGNED_FOR,
    Consultation,
    ConsultationKind,
    Opinion,
    RemedyKind,
    RemedyOutcome,
)

# Results that the machine reaches by itself; nobody drafts a reply with them.
UNDRAFTED = {
    NO_SUPPLEMENT: "逾期不补正",
    NO_PAYMENT: "逾期未缴费",
    WITHDRAWN: "申请人撤回",
}
ABUSIVE, UNCLEAR, THIRD_PARTY_DENIAL = "refused_abusive", "unable_still_unclear", "denied_third_party"


def draft(bench: Bench, command: c.Draft) -> None:
    """One disposition with its grounds. Disclosure against a third party's refusal needs a public interest (art. 32)."""
    rules = bench.law.dispositions
    known = rules.dispositions.get(command.disposition)
    if command.disposition in UNDRAFTED:
        bench.refuse("foi.draft.by_itself", "disposition", verb=UNDRAFTED[command.disposition])
    elif known is None:
        bench.refuse(
            "foi.draft.unknown", "disposition", disposition=command.disposition, known="、".join(rules.dispositions)
        )
    else:
        found = check_decision(rules, disposition=known.code, grounds=command.grounds, evidence=())
        bench.issues.extend(one for one in found if one.field == "grounds")
        if known.category is Category.GRANTED and not command.public_interest.strip():
            for one in _refusals(bench):
                bench.refuse("foi.draft.public_interest", "public_interest", known.basis, name=one.name)
        _prepared(bench, known.code)
    bench.in_turn()
    bench.happen(
        e.Drafted(
            on=command.on,
            by=command.by,
            disposition=command.disposition,
            grounds=command.grounds,
            public_interest=command.public_interest.strip(),
        )
    )


def _prepared(bench: Bench, code: str) -> None:
    """Warn of a result that rests on a step that was not taken."""
    state = bench.state
    asked = [one for one in state.consultations if one.kind is ConsultationKind.THIRD_PARTY]
    if code == THIRD_PARTY_DENIAL and not asked and not state.rounds:
        bench.warn("foi.draft.third_party_not_asked", "disposition", bench.basis("foi.third_party_opinion"))
    if code == ABUSIVE and state.reasons is None:
        bench.warn("foi.draft.reasons_not_asked", "disposition", bench.basis("foi.reasons"))
    if code == ABUSIVE and state.reasons is not None and state.reasons.reasonable:
        bench.warn("foi.draft.reasons_were_good", "disposition", bench.basis("foi.reasons"))
    if code == UNCLEAR and (state.supplement is None or state.supplement.supplemented_on is None):
        bench.warn("foi.draft.not_supplemented", "disposition", bench.basis("foi.supplement"))


def _refusals(bench: Bench) -> list[Consultation]:
    return [
        one
        for one in bench.state.consultations
        if one.kind is ConsultationKind.THIRD_PARTY and one.opinion is Opinion.REFUSES
    ]


def review_legality(bench: Bench, command: c.ReviewLegality) -> None:
    """Sent back only with a reason."""
    if not command.passed:
        bench.need(command.reason, "reason", "foi.reason.missing")
    bench.in_turn()
    passed = e.LegalityReviewed(on=command.on, by=command.by, passed=command.passed, reason=command.reason.strip())
    bench.happen(passed)


def hear_counsel(bench: Bench, command: c.HearCounsel) -> None:
    """The opinion is kept with the case."""
    bench.need(command.opinion, "opinion", "foi.counsel.empty")
    bench.in_turn()
    bench.happen(e.CounselHeard(on=command.on, by=command.by, opinion=command.opinion.strip()))


def sign(bench: Bench, command: c.Sign) -> None:
    """After the legality review where the office wants one; every request to a division is answered."""
    answer = bench.state.answer
    assert answer is not None
    bench.need(command.signed_by, "signed_by", "foi.sign.who")
    if answer.disposition in bench.law.legality_for and not answer.legality_passed:
        bench.refuse("foi.sign.legality_first")
    for one in bench.state.assignments:
        if one.returned_on is None:
            bench.warn("foi.sign.assignment_open", ref=one.ref)
    bench.in_turn()
    bench.happen(e.Signed(on=command.on, by=command.by, signed_by=command.signed_by.strip()))


def send(bench: Bench, command: c.Send) -> None:
    """By post or online the reply counts as made this day, otherwise when it is signed for."""
    answer = bench.state.answer
    assert answer is not None
    bench.in_turn()
    known = bench.law.dispositions.dispositions.get(answer.disposition)
    if known is not None and known.category is Category.GRANTED:
        for one in _refusals(bench):
            if one.told_on is None:
                bench.refuse("foi.third_party.not_told", name=one.name)
    bench.happen(e.Sent(on=command.on, by=command.by, delivery=command.delivery))
    if not bench.state.ended and command.delivery not in SIGNED_FOR and answer.replied_on is None:
        bench.happen(e.Replied(on=command.on, by=command.by))


def serve(bench: Bench, command: c.Serve) -> None:
    """The day the applicant has it; signed for directly it is the day of reply."""
    answer = bench.state.answer
    assert answer is not None
    if answer.sent_on is None:
        bench.refuse("foi.serve.not_sent")
    if answer.served_on is not None:
        bench.refuse("foi.delivery.repeated", on=answer.served_on)
    bench.not_before(e.Sent.label, answer.sent_on)
    if not bench.state.ended and answer.replied_on is None:
        bench.happen(e.Replied(on=command.on, by=command.by))
    bench.happen(e.Served(on=command.on, by=command.by, proof=command.proof.strip()))


def withdraw(bench: Bench, command: c.Withdraw) -> None:
    """With the applicant's statement, before the reply is out."""
    bench.need(command.statement, "statement", "foi.withdraw.statement")
    bench.in_turn()
    bench.happen(e.Withdrawn(on=command.on, by=command.by, statement=command.statement.strip()))


def close(bench: Bench, command: c.Close) -> None:
    """The reply is made, and every piece of evidence that its result asks for is kept."""
    answer = bench.state.answer
    assert answer is not None
    if answer.replied_on is None:
        bench.refuse("foi.close.not_replied")
    rules = bench.law.dispositions
    found = check_decision(rules, disposition=answer.disposition, grounds=answer.grounds, evidence=command.evidence)
    bench.issues.extend(found)
    bench.in_turn()
    closed = e.Closed(on=command.on, by=command.by, disposition=answer.disposition, evidence=command.evidence)
    bench.happen(closed)


def archive(bench: Bench, command: c.Archive) -> None:
    """After everything else."""
    bench.in_turn()
    bench.happen(e.Archived(on=command.on, by=command.by))


def file_remedy(bench: Bench, command: c.FileRemedy) -> None:
    """Reconsideration or suit; a suit after reconsideration needs one that was decided."""
    state, ref = bench.state, command.ref.strip()
    if any((one.kind, one.ref) == (command.kind, ref) and one.decided_on is None for one in state.remedies):
        bench.refuse("foi.remedy.repeated", "ref", kind=REMEDY_NAMES[command.kind])
    reviews = [one for one in state.remedies if one.kind is RemedyKind.RECONSIDERATION]
    if command.kind is RemedyKind.LAWSUIT_AFTER:
        decided = [one.decided_on for one in reviews if one.decided_on is not None]
        if not decided:
            bench.refuse("foi.remedy.no_review", "kind")
        else:
            bench.not_before("复议决定", min(decided))
    bench.not_before(e.Received.label, state.received_on)
    bench.happen(e.RemedyFiled(on=command.on, by=command.by, kind=command.kind, ref=ref))


def decide_remedy(bench: Bench, command: c.DecideRemedy) -> None:
    """The result of one that is pending."""
    ref = command.ref.strip()
    pending = [one for one in bench.state.remedies if one.outcome is RemedyOutcome.PENDING]
    found = next((one for one in pending if (one.kind, one.ref) == (command.kind, ref)), None)
    if found is None:
        known = "、".join(REMEDY_NAMES[one.kind] + (f"（{one.ref}）" if one.ref else "") for one in pending)
        bench.refuse("foi.remedy.none", "ref", kind=REMEDY_NAMES[command.kind], known=known or "没有")
    else:
        bench.not_before(REMEDY_NAMES[found.kind], found.filed_on)
    if command.outcome is RemedyOutcome.PENDING:
        bench.refuse("foi.remedy.outcome", "outcome")
    bench.happen(e.RemedyDecided(on=command.on, by=command.by, kind=command.kind, outcome=command.outcome, ref=ref))


def reopen(bench: Bench, command: c.Reopen) -> None:
    """Because a decision on review, a judgment or the organ's own correction in their course says so."""
    state = bench.state
    answered = state.disposition or (state.answer is not None and state.answer.replied_on is not None)
    if (
        state.received_on is None
        or not answered
        or state.split_into
        or state.moved_to
        or state.merged_into
        or state.stage in ELSEWHERE
    ):
        bench.refuse("foi.reopen.nothing")
    bench.need(command.reason, "reason", "foi.reason.missing")
    overturned = [one for one in state.remedies if one.outcome in (RemedyOutcome.CORRECTED, RemedyOutcome.OTHER)]
    if not overturned:
        bench.refuse("foi.reopen.no_decision")
    if command.days is not None and not 0 < command.days <= 366:
        bench.refuse("foi.days.wrong", "days", days=command.days, most=366)
    for one in overturned[-1:]:
        bench.not_before(f"{REMEDY_NAMES[one.kind]}结果", one.decided_on)
    bench.in_turn()
    bench.happen(
        e.Reopened(
            on=command.on,
            by=command.by,
            reason=command.reason.strip(),
            days=command.days,
            working_days=command.working_days,
        )
    )


def carry_over(bench: Bench, command: c.CarryOver) -> None:
    """At the end of a year in which the case was received or carried into, and not answered by then; noted late as well."""
    state = bench.state
    end = date(command.year, 12, 31)
    assert state.received_on is not None
    replied_on = state.answer.replied_on if state.answer is not None else None
    if replied_on is not None and replied_on <= end:
        bench.refuse("foi.carry.answered", "year", on=replied_on)
    if state.rounds:
        bench.refuse("foi.carry.reopened", "year")
    if command.year in state.carried_over:
        bench.refuse("foi.carry.repeated", "year", year=command.year)
    if state.received_on > end:
        bench.refuse("foi.carry.not_received", "year", year=command.year, on=state.received_on)
    bench.not_before(f"{command.year}年年末", end)
    bench.happen(e.CarriedOver(on=command.on, by=command.by, year=command.year))
