"""The form of each step of a case, made from the fields of its command; what a field is called and offered stands here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, fields, replace
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi import commands as c
from gongkai.domain.foi.model import (
    CONSULTATION_NAMES,
    DELIVERY_NAMES,
    OUTCOME_NAMES,
    REMEDY_NAMES,
    ConsultationKind,
    Delivery,
    Opinion,
    RemedyKind,
    RemedyOutcome,
)
from gongkai.domain.foi.receipt import FACT_NAMES, Channel, ReceiptFact, missing_facts
from gongkai.domain.foi.verbs import Verb
from gongkai.features.foi.staff.step_aids import (
    ONE_OF_ASKED,
    PAPERS,
    asked_field,
    asked_value,
    first_values,
    refused_field,
)
from gongkai.features.foi.staff.step_subject import StepSubject

COMMANDS: Mapping[Verb, type[c.Command]] = {one.verb: one for one in c.Command.__subclasses__()}
_OPINIONS = [(Opinion.CONSENTS.value, "同意公开"), (Opinion.REFUSES.value, "不同意公开")]
_YES_NO = [("", "未注明"), ("yes", "是"), ("no", "否")]
_PASSED = [("yes", "通过"), ("no", "不通过，退回修改")]
SHORT, LONG = 200, 2000

Maker = Callable[[StepSubject], forms.Field]


def _line(label: str, hint: str = "", *, needed: bool = True, most: int = SHORT) -> Maker:
    return lambda subject: forms.CharField(label=label, help_text=hint, required=needed, max_length=most)


def _text(label: str, hint: str = "", *, needed: bool = True) -> Maker:
    area = forms.Textarea(attrs={"rows": 3})
    return lambda subject: forms.CharField(label=label, help_text=hint, required=needed, max_length=LONG, widget=area)


def _day(label: str, hint: str = "", *, needed: bool = True) -> Maker:
    return lambda subject: forms.DateField(
        label=label, help_text=hint, required=needed, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


def _number(label: str, hint: str = "", *, needed: bool = False, least: int = 1, most: int = 999) -> Maker:
    return lambda subject: forms.IntegerField(
        label=label, help_text=hint, required=needed, min_value=least, max_value=most
    )


def _choice(label: str, choices: Any, hint: str = "", *, needed: bool = True) -> Maker:
    return lambda subject: forms.ChoiceField(label=label, help_text=hint, required=needed, choices=choices)


def _facts(subject: StepSubject) -> forms.Field:
    return facts_field(missing_facts(subject.state.channel or Channel.ONLINE, subject.state.receipt))


def facts_field(facts: Iterable[ReceiptFact]) -> forms.Field:
    """Return the choice of facts of receipt."""
    return forms.MultipleChoiceField(
        label="发生了什么",
        choices=[(fact.value, FACT_NAMES[fact]) for fact in facts],
        widget=forms.CheckboxSelectMultiple,
        help_text="双方都确认后，确认之日就是收到申请之日。",
    )


def _disposition(subject: StepSubject) -> forms.Field:
    known = subject.law.dispositions.dispositions.values()
    return forms.ChoiceField(label="处理决定", choices=[(one.code, one.title) for one in known])


def _grounds(subject: StepSubject) -> forms.Field:
    known = subject.law.dispositions.grounds.values()
    return forms.MultipleChoiceField(
        label="依据",
        choices=[(one.code, one.label) for one in known],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="必须引用的条款由系统加上；不予公开、部分公开须勾选所依据的条款。",
    )


def _evidence(subject: StepSubject) -> forms.Field:
    return forms.MultipleChoiceField(
        label="依据材料齐备情况",
        choices=[(line.item.code, line.item.words) for line in subject.evidence],
        initial=[line.item.code for line in subject.evidence if line.settled],
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="已添加材料的各项已勾选；只有随卷保存的才勾选。",
    )


def _open_refs(subject: StepSubject) -> forms.Field:
    asked = [(one.ref, one.name) for one in subject.state.consultations]
    return forms.ChoiceField(label="征求对象", choices=asked or [("", "没有征求过意见")], required=False)


def _divisions(subject: StepSubject) -> forms.Field:
    asked = [(one.ref, one.ref) for one in subject.state.assignments if one.returned_on is None]
    return forms.ChoiceField(label="内设机构", choices=asked or [("", "没有交办过")], required=False)


def _received_on(subject: StepSubject) -> forms.Field:
    return _day("更正后的收到申请之日")(subject)


# By (verb, field) where a name means different things, else by field.
MAKERS: Mapping[tuple[Verb | None, str], Maker] = {
    (None, "facts"): _facts,
    (None, "attempts"): _text("怎样联系的", "写明时间、方式和结果。"),
    (None, "received_on"): _received_on,
    (None, "reason"): _text("理由"),
    (None, "register_no"): _line("登记编号"),
    (None, "into"): _line("编号", "拆分时用顿号分开，至少两个；并案时写并入的登记编号。"),
    (None, "to"): _line("移送给哪个机关"),
    (None, "items"): _text("需要补正的内容", "每行一项，一次性告知。"),
    (None, "days"): _number("期限（工作日）", "留空则用设定的天数。"),
    (Verb.EXTEND, "days"): _number("延长的工作日数", "留空则用法定的最长天数。"),
    (Verb.DELAY, "days"): _number("延迟的工作日数", "逐案确定合理的天数。", needed=True),
    (Verb.REOPEN, "days"): _number("重新答复的期限", "留空则用法定的答复期限。"),
    (Verb.REOPEN, "working_days"): lambda subject: forms.BooleanField(
        label="按工作日计算", required=False, initial=True
    ),
    (None, "excuse"): _text("逾期补正的正当理由", "在期限内补正的留空。", needed=False),
    (None, "kind"): _choice("征求谁的意见", [(one.value, name) for one, name in CONSULTATION_NAMES.items()]),
    (Verb.FILE_REMEDY, "kind"): _choice("类别", [(one.value, name) for one, name in REMEDY_NAMES.items()]),
    (Verb.DECIDE_REMEDY, "kind"): _choice("类别", [(one.value, name) for one, name in REMEDY_NAMES.items()]),
    (None, "ref"): _open_refs,
    (Verb.CONSULT, "ref"): _text(
        "征求对象", "第三方或者机关的名称；同时征求几家的，每行一个，分别计时。", needed=False
    ),
    (Verb.TELL_THIRD_PARTY, "ref"): refused_field,
    (Verb.ASSIGN, "ref"): _line("内设机构"),
    (Verb.RETURN_ASSIGNMENT, "ref"): _divisions,
    (Verb.FILE_REMEDY, "ref"): _line("案号", needed=False),
    (Verb.DECIDE_REMEDY, "ref"): _line("案号", needed=False),
    (None, "opinion"): _choice("意见", _OPINIONS),
    (Verb.HEAR_COUNSEL, "opinion"): _text("法律顾问的意见"),
    (None, "reasonable"): _choice("理由是否合理", _YES_NO, needed=False),
    (None, "assessment"): _text("评估意见", needed=False),
    (None, "amount"): _number("金额（元）", least=0, most=1_000_000),
    (None, "approved_by"): _line("同意人", "政府信息公开工作机构负责人。"),
    (None, "approved_on"): _day("同意日期", "留空则与告知申请人同一天。", needed=False),
    (None, "due_on"): _day("反馈期限"),
    (None, "found"): _choice("是否查到", _YES_NO, needed=False),
    (None, "disposition"): _disposition,
    (None, "grounds"): _grounds,
    (None, "public_interest"): _text(
        "公共利益理由", "第三方不同意而决定公开时，写明不公开会对公共利益造成什么重大影响。", needed=False
    ),
    (None, "passed"): _choice("审查结论", _PASSED),
    (None, "signed_by"): _line("签发人"),
    (None, "delivery"): _choice("送达方式", [(one.value, name) for one, name in DELIVERY_NAMES.items()]),
    (None, "served_on"): _day("更正后的送达日期"),
    (None, "proof"): _line("送达凭证", "如邮件号、送达回证编号。", needed=False),
    (None, "statement"): _text("申请人的撤回陈述"),
    (None, "evidence"): _evidence,
    (None, "outcome"): _choice(
        "结果", [(one.value, name) for one, name in OUTCOME_NAMES.items() if one.value != "pending"]
    ),
    (None, "year"): _number("年度", needed=True, least=2008, most=2100),
}
_TYPED: Mapping[tuple[Verb | None, str], Callable[[Any], Any]] = {
    (None, "facts"): ReceiptFact,
    (None, "kind"): ConsultationKind,
    (Verb.FILE_REMEDY, "kind"): RemedyKind,
    (Verb.DECIDE_REMEDY, "kind"): RemedyKind,
    (None, "opinion"): Opinion,
    (Verb.HEAR_COUNSEL, "opinion"): str,
    (None, "delivery"): Delivery,
    (None, "outcome"): RemedyOutcome,
    (None, "grounds"): str,
    (None, "evidence"): str,
}
OPTIONAL_REASONS = frozenset({Verb.ANSWER_CONSULTATION, Verb.DELAY, Verb.REVIEW_LEGALITY})


def maker_of(verb: Verb, name: str) -> Maker:
    """Return how the field of a command is asked for; raises KeyError for one that nobody has described."""
    return MAKERS.get((verb, name)) or MAKERS[(None, name)]


class CommandForm(forms.Form):
    """The values of one command; ``on`` is the day it happened, ``seen`` the last event the clerk had before the eyes."""

    on = forms.DateField(
        label="发生日期",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="这件事实际发生的日期，不能晚于今天。",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, verb: Verb, subject: StepSubject, today: date, by: str, *args: Any, **kwargs: Any) -> None:
        # One page carries the forms of many steps: their fields need names of their own.
        super().__init__(*args, auto_id=f"{verb.value}-%s", **kwargs)
        self.verb, self.subject, self.by = verb, subject, by
        self.fields["on"].initial = today
        self.fields["seen"].initial = subject.seen
        for name, maker in asked_fields(verb):
            self.fields[name] = maker(subject)
            if name == "reason" and verb in OPTIONAL_REASONS:
                self.fields[name].required = False
            if name in ("approved_by", "signed_by"):
                self.fields[name].initial = by
        if verb in ONE_OF_ASKED:  # one choice for what the command tells apart by kind and name
            del self.fields["kind"], self.fields["ref"]
            others = {name: self.fields.pop(name) for name in list(self.fields) if name not in ("on", "seen")}
            self.fields |= {"asked": asked_field(verb, subject), **others}
        for name, value in first_values(verb, subject, today).items():
            if value not in (None, ""):
                self.fields[name].initial = value
        if verb in PAPERS and subject.takes_papers:
            label = PAPERS[verb][1]
            self.fields["upload"] = forms.FileField(label=label, required=False, help_text="存入案卷，可以以后再添加。")

    def command(self) -> c.Command:
        """Return the command that the form asks for; call it on a valid form."""
        kind = COMMANDS[self.verb]
        data = dict(self.cleaned_data)
        if "asked" in self.fields:
            data["kind"], data["ref"] = asked_value(data["asked"])
        given = {name: self._value(name, data[name]) for name, _ in asked_fields(self.verb)}
        needed = {field.name for field in fields(kind) if field.default is MISSING}
        kept = {name: value for name, value in given.items() if value is not None or name in needed}
        return kind(on=self.cleaned_data["on"], by=self.by, **kept)

    def commands(self) -> list[c.Command]:
        """Return the commands that the form asks for: one, or one for each side that is asked for its opinion."""
        command = self.command()
        if not isinstance(command, c.Consult):
            return [command]
        sides = [line.strip() for line in command.ref.splitlines() if line.strip()] or [""]
        return [replace(command, ref=ref[:SHORT]) for ref in dict.fromkeys(sides)]

    def paper(self) -> dict[str, Any]:
        """Return the paper that came with the step, as the service takes it."""
        upload = self.cleaned_data.get("upload")
        return {"upload": upload, "paper_kind": PAPERS[self.verb][0]} if upload else {}

    def _value(self, name: str, value: Any) -> Any:
        """Turn what a form gives into what the command takes."""
        if name in ("reasonable", "found"):
            return {"yes": True, "no": False}.get(value)
        if name == "passed":
            return value == "yes"
        if name == "items":
            return tuple(line.strip() for line in value.splitlines() if line.strip())
        if name == "into" and self.verb is Verb.SPLIT:
            return tuple(one.strip() for one in value.replace("，", "、").replace(",", "、").split("、") if one.strip())
        kinds = _TYPED.get((self.verb, name)) or _TYPED.get((None, name))
        if kinds is None or value in (None, ""):
            return value
        return tuple(kinds(one) for one in value) if isinstance(value, list) else kinds(value)


def asked_fields(verb: Verb) -> list[tuple[str, Maker]]:
    """Return the fields of a command that a form asks for, in the order of the command."""
    own = [field.name for field in fields(COMMANDS[verb]) if field.name not in ("on", "by", "channel", "split_from")]
    return [(name, maker_of(verb, name)) for name in own]
