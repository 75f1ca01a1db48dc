"""What helps a clerk with a step of a case: sensible first values, the paper that goes with it, the letter that follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.letters import day_words
from gongkai.domain.foi.model import CONSULTATION_NAMES, Consultation, ConsultationKind, Opinion
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.staff.step_subject import StepSubject

# The paper that usually comes with a step, by its kind; steps of reviewers and signers have none.
PAPERS: Mapping[Verb, tuple[str, str]] = {
    Verb.CORRECT_RECEIPT: ("evidence", "证明收到日期的材料"),
    Verb.NOTE_UNREACHABLE: ("evidence", "联系记录"),
    Verb.SUPPLEMENT: ("supplement", "补正的申请或者材料"),
    Verb.DELIVER_SUPPLEMENT_NOTICE: ("service", "送达凭证"),
    Verb.CONSULT: ("opinion", "征求意见函"),
    Verb.DELIVER_CONSULTATION: ("opinion", "送达凭证"),
    Verb.ANSWER_CONSULTATION: ("opinion", "对方的书面意见"),
    Verb.TELL_THIRD_PARTY: ("opinion", "告知第三方的文书"),
    Verb.DELIVER_REASON_NOTICE: ("service", "送达凭证"),
    Verb.GIVE_REASONS: ("evidence", "申请人的书面说明"),
    Verb.HEAR_COUNSEL: ("evidence", "法律顾问的书面意见"),
    Verb.RETURN_ASSIGNMENT: ("record", "查找到的信息"),
    Verb.WITHDRAW: ("application", "撤回申请书"),
    Verb.SERVE: ("service", "送达回证、邮件回执"),
    Verb.FILE_REMEDY: ("remedy", "复议申请书副本、起诉状副本"),
}
# The letter that a step has to be followed by; RESULT stands for the letter of the result.
RESULT = ""
LETTERS: Mapping[Verb, str] = {
    Verb.REGISTER: "L01_receipt",
    Verb.NOTIFY_SUPPLEMENT: "L02_supplement",
    Verb.ASK_REASONS: "L03_reasons",
    Verb.EXTEND: "L04_extension",
    Verb.DELAY: "L05_delay",
    Verb.TELL_THIRD_PARTY: "L07_tell_third",
    Verb.NOTIFY_FEE: "L09_fee",
    Verb.LAPSE_SUPPLEMENT: RESULT,
    Verb.LAPSE_FEE: RESULT,
    Verb.SIGN: RESULT,
}
CONSULTING = {
    ConsultationKind.THIRD_PARTY: "L06_consult_third",
    ConsultationKind.JOINT_MAKER: "L08_consult_organ",
    ConsultationKind.ORGAN: "L08_consult_organ",
}
_OPEN: Mapping[Verb, Callable[[Consultation], bool]] = {
    Verb.DELIVER_CONSULTATION: lambda one: one.open and one.delivered_on is None,
    Verb.ANSWER_CONSULTATION: lambda one: one.answered_on is None,
    Verb.LAPSE_CONSULTATION: lambda one: one.open,
}
ONE_OF_ASKED = frozenset(_OPEN)
"""Steps about one of the letters that ask for an opinion: it is chosen from a list, not typed again."""


def asked_field(verb: Verb, subject: StepSubject) -> forms.Field:
    """Return the choice of the consultations that a step can be about."""
    known = [one for one in subject.state.consultations if _OPEN[verb](one)]
    choices = [(f"{one.kind.value}|{one.ref}", _asked_words(one)) for one in known]
    return forms.ChoiceField(label="哪一件征求意见", choices=choices or [("", "没有等待中的征求意见")])


def _asked_words(one: Consultation) -> str:
    """Say whom a letter went to, the name first: the list is narrow."""
    words = f"{CONSULTATION_NAMES[one.kind]}，{day_words(one.sent_on)}发出"
    return f"{one.ref}（{words}）" if one.ref else words


def asked_value(written: str) -> tuple[ConsultationKind, str]:
    """Return kind and name of the consultation that was chosen."""
    kind, _, ref = written.partition("|")
    return ConsultationKind(kind), ref


def refused_field(subject: StepSubject) -> forms.Field:
    """Return the choice of third parties that have to be told of disclosure against their will."""
    known = [
        one
        for one in subject.state.consultations
        if one.kind is ConsultationKind.THIRD_PARTY and one.opinion is not Opinion.CONSENTS and one.told_on is None
    ]
    choices = [(one.ref, one.name) for one in known]
    return forms.ChoiceField(label="哪一个第三方", choices=choices or [("", "没有要告知的第三方")], required=False)


def first_values(verb: Verb, subject: StepSubject, today: date) -> dict[str, Any]:
    """Return what a form begins with, where the case knows better than an empty field."""
    if verb is Verb.SEND:
        return {"delivery": subject.wanted_delivery}
    if verb is Verb.CORRECT_RECEIPT:
        return {"received_on": subject.state.received_on}
    if verb is Verb.CARRY_OVER:
        return {"year": today.year if today.month == 12 and today.day == 31 else today.year - 1}
    if verb is Verb.ASSIGN:
        return {"due_on": subject.due_on}
    if verb is Verb.REOPEN and subject.ordered is not None:
        ordered = subject.ordered
        return {"reason": ordered.order, "days": ordered.days, "working_days": ordered.working_days}
    return {}


def letter_after(verb: Verb, cleaned: Mapping[str, Any]) -> str | None:
    """Return the letter that follows a step: its code, RESULT for the letter of the result, None where there is none."""
    if verb is Verb.CONSULT:
        return CONSULTING[ConsultationKind(cleaned["kind"])]
    return LETTERS.get(verb)
