"""Forms of what follows publication: review of validity, reassessment, aggregation risk, emergency banner."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

OUTCOMES = [
    ("in_force", "继续有效"),
    ("amended", "已修改"),
    ("partly_lapsed", "部分失效"),
    ("repealed", "废止"),
    ("lapsed", "失效"),
]
LEVELS = [("red", "红色（特别严重）"), ("orange", "橙色（严重）"), ("yellow", "黄色（较重）"), ("blue", "蓝色（一般）")]


class ReviewForm(forms.Form):
    """What a review of validity found; the number of the item that replaces it is typed from its page."""

    outcome = forms.ChoiceField(label="复核结论", choices=OUTCOMES, widget=forms.RadioSelect)
    note = forms.CharField(
        label="说明",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="除“继续有效”外都要写：由哪份文件修改、废止，或者何时期满失效。公众能看到这段话。",
    )
    instead_id = forms.TypedChoiceField(label="替代信息", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, others: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["instead_id"].choices = [("", "没有，或者不在本平台"), *others]


class ReassessForm(forms.Form):
    """What the periodic look at an item that is not disclosed came to."""

    outcome = forms.ChoiceField(label="评估结论", widget=forms.RadioSelect)
    reason = forms.CharField(label="评估理由", max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
    grounds = forms.MultipleChoiceField(
        label="新属性的依据",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="改变公开属性时选择；维持原属性不用选。",
    )
    note = forms.CharField(
        label="新属性的说明", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def __init__(
        self, *args: Any, outcomes: Sequence[tuple[str, str]], grounds: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome"].choices = list(outcomes)
        self.fields["grounds"].choices = list(grounds)


class RiskForm(forms.Form):
    """The judgement of what all items together tell about a person."""

    name = forms.CharField(widget=forms.HiddenInput, max_length=60)
    outcome = forms.ChoiceField(
        label="结论",
        choices=[("accepted", "可以接受"), ("to_fix", "需要处理（撤下、隐去或更正有关信息）")],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label="理由", max_length=1000, widget=forms.Textarea(attrs={"rows": 2}))


class BannerForm(forms.Form):
    """A new emergency banner."""

    unit_id = forms.TypedChoiceField(label="发布单位", coerce=int)
    level = forms.ChoiceField(label="级别", choices=LEVELS, widget=forms.RadioSelect)
    title = forms.CharField(label="标题", max_length=60, help_text="一句话：发生了什么、在哪里、要做什么。最多60字。")
    text = forms.CharField(
        label="补充", required=False, max_length=200, widget=forms.Textarea(attrs={"rows": 2}), help_text="最多200字。"
    )
    item_id = forms.TypedChoiceField(label="详情链接到", required=False, coerce=int, empty_value=None)
    expires_at = forms.DateTimeField(
        label="到期时间",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text="到时自动撤下，最长7天。",
    )

    def __init__(
        self, *args: Any, units: Sequence[tuple[int, str]], items: Sequence[tuple[int, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = list(units)
        self.fields["item_id"].choices = [("", "不链接"), *items]


class EndForm(forms.Form):
    """Why a banner is taken down before its time."""

    reason = forms.CharField(label="撤下原因", max_length=200)
