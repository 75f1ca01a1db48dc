"""Forms of the steps in a reconsideration or suit; each asks what its step needs, with the paper that proves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.defense import (
    MOST_DAYS,
    PROCEDURE_NAMES,
    DefenseCommand,
    DefenseVerb,
    Procedure,
)
from gongkai.domain.foi.model import OUTCOME_NAMES, RemedyOutcome
from gongkai.features.foi.selectors.remedies import RemedyDetail

SHORT, LONG = 120, 2000
_DAY = {"type": "date"}


def _day(label: str, hint: str = "", *, needed: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, help_text=hint, required=needed, widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d")
    )


def _days(label: str, hint: str) -> forms.IntegerField:
    return forms.IntegerField(label=label, help_text=hint, required=False, min_value=1, max_value=MOST_DAYS)


def _text(label: str, hint: str = "", *, needed: bool = True) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=hint, required=needed, max_length=LONG, widget=forms.Textarea(attrs={"rows": 3})
    )


class DefenseForm(forms.Form):
    """What every step has: its day, and the number of steps the clerk had before the eyes."""

    verb: DefenseVerb
    on = _day("日期")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, detail: RemedyDetail, today: date, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{self.verb.value}-%s", **kwargs)
        self.detail = detail
        self.fields["on"].initial = today
        self.fields["seen"].initial = detail.course.row.step_count
        self.fields["upload"] = forms.FileField(
            label="附件", required=False, help_text="扫描件或者电子版，存入案卷“复议诉讼材料”。"
        )

    def command(self, by: str) -> DefenseCommand:
        """Return the step that was filled in; call it on a valid form."""
        data = self.cleaned_data
        given: dict[str, Any] = {}
        for name in ("organ", "place", "text"):
            if data.get(name):
                given[name] = data[name].strip()
        for name in ("days", "hearing_on"):
            if data.get(name):
                given[name] = data[name]
        if data.get("procedure"):
            given["procedure"] = Procedure(data["procedure"])
        if data.get("papers"):
            given["papers"] = tuple(int(one) for one in data["papers"])
        if "redo" in data:
            given |= {"redo": data["redo"] == "yes", "working_days": data.get("unit") != "calendar"}
        return DefenseCommand(verb=self.verb, on=data["on"], by=by, **given)

    def more(self) -> dict[str, Any]:
        """Return what goes to the service beside the step."""
        data = self.cleaned_data
        outcome = data.get("outcome")
        return {
            "upload": data.get("upload"),
            "seen": data.get("seen"),
            "outcome": RemedyOutcome(outcome) if outcome else None,
            "decided_on": data.get("decided_on"),
        }


class NotifyForm(DefenseForm):
    """The copy came in: from the next day the period for the answer runs."""

    verb = DefenseVerb.NOTIFY
    field_order = ("on", "organ", "procedure", "days")
    organ = forms.CharField(label="复议机关或者人民法院", max_length=SHORT)
    procedure = forms.ChoiceField(
        label="审理程序", choices=[(one.value, name) for one, name in PROCEDURE_NAMES.items()]
    )
    days = _days("法院确定的举证天数", "只有诉讼简易程序由法院确定的才填写，其他按法定期限。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "收到副本的日期"
        if self.detail.state.reviewed:
            del self.fields["days"]


class ChangeForm(DefenseForm):
    """From the summary procedure to the ordinary one, or back."""

    verb = DefenseVerb.CHANGE_PROCEDURE
    procedure = forms.ChoiceField(label="改为", choices=[(one.value, name) for one, name in PROCEDURE_NAMES.items()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "收到通知的日期"
        now = self.detail.state.procedure
        self.fields["procedure"].initial = next(one.value for one in Procedure if one is not now)


class AnswerForm(DefenseForm):
    """The answer goes out with the papers that were ticked; they make the list of evidence."""

    verb = DefenseVerb.ANSWER
    field_order = ("on", "papers", "text")
    papers = forms.MultipleChoiceField(
        label="随答复提交的材料",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的材料组成证据目录，可以打印。加密保存的身份证明不列在这里。",
    )
    text = _text("说明", "如答复书的文号、寄送方式。", needed=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "提交的日期"
        self.fields["upload"].label = "答复书（答辩状）"
        papers = [paper for paper in self.detail.papers if not paper.sealed]
        self.fields["papers"].choices = [(paper.pk, f"{paper.title}（{paper.get_kind_display()}）") for paper in papers]
        self.fields["papers"].initial = [paper.pk for paper in papers if paper.kind != "remedy"]


class HearingForm(DefenseForm):
    """A day to appear."""

    verb = DefenseVerb.SET_HEARING
    field_order = ("on", "hearing_on", "place")
    hearing_on = _day("听证、开庭的日期")
    place = forms.CharField(label="时间和地点", required=False, max_length=SHORT)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "收到通知的日期"


class DecisionForm(DefenseForm):
    """The decision came in: how it ended, and what it orders."""

    verb = DefenseVerb.RECEIVE_DECISION
    field_order = ("on", "decided_on", "outcome", "redo", "text", "days", "unit")
    decided_on = _day("决定书、判决书的日期", "留空则与收到同一天。", needed=False)
    outcome = forms.ChoiceField(
        label="结果",
        choices=[(one.value, name) for one, name in OUTCOME_NAMES.items() if one is not RemedyOutcome.PENDING],
    )
    redo = forms.ChoiceField(label="是否要求本机关做什么", choices=[("no", "没有"), ("yes", "有，如重新答复、公开")])
    text = _text("要求的内容", "要求做什么的，照决定书、判决书主文写。", needed=False)
    days = _days("限期", "没有写明期限的留空，系统按参照的天数提醒。")
    unit = forms.ChoiceField(label="限期按", choices=[("working", "工作日"), ("calendar", "自然日")])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "收到的日期"
        if self.detail.course.row.outcome != RemedyOutcome.PENDING.value:
            del self.fields["outcome"], self.fields["decided_on"]


class RedoForm(DefenseForm):
    """What was ordered is done; a new reply of the reopened case counts by itself."""

    verb = DefenseVerb.REDO
    text = _text("怎样履行的", "写明文号、日期。重新答复的不用在这里登记，案件重新答复后自动算履行。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["on"].label = "履行的日期"


DEFENSE_FORMS: Mapping[DefenseVerb, type[DefenseForm]] = {
    one.verb: one for one in (NotifyForm, ChangeForm, AnswerForm, HearingForm, DecisionForm, RedoForm)
}
