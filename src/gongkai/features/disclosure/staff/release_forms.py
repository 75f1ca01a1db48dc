"""The forms of the release page: when to publish, why to withdraw, why to let a finding pass, what goes out together."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils import timezone

ENDINGS = [
    ("withdrawn", "撤下：内容不再公开"),
    ("error", "误发：本来不应发布"),
    ("merged", "并入：内容已写进另一条信息"),
]
BUNDLE_ROLES = [("document", "文件"), ("interpretation", "解读"), ("guide", "办事"), ("other", "其他")]
SEARCH_LENGTH = 100


class TimeField(forms.TimeField):
    """A time of day to the second."""

    default_error_messages = {"invalid": "时间看不懂，应写成 09:00:00。"}

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(attrs={"type": "time", "step": "1"}, format="%H:%M:%S")
        super().__init__(widget=widget, input_formats=["%H:%M:%S", "%H:%M"], **kwargs)


class DayField(forms.DateField):
    """A day, with the browser's calendar."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class WordsField(forms.CharField):
    """A reason or a remark; it stays in the record."""

    def __init__(self, *, rows: int = 3, **kwargs: Any) -> None:
        widget = forms.Textarea(attrs={"rows": rows})
        super().__init__(max_length=kwargs.pop("max_length", 2000), widget=widget, **kwargs)


class ScheduleForm(forms.Form):
    """When the item goes out, to the second, and when it comes down again."""

    publish_on = DayField(label="发布日期")
    publish_time = TimeField(label="发布时间", help_text="精确到秒，如 09:00:00。")
    unpublish_on = DayField(label="下架日期", required=False, help_text="只在有效期明确的信息上填写，如招考、公示。")
    unpublish_time = TimeField(label="下架时间", required=False)

    def clean(self) -> dict[str, Any]:
        """Ask for a day where a time of unpublishing was given; the domain judges the rest."""
        data = super().clean() or {}
        if data.get("unpublish_time") and not data.get("unpublish_on"):
            self.add_error("unpublish_on", "填了下架时间，也要填下架日期。")
        return data

    def publish_at(self) -> datetime:
        """Return the moment of publication in the place's time."""
        return _moment(self.cleaned_data["publish_on"], self.cleaned_data["publish_time"])

    def unpublish_at(self) -> datetime | None:
        """Return the moment of unpublishing: midnight of the day where no time was given; None for never."""
        day = self.cleaned_data.get("unpublish_on")
        return _moment(day, self.cleaned_data.get("unpublish_time") or time()) if day else None


class UnpublishForm(forms.Form):
    """When what is public comes down by itself."""

    unpublish_on = DayField(label="下架日期")
    unpublish_time = TimeField(label="下架时间", required=False, help_text="不填为当天零点。")

    def unpublish_at(self) -> datetime:
        """Return the moment in the place's time: midnight of the day where no time was given."""
        return _moment(self.cleaned_data["unpublish_on"], self.cleaned_data.get("unpublish_time") or time())


class MomentForm(forms.Form):
    """When the parts of a bundle go out together."""

    publish_on = DayField(label="发布日期")
    publish_time = TimeField(label="发布时间", help_text="精确到秒。")

    def publish_at(self) -> datetime:
        """Return the moment of publication in the place's time."""
        return _moment(self.cleaned_data["publish_on"], self.cleaned_data["publish_time"])


class ReasonForm(forms.Form):
    """A reason, and nothing else."""

    reason = WordsField(label="理由")


class EndingForm(forms.Form):
    """Why a published item comes down, and where its readers are sent."""

    kind = forms.ChoiceField(label="原因类别", choices=ENDINGS, widget=forms.RadioSelect)
    reason = WordsField(label="原因", help_text="写明事由；页面会说明已撤下，原因存入发布记录。")
    redirect_to = forms.TypedChoiceField(
        label="引导读者到", required=False, coerce=int, empty_value=None, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, targets: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["redirect_to"].choices = [("", "不引导"), *targets]
        self.fields["redirect_to"].help_text = (
            "选“并入”时必须选择并入了哪一条。"
            if targets
            else "要引导到另一条信息的，先用标题、文号或索引号查找，再在这里选择。"
        )


class LinkForm(forms.Form):
    """Whom to ask for a signature by a link."""

    name = forms.CharField(label="签署人姓名", max_length=60)
    organization = forms.CharField(label="单位或身份", max_length=120, required=False)
    contact = forms.CharField(label="联系方式", max_length=120, help_text="手机号码或电子邮箱，用来认定是哪个人。")


class BundleForm(forms.Form):
    """A bundle of items that go out at one moment or not at all."""

    title = forms.CharField(label="名称", max_length=300, help_text="如：某某办法及其政策解读。")
    unit_id = forms.TypedChoiceField(label="单位", coerce=int, empty_value=None)

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit_id"].choices = units if len(units) == 1 else [("", "请选择"), *units]


class MemberForm(forms.Form):
    """An item that joins a bundle, and what it is there for."""

    item_id = forms.TypedChoiceField(label="信息", coerce=int, empty_value=None)
    role = forms.ChoiceField(label="作用", choices=BUNDLE_ROLES)
    needs_item_id = forms.TypedChoiceField(label="附属于", required=False, coerce=int, empty_value=None)

    def __init__(self, *args: Any, items: list[tuple[int, str]], members: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["item_id"].choices = items
        self.fields["needs_item_id"].choices = [("", "不附属"), *members]
        self.fields["needs_item_id"].help_text = "解读附属于所解读的文件：文件不发，解读也不发。"


def _moment(day: Any, at: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, at))
