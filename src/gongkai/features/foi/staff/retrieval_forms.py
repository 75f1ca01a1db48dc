"""Forms by which divisions are asked for records and answer."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.domain.foi.retrieval import OUTCOMES, SEARCH_NAMES, Act, Outcome, Search

LONG = 2000


class ManyFiles(forms.FileInput):
    """A box for several files."""

    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files or none; gives a list."""

    widget = ManyFiles

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        """Look at each file by itself."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(ManyFilesField, self).clean(one, initial) for one in given if one]


def _area(label: str, hint: str = "", *, needed: bool = True, rows: int = 3) -> forms.CharField:
    box = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=hint, required=needed, max_length=LONG, widget=box)


def _day(label: str, *, needed: bool = True) -> forms.DateField:
    box = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, required=needed, widget=box)


class SendForm(forms.Form):
    """What a division is asked for, by when."""

    division = forms.TypedChoiceField(label="内设机构", coerce=int)
    wanted = _area("查找什么信息", "内设机构只看到这里写的内容。写清名称、文号、时间、事项，不写申请人是谁。", rows=4)
    question = _area("要说明的问题", "如：是否制作过、保存在哪里、能否提供、有什么不宜公开的内容。", needed=False)
    due_on = _day("反馈期限")
    custodian = forms.BooleanField(
        label="该机构保管档案", required=False, help_text="勾选后，它的答复同时作为“档案室或者保管单位的答复”。"
    )
    named_because = forms.CharField(
        label="必须写明申请人姓名的理由",
        required=False,
        max_length=200,
        help_text="只有所查的就是申请人本人的信息时填写，会留下记录。",
    )

    def __init__(self, *args: Any, divisions: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        one = len(divisions) == 1
        self.fields["division"].choices = divisions if one else [("", "请选择"), *divisions]


class AnswerForm(forms.Form):
    """What was found, and how was searched."""

    outcome = forms.ChoiceField(
        label="结果",
        choices=[(one.value, name) for one, name in OUTCOMES.items()],
        widget=forms.RadioSelect,
        initial=Outcome.FOUND.value,
    )
    files = ManyFilesField(
        label="查到的文件", required=False, help_text="可以一次选几个，每个不超过 20 兆；会存入案卷。"
    )
    answer = _area("书面说明", "没有查到或者只查到一部分的必须填写。", needed=False)
    search_where = _area("检索的系统和档案", "如：公文系统、本股纸质档案、业务系统。", needed=False, rows=2)
    search_words = _area("检索关键词", needed=False, rows=2)
    search_span = forms.CharField(
        label="检索的时间范围", required=False, max_length=200, help_text="如：2023年1月至2025年12月。"
    )
    search_person = forms.CharField(label="检索人", required=False, max_length=60)
    search_on = _day("检索日期", needed=False)

    def search(self) -> Search:
        """Return how was searched, as it was filled in."""
        given = self.cleaned_data
        return Search(
            where=given["search_where"],
            words=given["search_words"],
            span=given["search_span"],
            person=given["search_person"],
            on=given["search_on"],
        )


SEARCH_FIELDS = tuple(f"search_{name}" for name in SEARCH_NAMES)
_WORDS = {
    Act.ASK_BACK: ("为什么退回，还需要知道什么", "如：请补充文号或者大致年份。"),
    Act.CLARIFY: ("补充说明", "不写申请人是谁。"),
    Act.RECALL: ("为什么不再需要", ""),
}


class WordsForm(forms.Form):
    """The words of an act that needs nothing else."""

    def __init__(self, act: Act, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{act.value}-%s", **kwargs)
        label, hint = _WORDS[act]
        self.fields["words"] = _area(label, hint)


class HandOnForm(forms.Form):
    """To which division, and why."""

    division = forms.TypedChoiceField(label="转给哪个内设机构", coerce=int)
    words = _area("理由", "如：该事项由它承办，文件由它保管。", rows=2)

    def __init__(self, others: tuple[tuple[int, str], ...], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id="hand_on-%s", **kwargs)
        self.fields["division"].choices = [("", "请选择"), *others]
