"""The block editor of a body: Wagtail's own, with the blocks of an item and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from wagtail import blocks

from gongkai.features.disclosure.staff.blocks import Stream

TEXT_FEATURES = ["h2", "h3", "h4", "bold", "italic", "superscript", "subscript", "ol", "ul", "gk-link"]
QUOTE_FEATURES = ["bold", "italic", "ol", "ul", "gk-link"]
MOST_TITLE = 300


class CellsBlock(blocks.FieldBlock):
    """Cells of a table in a text box, parted by tabs: what a spreadsheet gives when cells are copied."""

    def __init__(self, **kwargs: Any) -> None:
        self.field = forms.CharField(
            required=False,
            strip=False,
            widget=forms.Textarea(attrs={"rows": 6, "data-dc-cells": "", "data-gk-check-text": "表格", "wrap": "off"}),
        )
        super().__init__(
            label="表格内容",
            help_text="从 Excel 或 WPS 表格复制单元格，粘贴到这里即可；手工填写时一行写一行，各格之间用竖线“|”或制表符隔开。",
            **kwargs,
        )


def _line(label: str, *, required: bool = False, help_text: str = "") -> blocks.CharBlock:
    block = blocks.CharBlock(required=required, max_length=MOST_TITLE, label=label, help_text=help_text)
    block.field.widget.attrs["data-gk-check-text"] = label
    return block


def body_block(pictures: Sequence[tuple[int, str]]) -> blocks.StreamBlock:
    """Return the block editor; ``pictures`` are (file id, name) of the pictures that were uploaded to the item."""
    table = blocks.StructBlock(
        [
            ("caption", _line("表题")),
            ("cells", CellsBlock()),
            ("has_head", blocks.BooleanBlock(required=False, default=True, label="第一行是表头")),
        ],
        icon="table",
        label="表格",
    )
    image = blocks.StructBlock(
        [
            (
                "file_id",
                blocks.ChoiceBlock(
                    choices=[(str(pk), name) for pk, name in pictures],
                    required=False,
                    label="图片",
                    help_text="先在页面下方“附件与图片”中上传图片，再在这里选用。",
                ),
            ),
            ("alt", _line("替代文字", help_text="说明图片内容，读屏软件会念给看不见图片的人听。")),
            ("caption", _line("图题")),
        ],
        icon="image",
        label="图片",
    )
    return blocks.StreamBlock(
        [
            ("text", blocks.RichTextBlock(features=TEXT_FEATURES, required=False, icon="pilcrow", label="文字")),
            ("table", table),
            ("image", image),
            ("quote", blocks.RichTextBlock(features=QUOTE_FEATURES, required=False, icon="openquote", label="引文")),
        ],
        required=False,
    )


class BodyField(blocks.BlockField):
    """A form field whose value is the editor's blocks, a ``Stream``."""

    def __init__(self, *, pictures: Sequence[tuple[int, str]] = (), **kwargs: Any) -> None:
        super().__init__(block=body_block(pictures), required=False, **kwargs)

    def value_of(self, stream: Stream) -> Any:
        """Return what the widget shows for a stream."""
        raw = [{"type": kind, "value": _stored(kind, value)} for kind, value in stream]
        return self.block.to_python(raw)

    @staticmethod
    def stream_of(value: Any) -> Stream:
        """Return what was typed as a stream."""
        return [(child.block_type, _typed(child.block_type, child.value)) for child in value or ()]


def _stored(kind: str, value: Any) -> Any:
    return {**value, "file_id": str(value["file_id"])} if kind == "image" else value


def _typed(kind: str, value: Any) -> Any:
    if kind in ("text", "quote"):
        return value.source if value is not None else ""
    return dict(value)
