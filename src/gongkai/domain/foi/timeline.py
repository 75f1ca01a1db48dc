"""The course of a case as a sheet that can be printed: for staff, for the applicant, and for a review body.

All three tell the same days, one by one. Staff see everything with the local target. The applicant sees what was done towards
them, no names of others and no inner steps. A review body or court sees every step with its provision, and no local target,
which binds nobody outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from gongkai.domain.deadlines import ClockDay, Reading, Step, read_clock
from gongkai.domain.foi import events as e
from gongkai.domain.foi.clocks import Wait, read_case, read_reply, reply_rule
from gongkai.domain.foi.evolving import PREFIXES, evolve
from gongkai.domain.foi.model import (
    CONSULTATION_NAMES,
    DELIVERY_NAMES,
    OUTCOME_NAMES,
    REMEDY_NAMES,
    STAGE_NAMES,
    CaseState,
    ConsultationKind,
    Law,
    Opinion,
)
from gongkai.domain.foi.receipt import CHANNEL_NAMES, FACT_NAMES


class Audience(StrEnum):
    """For whom the sheet is."""

    STAFF = "staff"
    APPLICANT = "applicant"
    REVIEW_BODY = "review_body"


AUDIENCE_NAMES = {Audience.STAFF: "办理人员", Audience.APPLICANT: "申请人", Audience.REVIEW_BODY: "复议机关、法院"}
# Steps that are taken inside the organ; the applicant's sheet leaves them out.
INNER = (
    e.Registered,
    e.Accepted,
    e.Assigned,
    e.AssignmentReturned,
    e.Drafted,
    e.LegalityReviewed,
    e.CounselHeard,
    e.Signed,
    e.Closed,
    e.Archived,
    e.CarriedOver,
)
_OPINIONS = {
    Opinion.CONSENTS: "同意公开",
    Opinion.REFUSES: "不同意公开",
    Opinion.SILENT: "未提出意见",
    Opinion.NONE: "",
}


@dataclass(frozen=True, slots=True)
class TimelineLine:
    """One event: its day, its words, who entered it (staff only), where the case then stood, the due day as it then was."""

    on: date
    words: str
    by: str
    stage: str
    due_on: date | None
    citations: tuple[str, ...]


@dataclass(frozen=True)
class Timeline:
    """The sheet: the events in the order they were entered, the computation step by step, and every day of the period."""

    audience: Audience
    seen_from: date
    received_on: date | None
    due_on: date | None
    target_on: date | None
    overdue_days: int
    provisional: str
    lines: tuple[TimelineLine, ...]
    steps: tuple[Step, ...]
    days: tuple[ClockDay, ...]
    waits: tuple[Wait, ...]


def timeline(events: Iterable[e.Event], law: Law, *, today: date, audience: Audience) -> Timeline:
    """Tell the events of one case to an audience, as seen from a day."""
    state, lines = CaseState(), []
    told = list(events)
    names = _names(told, audience)
    for event in told:
        state = evolve(state, event)
        if audience is Audience.APPLICANT and isinstance(event, INNER):
            continue
        reading = read_reply(state, law, today=event.on)
        citations = () if audience is Audience.APPLICANT else _citations(event, law)
        lines.append(
            TimelineLine(
                on=event.on,
                words=say(event, names, law, inner=audience is not Audience.APPLICANT),
                by=event.by if audience is Audience.STAFF else "",
                stage=STAGE_NAMES[state.stage],
                due_on=reading.due_on if reading is not None else None,
                citations=citations,
            )
        )
    reading = _reading(state, law, today, audience, names)
    clock = read_case(state, law, today=today)
    return Timeline(
        audience=audience,
        seen_from=today,
        received_on=state.received_on,
        due_on=reading.due_on if reading is not None else None,
        target_on=reading.target_on if reading is not None else None,
        overdue_days=reading.overdue_days if reading is not None else 0,
        provisional=reading.reason if reading is not None and reading.provisional else "",
        lines=tuple(lines),
        steps=reading.trace if reading is not None else (),
        days=reading.days if reading is not None else (),
        waits=clock.waits if audience is Audience.STAFF else (),
    )


def _names(events: list[e.Event], audience: Audience) -> dict[tuple[ConsultationKind, str], str]:
    """How the asked sides are called: by their name, or by number where the applicant reads."""
    asked = dict.fromkeys((event.kind, event.ref) for event in events if isinstance(event, e.Consulted))
    if audience is not Audience.APPLICANT:
        return {(kind, ref): ref for kind, ref in asked}
    numbers: dict[ConsultationKind, int] = {}
    names = {}
    for kind, ref in asked:
        numbers[kind] = numbers.get(kind, 0) + 1
        names[kind, ref] = str(numbers[kind])
    only = {kind for kind, count in numbers.items() if count == 1}
    return {(kind, ref): "" if kind in only else name for (kind, ref), name in names.items()}


def _reading(
    state: CaseState, law: Law, today: date, audience: Audience, names: dict[tuple[ConsultationKind, str], str]
) -> Reading | None:
    """The reply period as this audience reads it: without the local target outside, without names for the applicant."""
    if audience is Audience.STAFF or read_reply(state, law) is None:
        return read_reply(state, law, today=today)
    rule = replace(reply_rule(state, law), target=None)
    by_prefix = {prefix: kind for kind, prefix in PREFIXES.items()}
    facts = []
    for fact in state.facts:
        kind = by_prefix.get(fact.kind.rpartition("_")[0])
        if fact.kind in rule.facts:
            facts.append(fact if kind is None else replace(fact, ref=names.get((kind, fact.ref), fact.ref)))
    return read_clock(rule, facts, law.calendar, today=today)


def _citations(event: e.Event, law: Law) -> tuple[str, ...]:
    """The provisions behind what an event does to the reply period."""
    kinds: dict[type[e.Event], str] = {
        e.Received: "received",
        e.SupplementNotified: "supplement_notice",
        e.Supplemented: "supplemented",
        e.FeeNotified: "fee_notice",
        e.FeePaid: "fee_paid",
        e.Extended: "extended",
        e.Delayed: "delayed",
    }
    rule = law.rules["foi.reply"]
    if isinstance(event, e.Received):
        return tuple(basis.citation for basis in rule.basis)
    kind = kinds.get(type(event), "")
    if isinstance(event, (e.Consulted, e.ConsultationDelivered, e.ConsultationAnswered, e.ConsultationLapsed)):
        kind = f"{PREFIXES[event.kind]}_sent"
    fact = rule.facts.get(kind)
    if fact is None:
        return ()
    limits = fact.pause_limit.basis if fact.pause_limit is not None else ()
    return tuple(dict.fromkeys(basis.citation for basis in (*fact.basis, *limits)))


def say(event: e.Event, names: dict[tuple[ConsultationKind, str], str], law: Law, *, inner: bool) -> str:
    """Return an event in words; with ``inner`` what only the organ and its reviewers may read."""
    match event:
        case e.Submitted():
            return f"申请人提交申请（{CHANNEL_NAMES[event.channel]}）"
        case e.ReceiptRecorded():
            return "、".join(FACT_NAMES[fact] for fact in event.facts)
        case e.Received():
            return "收到申请，期限自次日起算"
        case e.ReceiptCorrected():
            return f"收到申请之日由{event.before}更正为{event.after}" + (f"：{event.reason}" if inner else "")
        case e.ServiceCorrected():
            moved = event.replied_after is not None
            replied = f"，答复日期由{event.replied_before}改为{event.replied_after}" if moved else ""
            why = f"：{event.reason}（凭证：{event.proof}）" if inner else ""
            return f"答复送达之日由{event.before}更正为{event.after}{replied}{why}"
        case e.Registered():
            return f"登记（{event.register_no}）"
        case e.SupplementNotified():
            asked = f"，补正期限{event.days}个工作日" if event.days is not None else ""
            return f"告知补正{asked}"
        case e.Consulted() | e.ConsultationDelivered() | e.ConsultationAnswered() | e.ConsultationLapsed():
            return _say_consultation(event, names.get((event.kind, event.ref), ""), inner=inner)
        case e.FeeNotified():
            return "发出收费通知" + (f"（{event.amount}元）" if event.amount is not None else "")
        case e.Extended():
            return f"延长答复期限{event.days}个工作日" + (
                f"（{event.approved_by}{event.approved_on}同意）{_why(event.reason)}" if inner else ""
            )
        case e.Delayed():
            return f"决定延迟答复{event.days}个工作日"
        case e.Sent():
            return f"发出答复（{DELIVERY_NAMES[event.delivery]}）"
        case e.Drafted():
            result = law.dispositions.dispositions.get(event.disposition)
            return f"拟定答复：{result.title if result is not None else event.disposition}"
        case e.LegalityReviewed():
            return "合法性审查通过" if event.passed else f"合法性审查退回：{event.reason}"
        case e.RemedyFiled():
            return f"提起{REMEDY_NAMES[event.kind]}"
        case e.RemedyDecided():
            return f"{REMEDY_NAMES[event.kind]}：{OUTCOME_NAMES[event.outcome]}"
        case e.Reopened():
            unit = "个工作日" if event.working_days else "日"
            return "重新办理" + (f"，期限{event.days}{unit}" if event.days is not None else "")
        case e.CarriedOver():
            return f"{event.year}年度末未办结，结转下年度"
    return event.label


def _why(reason: str) -> str:
    return f"：{reason}" if reason else ""


def _say_consultation(
    event: e.Consulted | e.ConsultationDelivered | e.ConsultationAnswered | e.ConsultationLapsed,
    name: str,
    *,
    inner: bool,
) -> str:
    asked = CONSULTATION_NAMES[event.kind] + (f"（{name}）" if name else "")
    match event:
        case e.Consulted():
            return asked
        case e.ConsultationDelivered():
            return f"{asked}的信函送达"
        case e.ConsultationLapsed():
            meaning = "，视为同意公开" if event.opinion is Opinion.CONSENTS else "，由行政机关决定"
            return f"{asked}的期限届满，对方没有提出意见{meaning}"
    return f"{asked}收到答复" + (f"：{_OPINIONS[event.opinion]}" if inner else "")
