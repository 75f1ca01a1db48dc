"""Short ways to tell the story of a case in a test: commands on days, from nothing to any stage."""

from __future__ import annotations

from datetime import date, timedelta

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.events import Event
from gongkai.domain.foi.evolving import evolve
from gongkai.domain.foi.machine import decide
from gongkai.domain.foi.model import (
    CaseState,
    ConsultationKind,
    Delivery,
    Law,
    Opinion,
    RemedyKind,
    RemedyOutcome,
    Stage,
)
from gongkai.domain.foi.receipt import Channel, ReceiptFact
from gongkai.rulebook.foi_law import case_law

FIRST = date(2026, 3, 2)  # a Monday
LAST = date(2027, 12, 31)
THIRD, JOINT, ORGAN = ConsultationKind.THIRD_PARTY, ConsultationKind.JOINT_MAKER, ConsultationKind.ORGAN
PASSED = {"granted_provide": ("copy_provided", "form_wanted", "form_used", "handover_proof")}


def law() -> Law:
    """The law of a case of March 2026."""
    return case_law(on=FIRST)


def day(month: int, number: int, year: int = 2026) -> date:
    return date(year, month, number)


def run(*commands: c.Command, state: CaseState | None = None, today: date = LAST) -> CaseState:
    """Decide and apply commands one after another; every one has to be accepted."""
    return told(*commands, state=state, today=today)[0]


def told(*commands: c.Command, state: CaseState | None = None, today: date = LAST) -> tuple[CaseState, list[Event]]:
    """The same, with the events."""
    current, events = state or CaseState(), []
    for command in commands:
        decision = decide(current, command, law=law(), today=today)
        assert decision.allowed, (command, decision.issues)
        for event in decision.events:
            current = evolve(current, event)
            events.append(event)
    return current, events


def refused(state: CaseState, command: c.Command, today: date = LAST) -> list[str]:
    """The codes of the reasons against a command."""
    decision = decide(state, command, law=law(), today=today)
    assert not decision.allowed
    assert decision.events == ()
    return [issue.code for issue in decision.issues]


def submitted(channel: Channel = Channel.ONLINE, on: date = FIRST) -> c.Submit:
    return c.Submit(on=on, channel=channel)


BOTH = (ReceiptFact.CONFIRMED_BY_ORGAN, ReceiptFact.CONFIRMED_BY_APPLICANT)
TO_HANDLING: tuple[c.Command, ...] = (
    c.Submit(on=FIRST, channel=Channel.IN_PERSON),
    c.Register(on=FIRST, register_no="公开〔2026〕1号"),
    c.Accept(on=day(3, 3)),
)
TO_SUPPLEMENT = (*TO_HANDLING, c.NotifySupplement(on=day(3, 5), items=("文件名称",), days=10))
TO_FEE = (*TO_HANDLING, c.NotifyFee(on=day(3, 10), amount=100))
TO_SIGNED = (
    *TO_HANDLING,
    c.Draft(on=day(3, 16), disposition="granted_provide"),
    c.Sign(on=day(3, 17), signed_by="主任"),
)
TO_SENT = (*TO_SIGNED, c.Send(on=day(3, 18), delivery=Delivery.POST))
TO_DELIVERED = (*TO_SENT, c.Serve(on=day(3, 20)))
TO_CLOSED = (*TO_DELIVERED, c.Close(on=day(3, 23), evidence=PASSED["granted_provide"]))
CORRECTED = (
    c.FileRemedy(on=day(5, 6), kind=RemedyKind.RECONSIDERATION, ref="复议1号"),
    c.DecideRemedy(on=day(6, 15), kind=RemedyKind.RECONSIDERATION, ref="复议1号", outcome=RemedyOutcome.CORRECTED),
)
LAPSED_SUPPLEMENT = (
    *TO_SUPPLEMENT,
    c.DeliverSupplementNotice(on=day(3, 5)),
    c.LapseSupplement(on=day(3, 20)),
)

