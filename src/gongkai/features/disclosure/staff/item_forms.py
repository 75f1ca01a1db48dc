"""The small forms of items: making one, deciding its attribute, giving a reason, choosing a person."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, NamedTuple

from django import forms

from gongkai.features.disclosure.staff.edit_options import ATTRIBUTE_NAMES, grounds_by_attribute, kind_choices
from gongkai.features.disclosure.staff.fields import ReasonField

LATER = "later"
"""The choice not to decide the attribute yet; nothing is chosen before somebody does."""
NOTE_HELP = "写明具体情况。标有“须说明理由”的依据不能留空。"


class GroundField(NamedTuple):
    """The grounds of an attribute as they are shown: (box, whether a note is needed), first the likely ones."""

    attribute: str
    name: str
    field: Any
    first: list[tuple[Any, bool]]
    rest: list[tuple[Any, bool]]


class AttributeFields(forms.Form):
    """The attribute with its grounds. Each attribute has grounds of its own; only those of the chosen one count."""

    attribute = forms.ChoiceField(label="公开属性", widget=forms.RadioSelect)
    ground_note = forms.CharField(
        label="理由说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3}), help_text=NOTE_HELP
    )
    may_wait = False

    def __init__(self, *args: Any, usual: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.usual = frozenset(usual)
        later = [(LATER, "稍后确定（确定以前不能送审）")] if self.may_wait else []
        self.fields["attribute"].choices = [*ATTRIBUTE_NAMES.items(), *later]
        self.groups = []
        for code, name, grounds in grounds_by_attribute():
            field = forms.MultipleChoiceField(
                label=f"{name}的依据",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=[(ground.code, ground.label) for ground in grounds],
            )
            self.fields[f"grounds_{code}"] = field
            self.groups.append((code, name, grounds))

    def clean(self) -> dict[str, Any]:
        """Take the grounds of the chosen attribute; an attribute without one is told here, with its field."""
        data = super().clean() or {}
        if data.get("attribute") == LATER:
            data["attribute"] = ""
        attribute = data.get("attribute")
        data["grounds"] = list(data.get(f"grounds_{attribute}", ())) if attribute else []
        if attribute and not data["grounds"]:
            self.add_error(f"grounds_{attribute}", "请至少选择一条依据。")
        needed = {ground.code: ground for code, _, grounds in self.groups if code == attribute for ground in grounds}
        lacking = [code for code in data["grounds"] if code in needed and needed[code].note_needed]
        if lacking and not (data.get("ground_note") or "").strip():
            self.add_error("ground_note", f"选用{needed[lacking[0]].article}这条依据，须写明理由。")
        return data

    def decision(self) -> dict[str, Any]:
        """Return what the service takes."""
        return {
            "attribute": self.cleaned_data["attribute"],
            "grounds": self.cleaned_data["grounds"],
            "note": self.cleaned_data["ground_note"],
        }

    def ground_fields(self) -> list[GroundField]:
        """Return the grounds of each attribute for the page: where the kind of item is known, its usual ones first."""
        fields = []
        for code, name, grounds in self.groups:
            field = self[f"grounds_{code}"]
            chosen = {*self.usual, *map(str, field.value() or ())}
            noted = {ground.code for ground in grounds if ground.note_needed}
            boxes = [(str(box.data["value"]), box) for box in field]
            first = [(box, key in noted) for key, box in boxes if key in chosen]
            rest = [(box, key in noted) for key, box in boxes if key not in chosen]
            folds = bool(self.usual.intersection(key for key, _ in boxes))
            fields.append(GroundField(code, name, field, first if folds else [*first, *rest], rest if folds else []))
        return fields


class AttributeForm(AttributeFields):
    """Deciding the attribute of an item that is there already."""

    void_signatures = forms.BooleanField(label="仍要改定，已有的签批作废", required=False)

    def __init__(self, *args: Any, signed: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not signed:
            del self.fields["void_signatures"]


class ItemForm(AttributeFields):
    """A new item: what it is, whose it is, and first of all whether and why it is disclosed."""

    may_wait = True
    kind = forms.ChoiceField(label="信息种类")
    unit = forms.TypedChoiceField(label="所属单位", coerce=int)
    title = forms.CharField(label="标题", max_length=300)
    access_limited = forms.BooleanField(
        label="限制知悉范围", required=False, help_text="发布以前只有起草人、本单位公开机构、审核人和指定的人能看到。"
    )
    field_order = ("kind", "title", "unit", "attribute")

    def __init__(self, *args: Any, units: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "请选择"), *kind_choices()]
        self.fields["unit"].choices = units if len(units) == 1 else [("", "请选择"), *units]


class ReasonForm(forms.Form):
    """Why something is done."""

    reason = ReasonField()


class OptionalReasonForm(forms.Form):
    """Why something is done, where one may leave it out."""

    reason = ReasonField(label="说明", required=False)


class CirculateForm(forms.Form):
    """Sending an item into review."""

    emergency = forms.BooleanField(
        label="应急发布",
        required=False,
        help_text="只用于突发事件等来不及走完审核的情形：按应急路线审核，发布后必须限期补审，补审以前一直亮灯。",
    )
    reason = ReasonField(label="应急发布的理由", required=False)


class ReaderForm(forms.Form):
    """A person who may read an access-limited item."""

    user = forms.TypedChoiceField(label="姓名", coerce=int)

    def __init__(self, *args: Any, people: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].choices = [("", "请选择"), *people]


class FilesForm(forms.Form):
    """Files to be attached."""

    title = forms.CharField(
        label="附件标题", required=False, max_length=200, help_text="只传一个文件时可以填写；不填用文件名。"
    )
    alt = forms.CharField(label="替代文字", required=False, max_length=500, help_text="上传图片时填写，说明图片内容。")


class AttachmentForm(forms.Form):
    """How an attachment is called."""

    title = forms.CharField(label="标题", max_length=200)
    alt = forms.CharField(label="替代文字", required=False, max_length=500)
