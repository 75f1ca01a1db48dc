"""The form of the editor: everything of an item that a writer writes, and the way between it and ``ItemContent``."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django import forms

from gongkai.domain.items import ItemContent
from gongkai.features.disclosure.staff.blocks import Stream, body_of, stream_of
from gongkai.features.disclosure.staff.body_field import BodyField
from gongkai.features.disclosure.staff.edit_options import Options
from gongkai.features.disclosure.staff.fields import (
    DateField,
    LinesField,
    PickField,
    UnitNameField,
    WordsField,
    names_of,
    unit_ref,
)
from gongkai.features.disclosure.staff.plain_text import plain_of, stream_of_plain
from gongkai.kernel.accounts.actor import Actor
from gongkai.kernel.files.selectors import file_list

UNITS_LIST, SUBJECTS_LIST = "dc-units", "dc-subjects"
DATES = ("written_on", "issued_on", "effective_on", "expires_on")
PLAIN_LIMIT = 2_000_000
INCOMPLETE = dict.fromkeys(
    ("required", "invalid"), "页面没有传完整，请再保存一次；仍不行的，复制文字后重新打开编辑页。"
)
"""What is said when a page comes back without what it carries unseen."""


class ContentForm(forms.Form):
    """What an item says. ``plain`` shows the body as one text instead of blocks.

    ``base`` is the number of the revision that the editing started from, ``draft_version`` that of the unsaved text;
    ``pictures`` are (file id, name, digest) of what a picture block may show.
    """

    base = forms.IntegerField(label="版本", widget=forms.HiddenInput, error_messages=INCOMPLETE)
    draft_version = forms.IntegerField(label="草稿", widget=forms.HiddenInput, error_messages=INCOMPLETE)
    kind = forms.ChoiceField(label="信息种类", help_text="种类决定必填项、审核环节和复核周期。")
    title = forms.CharField(label="标题", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))
    doc_no = forms.CharField(
        label="文号",
        required=False,
        max_length=100,
        help_text="如：赣市府办字〔2023〕57号。括号写成[ ]、（ ）的，保存时改为六角括号。",
    )
    issuer = UnitNameField(
        label="发布机构", required=False, list_id=UNITS_LIST, help_text="输入名称的一部分，从建议中选。"
    )
    joint = LinesField(
        label="联合发布单位",
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="联合发文时填写，一行一个。",
    )
    written_on = DateField(label="成文日期", required=False, help_text="文件落款的日期。")
    issued_on = DateField(label="印发日期", required=False, help_text="办文机关印发的日期，公开时限从这一天起算。")
    effective_on = DateField(label="施行日期", required=False, help_text="规定生效的日期；印发即施行的可以不填。")
    expires_on = DateField(label="有效期至", required=False, help_text="有效的最后一天；长期有效的不填。")
    summary = forms.CharField(
        label="内容概述", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    subject = PickField(
        label="主题分类",
        required=False,
        list_id=SUBJECTS_LIST,
        what="主题分类",
        max_length=100,
        help_text="输入几个字查找，如“财政”。",
    )
    keywords = WordsField(label="关键词", required=False, max_length=600, help_text="用顿号或逗号隔开。")
    columns = forms.MultipleChoiceField(label="栏目", required=False, widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label="修改说明", required=False, max_length=300, help_text="写明改了什么，便于审核人和以后查找。"
    )
    void_signatures = forms.BooleanField(label="仍要保存，已有的签批作废", required=False)

    def __init__(
        self,
        *args: Any,
        content: ItemContent,
        options: Options,
        base: int,
        draft_version: int,
        plain: bool = False,
        signed: Sequence[str] = (),
        pictures: Sequence[tuple[int, str, str]] = (),
        **kwargs: Any,
    ) -> None:
        self.content, self.plain = content, plain
        self.pictures = {pk: sha256 for pk, _, sha256 in pictures}
        kwargs.setdefault("initial", {}).update(shown(content, options), base=base, draft_version=draft_version)
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = options.kinds
        self.fields["columns"].choices = options.flat_columns(content.columns)
        self.fields["subject"].offer(options.subjects)
        self.fields["issuer"].units = options.unit_ids
        self.unit_ids = options.unit_ids
        stream = stream_of(content.body)
        if plain:
            self.fields["body"] = forms.CharField(
                label="正文",
                required=False,
                strip=False,
                max_length=PLAIN_LIMIT,
                widget=forms.Textarea(attrs={"rows": 24, "data-gk-check-text": "正文"}),
            )
            self.initial["body"] = plain_of(stream)
        else:
            field = BodyField(pictures=[(pk, name) for pk, name, _ in pictures], label="正文")
            self.fields["body"] = field
            self.initial["body"] = field.value_of(stream)
        if not signed:
            del self.fields["void_signatures"]
        for name in ("title", "summary", "keywords"):
            self.fields[name].widget.attrs["data-gk-check-text"] = self.fields[name].label

    def new_content(self) -> ItemContent:
        """Return the content with what was typed; call on a valid form."""
        return replace(self.content, **self._values(self.cleaned_data))

    def typed_content(self) -> ItemContent:
        """Return the content with what was typed, as far as it can be understood: for autosave and for conflicts."""
        self.is_valid()
        return replace(self.content, **self._values(getattr(self, "cleaned_data", {})))

    def _values(self, data: Mapping[str, Any]) -> dict[str, Any]:
        plain = ("kind", "title", "doc_no", "summary", "subject", "keywords", "issuer", *DATES)
        values = {name: data[name] for name in plain if name in data}
        if "title" in values:
            values["title"] = " ".join(values["title"].split())
        if "columns" in data:
            values["columns"] = tuple(data["columns"])
        if "joint" in data:
            values["joint"] = tuple(unit_ref(name, self.unit_ids) for name in data["joint"])
        if "body" in data:
            stream: Stream = stream_of_plain(data["body"]) if self.plain else BodyField.stream_of(data["body"])
            values["body"] = body_of(
                stream, before=self.content.body, pictures=self.pictures, new_id=lambda: uuid.uuid4().hex[:12]
            )
        return values


def shown(content: ItemContent, options: Options) -> dict[str, Any]:
    """Return what the fields show for a content, the body left out."""
    return {
        "kind": content.kind,
        "title": content.title,
        "doc_no": content.doc_no,
        "issuer": content.issuer.name if content.issuer else "",
        "joint": names_of(content.joint),
        **{name: getattr(content, name) for name in DATES},
        "summary": content.summary,
        "subject": dict(options.subjects).get(content.subject, content.subject),
        "keywords": "、".join(content.keywords),
        "columns": list(content.columns),
    }


def is_picture(media_type: str) -> bool:
    """Tell whether a file can be shown in a text."""
    return media_type in {"image/png", "image/jpeg", "image/gif", "image/webp"}


def pictures_of(actor: Actor, item_id: int) -> list[tuple[int, str, str]]:
    """Return (file id, name, digest) of the pictures that were uploaded to the item."""
    files = file_list(actor=actor, target_type="disclosure.item", target_id=item_id)
    return [(file.pk, file.name, file.sha256) for file in files if is_picture(file.media_type)]


def content_changes(before: ItemContent, after: ItemContent) -> dict[str, Any]:
    """Return the fields that differ, as plain JSON data: what autosave keeps."""
    old, new = before.as_data(), after.as_data()
    return {name: value for name, value in new.items() if value != old[name] and name != "attachments"}


def day_words(day: date | None) -> str:
    """Return a day as it is written, or nothing."""
    return day.isoformat() if day else ""