# A story that ends at each stage.
STORIES: dict[Stage, tuple[c.Command, ...]] = {
    Stage.NEW: (),
    Stage.SUBMITTED: (c.Submit(on=FIRST, channel=Channel.ONLINE),),
    Stage.RECEIVED: TO_HANDLING[:1],
    Stage.CHECKING: TO_HANDLING[:2],
    Stage.SUPPLEMENT_WAIT: TO_SUPPLEMENT,
    Stage.HANDLING: TO_HANDLING,
    Stage.THIRD_PARTY_WAIT: (*TO_HANDLING, c.Consult(on=day(3, 6), kind=THIRD, ref="甲公司")),
    Stage.ORGAN_WAIT: (*TO_HANDLING, c.Consult(on=day(3, 6), kind=JOINT, ref="乙局")),
    Stage.REASON_WAIT: (*TO_HANDLING, c.AskReasons(on=day(3, 6), days=5)),
    Stage.FEE_WAIT: TO_FEE,
    Stage.DECIDING: TO_SIGNED[:-1],
    Stage.SIGNED: TO_SIGNED,
    Stage.SENT: TO_SENT,
    Stage.DELIVERED: TO_DELIVERED,
    Stage.CLOSED: TO_CLOSED,
    Stage.CLOSED_NO_SUPPLEMENT: LAPSED_SUPPLEMENT,
    Stage.CLOSED_NO_PAYMENT: (*TO_FEE, c.DeliverFeeNotice(on=day(3, 11)), c.LapseFee(on=day(4, 16))),
    Stage.WITHDRAWN: (*TO_HANDLING, c.Withdraw(on=day(3, 9), statement="撤回声明")),
    Stage.SPLIT: (*TO_HANDLING[:2], c.Split(on=day(3, 3), into=("甲", "乙"))),
    Stage.MOVED: (*TO_HANDLING[:2], c.Move(on=day(3, 3), to="丙局", reason="误投")),
    Stage.MERGED: (*TO_HANDLING[:2], c.Merge(on=day(3, 3), into="公开〔2026〕0号", reason="同一件重复投递")),
    Stage.ARCHIVED: (*TO_CLOSED, c.Archive(on=day(4, 1))),
}


def at(stage: Stage) -> CaseState:
    """A case that has come to a stage."""
    state = run(*STORIES[stage])
    assert state.stage is stage
    return state


def wish(verb_class: type[c.Command], on: date, stage: Stage) -> c.Command:
    """A command of a kind that nothing but the stage can stand against, on a day that suits the story of the stage."""
    extra: dict[type[c.Command], dict[str, object]] = {
        c.Submit: {"channel": Channel.ONLINE},
        c.RecordReceipt: {"facts": BOTH},
        c.NoteUnreachable: {"attempts": "两次致电无人接听"},
        c.CorrectReceipt: {"received_on": date(2026, 3, 3), "reason": "登记有误"},
        c.CorrectService: {"served_on": on - timedelta(days=1), "reason": "登记看错", "proof": "送达回证"},
        c.Register: {"register_no": "公开〔2026〕9号"},
        c.Split: {"into": ("一", "二")},
        c.Move: {"to": "丙局", "reason": "误投"},
        c.Merge: {"into": "公开〔2026〕8号", "reason": "同一件重复投递"},
        c.NotifySupplement: {"items": ("文件名称",)},
        c.Consult: {"kind": ORGAN, "ref": "丁局"},
        c.DeliverConsultation: _asked(stage),
        c.AnswerConsultation: {**_asked(stage), "opinion": Opinion.CONSENTS},
        c.LapseConsultation: _asked(stage),
        c.TellThirdParty: {"ref": "甲公司", "reason": "涉及重大公共利益"},
        c.NotifyFee: {"amount": 100},
        c.Extend: {"approved_by": "负责人", "days": 10},
        c.UndoExtension: {"reason": "误操作"},
        c.Delay: {"days": 10},
        c.Assign: {"ref": "综合科", "due_on": on},
        c.ReturnAssignment: {"ref": "档案科", "found": True},
        c.Draft: {"disposition": "granted_provide", "public_interest": "关系公众健康"},
        c.ReviewLegality: {"passed": True},
        c.HearCounsel: {"opinion": "同意"},
        c.Sign: {"signed_by": "主任"},
        c.Send: {"delivery": Delivery.POST},
        c.Withdraw: {"statement": "撤回声明"},
        c.Close: {"evidence": PASSED["granted_provide"]},
        c.FileRemedy: {"kind": RemedyKind.RECONSIDERATION, "ref": "复议9号"},
        c.DecideRemedy: {"kind": RemedyKind.RECONSIDERATION, "ref": "复议1号", "outcome": RemedyOutcome.UPHELD},
        c.Reopen: {"reason": "复议决定责令重新答复"},
        c.CarryOver: {"year": 2026},
    }
    return verb_class(on=on, **extra.get(verb_class, {}))  # type: ignore[arg-type]


def _asked(stage: Stage) -> dict[str, object]:
    return {"kind": JOINT, "ref": "乙局"} if stage is Stage.ORGAN_WAIT else {"kind": THIRD, "ref": "甲公司"}
