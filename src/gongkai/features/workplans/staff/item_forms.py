"""The forms of one item: one a verb, and those for evidence, checks, duties and supervision notices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.ledger import PERIOD_NAMES, Verb
from gongkai.features.workplans import selectors
from gongkai.features.workplans.metrics import harvester_choices
from gongkai.features.workplans.staff.fields import DateField, ReasonField, TextField

COLORS = [("blue", "蓝色（提醒）"), ("yellow", "黄色（警示）"), ("red", "红色（严重）")]
EVIDENCE_KINDS = [("file", "上传文件"), ("url", "网页地址"), ("link", "平台内的内容")]


class VerbForm(forms.Form):
    """Base of the forms of a verb; without fields, a button."""

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        return dict(self.cleaned_data)


class ReportForm(VerbForm):
    """Progress in words, and in percent where that says something."""

    text = TextField(label="进展情况")
    percent = forms.IntegerField(label="完成比例（%）", required=False, min_value=0, max_value=100)
    occurred_on = DateField(label="发生日期", required=False, help_text="不填为今天。")


class SubmitForm(VerbForm):
    """What was achieved."""

    text = TextField(label="完成情况", help_text="写明做了什么、效果如何；验收人据此确认。")


class AcceptForm(VerbForm):
    """An opinion, if there is one."""

    text = TextField(label="验收意见", required=False, rows=3)


class ReasonVerbForm(VerbForm):
    """A reason."""

    reason = ReasonField()


class CloseForm(VerbForm):
    """A reason where evidence is missing."""

    reason = ReasonField(
        label="销号说明", required=False, help_text="没有佐证材料、需要长期坚持或者检查没有落实的，必须写明理由。"
    )


class DueForm(VerbForm):
    """Another date."""

    due_on = DateField(label="新的完成时限", required=False, help_text="留空表示没有具体时限。")
    standing = forms.BooleanField(label="长期坚持", required=False)
    reason = ReasonField()


VERB_FORMS: Mapping[Verb, type[VerbForm]] = {
    Verb.START: VerbForm,
    Verb.REPORT: ReportForm,
    Verb.SUBMIT: SubmitForm,
    Verb.ACCEPT: AcceptForm,
    Verb.RETURN: ReasonVerbForm,
    Verb.CLOSE: CloseForm,
    Verb.REOPEN: ReasonVerbForm,
    Verb.CHANGE_DUE: DueForm,
    Verb.CANCEL: ReasonVerbForm,
}


class EvidenceForm(forms.Form):
    """A piece of evidence."""

    kind = forms.ChoiceField(label="形式", choices=EVIDENCE_KINDS, widget=forms.RadioSelect, initial="file")
    title = forms.CharField(label="名称", max_length=300)
    upload = forms.FileField(label="文件", required=False)
    url = forms.CharField(label="网址", required=False, max_length=600, help_text="形式选“网页地址”时填写。")
    ref = forms.CharField(
        label="平台内容引用",
        required=False,
        max_length=200,
        help_text="形式选“平台内的内容”时填写，如 workplans.item:12。",
    )
    occurred_on = DateField(label="发生日期")
    check_id = forms.TypedChoiceField(label="对应的检查", required=False, coerce=int, empty_value=None)
    counted = forms.BooleanField(label="计入次数", required=False, initial=True)

    def __init__(self, *args: Any, checks: tuple[selectors.CheckRow, ...], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        waiting = [(check.id, f"{check.label}（{check.due_on}前）") for check in checks if check.state == "open"]
        self.fields["check_id"].choices = [("", "不指定"), *waiting]
        self.fields["occurred_on"].initial = today
        if not waiting:
            del self.fields["check_id"]

    def arguments(self) -> dict[str, Any]:
        """Return what the service takes."""
        values = dict(self.cleaned_data)
        values.setdefault("check_id", None)
        return values


class RemoveForm(forms.Form):
    """Why evidence is taken off."""

    reason = ReasonField(label="移除的理由")


class CheckForm(forms.Form):
    """The result of a check."""

    kept = forms.TypedChoiceField(
        label="结果",
        choices=[("1", "已落实"), ("0", "未落实")],
        widget=forms.RadioSelect,
        coerce=lambda value: value == "1",
    )
    note = TextField(
        label="情况说明", required=False, rows=2, help_text="未落实，或者佐证材料不足而记为已落实的，必须说明。"
    )


class DutyForm(forms.Form):
    """A recurring duty."""

    kind = forms.ChoiceField(
        label="类别", choices=[("periodic", "定期任务：每期要做若干次"), ("standing", "长期坚持：每期看一次")]
    )
    period = forms.ChoiceField(label="周期", choices=[(period.value, name) for period, name in PERIOD_NAMES.items()])
    times = forms.IntegerField(label="每期至少几次", min_value=1, max_value=1000, initial=1)
    phrase = forms.CharField(label="原文写法", required=False, max_length=200)
    starts_on = DateField(label="开始日期")
    ends_on = DateField(label="结束日期", required=False)
    harvester = forms.ChoiceField(label="自动取证来源", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        choices = harvester_choices()
        self.fields["harvester"].choices = [("", "人工添加佐证材料"), *choices]
        if not choices:
            del self.fields["harvester"]


class DutyEndForm(forms.Form):
    """When a duty ends."""

    ends_on = DateField(label="结束日期")


class NoticeForm(forms.Form):
    """A supervision notice."""

    unit_id = forms.TypedChoiceField(label="发给", coerce=int)
    color = forms.ChoiceField(label="级别", choices=COLORS)
    reason = ReasonField(label="督办事由")
    requirement = TextField(label="办理要求", rows=3)
    answer_due_on = DateField(label="答复期限")

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = units


class AnswerForm(forms.Form):
    """The answer to a notice."""

    text = TextField(label="答复内容", rows=6, help_text="写明原因、已经采取的措施和完成时间。")


class TemplateForm(forms.Form):
    """A replacement for the template of one color."""

    color = forms.ChoiceField(label="级别", choices=COLORS)
    upload = forms.FileField(label="模板文件", help_text="Word 文档（.docx），用 {{ 变量名 }} 标出要填写的地方。")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["upload"].widget.attrs["accept"] = ".docx"
