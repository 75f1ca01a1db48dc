"""Forms of what comes after an answer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.foi.public_words import LONGEST_TEXT, LONGEST_TITLE
from gongkai.features.foi.selectors.log_entries import LogDetail

REASON = 1000
JUDGE, AGREE, RETURN = "judge", "agree", "return"


def _text(label: str, rows: int, hint: str = "", *, required: bool = True) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_TEXT, help_text=hint, widget=area, required=required)


def _day(label: str, *, required: bool, hint: str = "") -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=required, help_text=hint, widget=widget)


class LogForm(forms.Form):
    """The words of a log entry and the papers that go with it."""

    title = forms.CharField(label="标题", max_length=LONGEST_TITLE, help_text="公开后的标题，不写人名，不写登记编号。")
    asked = _text("申请了什么", 3, "用自己的话写，不照抄申请人的文字。")
    answered = _text("怎样答复", 5, "公开了什么信息，在哪里可以看到；部分公开的，写明哪些内容没有公开、依据是什么。")
    papers = forms.TypedMultipleChoiceField(
        label="附上的材料",
        required=False,
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        help_text="只列出区分处理后的副本和全部公开的原件；附上前会再检查一遍，文件名改为“附件1”等。",
    )

    def __init__(self, *args: Any, detail: LogDetail, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        entry = detail.line.entry
        choices = [(paper.pk, f"{paper.title}（{paper.get_kind_display()}）") for paper in detail.papers]
        if choices:
            self.fields["papers"].choices = choices
            self.fields["papers"].initial = list(entry.papers)
        else:
            del self.fields["papers"]
        for name in ("title", "asked", "answered"):
            self.fields[name].initial = getattr(entry, name)


class WhyForm(forms.Form):
    """A reason."""

    reason = forms.CharField(label="理由", max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}))


class TakeDownForm(WhyForm):
    """The reason that the public reads."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="down-%s", **kwargs)
        self.fields["reason"].help_text = "公众会在原来的网址看到这个理由，不要写人名。"


class AssignForm(forms.Form):
    """Who evaluates by when."""

    evaluator = forms.TypedChoiceField(label="评估人", coerce=int)
    due_on = _day("评估期限", required=False, hint="可以提前，不能推后；不改请留空。")

    def __init__(self, *args: Any, people: Sequence[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="assign-%s", **kwargs)
        self.fields["evaluator"].choices = people


class AcceptForm(forms.Form):
    """What the draft item begins with."""

    kind = forms.ChoiceField(label="信息种类")
    title = forms.CharField(label="信息名称", max_length=LONGEST_TITLE, help_text="公开后的标题。")
    text = _text("内容", 4, "公开的正文或者说明，文件可以在公开信息里再添加。")
    reason = _text("评估说明", 2, required=False)

    def __init__(self, *args: Any, kinds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="accept-%s", **kwargs)
        self.fields["kind"].choices = [("", "请选择"), *kinds]


class AlreadyForm(forms.Form):
    """Where it is public already."""

    address = forms.CharField(label="公开网址", max_length=500, help_text="例如 /info/… 或者 https://…")
    reason = _text("说明", 2, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="already-%s", **kwargs)


class RefuseForm(forms.Form):
    """Why it is not disclosed."""

    ground = forms.ChoiceField(label="法定依据")
    reason = _text("理由", 3, "申请人建议的，理由会告知申请人。")

    def __init__(self, *args: Any, grounds: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, auto_id="refuse-%s", **kwargs)
        self.fields["ground"].choices = [("", "请选择"), *grounds]


class DrawForm(forms.Form):
    """Whose list of which year."""

    unit = forms.TypedChoiceField(label="单位", coerce=int)
    year = forms.IntegerField(label="年度", min_value=2000, max_value=2999)

    def __init__(self, *args: Any, units: Sequence[tuple[int, str]], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].choices = units
        self.fields["year"].initial = today.year


class LinesForm(forms.Form):
    """What is to become of the chosen cases of a list, or whether a second person agrees."""

    do = forms.ChoiceField(choices=[(one, one) for one in (JUDGE, AGREE, RETURN)], widget=forms.HiddenInput)
    lines = forms.TypedMultipleChoiceField(coerce=int, required=False)
    verdict = forms.ChoiceField(
        label="鉴定意见",
        required=False,
        choices=[("destroy", "销毁"), ("extend", "延长保管"), ("permanent", "永久保管")],
        widget=forms.RadioSelect,
    )
    new_until = _day("延长保管至", required=False)
    reason = forms.CharField(label="理由", required=False, max_length=REASON, widget=forms.Textarea(attrs={"rows": 2}))

    return_reason = forms.CharField(label="退回的理由", required=False, max_length=REASON)

    def __init__(self, *args: Any, line_ids: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["lines"].choices = [(one, str(one)) for one in line_ids]
        self.fields["lines"].error_messages["invalid_choice"] = "清单已经变化，请刷新后重新选择。"
