"""The forms of the lists of words."""

from __future__ import annotations

from typing import Any

from django import forms

from gongkai.domain.wording.word_rows import split_phrases
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.orgs.trees import unit_options
from gongkai.kernel.wordlists.permissions import can_keep_leaders, units_kept

GRADES = [("L1", "L1 严重"), ("L2", "L2 重要"), ("L3", "L3 一般"), ("L4", "L4 提示")]
COMMON = "common"


class DateField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class PhrasesField(forms.CharField):
    """Several phrases in one field; the value is a tuple."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 3}), **kwargs)

    def clean(self, value: Any) -> tuple[str, ...]:
        """Return the phrases."""
        return split_phrases(super().clean(value) or "")


class ScopeForm(forms.Form):
    """A form whose words hold in all units or in one that the actor keeps."""

    unit = forms.ChoiceField(label="适用单位")

    def __init__(self, *args: Any, actor: Actor, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kept = units_kept(actor)
        every = can_keep_leaders(actor)
        options = [(str(pk), name) for pk, name in unit_options(on=on) if every or pk in kept]
        self.fields["unit"].choices = [*([(COMMON, "全部单位")] if every else []), *options]

    def unit_id(self) -> int | None:
        """Return the chosen unit, None for all."""
        chosen = self.cleaned_data["unit"]
        return None if chosen == COMMON else int(chosen)


class WordFilterForm(forms.Form):
    """What a list may be narrowed by."""

    search = forms.CharField(label="词", required=False, max_length=60)
    grade = forms.ChoiceField(label="级别", required=False, choices=[("", "全部"), *GRADES])
    scope = forms.ChoiceField(label="适用单位", required=False)
    ended = forms.BooleanField(label="只看已停用的", required=False)

    def __init__(self, *args: Any, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        options = [(str(pk), name) for pk, name in unit_options(on=on)]
        self.fields["scope"].choices = [("", "全部"), (COMMON, "通用"), *options]


class AllowedFilterForm(WordFilterForm):
    """What the list of allowed words may be narrowed by."""

    grade = None


class WordForm(ScopeForm):
    """One wrong word."""

    wrong = forms.CharField(label="错词", max_length=60)
    right = forms.CharField(label="正词", max_length=120, required=False, help_text="留空则只提示人工核对。")
    grade = forms.ChoiceField(label="级别", choices=GRADES, initial="L3", help_text="L1、L2 会拦住发布。")
    category = forms.CharField(label="类别", max_length=40, required=False)
    exceptions = PhrasesField(label="例外", help_text="含有错词但不算错的说法，一行一个，或用顿号分开。")
    from_on = DateField(label="生效日期", required=False)
    until_on = DateField(label="失效日期", required=False)
    note = forms.CharField(label="备注", max_length=200, required=False)

    field_order = ("wrong", "right", "grade", "category", "unit", "exceptions", "from_on", "until_on", "note")


class ImportForm(ScopeForm):
    """A list of words as a file."""

    file = forms.FileField(label="词表", help_text="XLSX、CSV 或 TXT。第一列错词，第二列正词，第三列级别。")
    field_order = ("file", "unit")


class AllowedForm(ScopeForm):
    """One word that is right."""

    word = forms.CharField(label="放行词", max_length=60)
    context = forms.CharField(
        label="限于语境", max_length=120, required=False, help_text="含有这个词的较长说法；留空则到处放行。"
    )
    reason = forms.CharField(label="理由", max_length=200)
    until_on = DateField(label="有效至", required=False)

    field_order = ("word", "context", "unit", "reason", "until_on")


class LeaderForm(forms.Form):
    """One leading official in one post."""

    name = forms.CharField(label="姓名", max_length=20)
    title = forms.CharField(label="职务", max_length=60, help_text="稿件中的规范写法，如“县委副书记、县长”写“县长”。")
    order = forms.IntegerField(
        label="排序", min_value=0, max_value=9999, initial=0, help_text="小的在前；0 表示不查排序。"
    )
    from_on = DateField(label="任职日期", required=False)
    until_on = DateField(label="离任日期", required=False)
    misspellings = PhrasesField(label="常见误写", help_text="一行一个，或用顿号分开。")
