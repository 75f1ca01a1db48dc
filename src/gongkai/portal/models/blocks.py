"""The blocks of which pages are made. None holds more text than a line or a few: what is said at length is an item."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from wagtail import blocks

from gongkai.portal.pages.choices import icon_choices, source_choices
from gongkai.portal.pages.chooser import ItemChooserBlock

TEXT_FEATURES = ["h2", "h3", "bold", "ol", "ul", "gk-link"]
LINE, LINES = 40, 200
"""Characters of a heading, and of a few lines."""
COUNTS = [("3", "3"), ("5", "5"), ("6", "6"), ("8", "8"), ("10", "10")]


class AddressBlock(blocks.CharBlock):
    """An address: within the site (``/…``), or ``https://`` and ``http://`` outside."""

    def clean(self, value: str) -> str:
        """Refuse what is no such address."""
        cleaned = super().clean(value)
        if cleaned and (not cleaned.startswith(("/", "https://", "http://")) or cleaned.startswith("//")):
            raise ValidationError("请写网址：站内的以 / 开头，站外的以 https:// 或 http:// 开头。")
        return cleaned

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"label": "网址", "max_length": 500, **kwargs})


def _title(default: str, **more: Any) -> blocks.CharBlock:
    return blocks.CharBlock(label="标题", max_length=LINE, default=default, **more)


class LinkBlock(blocks.StructBlock):
    """A link with a few words."""

    text = blocks.CharBlock(label="名称", max_length=LINE)
    url = AddressBlock()
    note = blocks.CharBlock(label="说明", max_length=80, required=False)
    icon = blocks.ChoiceBlock(choices=icon_choices, label="图标", default="gk-file")

    class Meta:
        icon = "link"
        label = "链接"


class NewsBlock(blocks.StructBlock):
    """The newest of a column, or of everything."""

    title = _title("最新公开")
    source = blocks.ChoiceBlock(choices=source_choices, required=False, label="内容")
    count = blocks.ChoiceBlock(choices=COUNTS, default="8", label="条数")
    wide = blocks.BooleanBlock(required=False, label="占宽栏", help_text="宽栏旁边放“快速入口”；不选则两个列表并排。")

    class Meta:
        icon = "list-ul"
        label = "栏目最新信息"


class EntriesBlock(blocks.StructBlock):
    """Quick ways in, each a line."""

    title = _title("快速入口")
    links = blocks.ListBlock(LinkBlock(), label="入口", min_num=1, max_num=8)

    class Meta:
        icon = "link"
        label = "快速入口"


class ServicesBlock(blocks.StructBlock):
    """Services and tools, each a card."""

    title = _title("服务")
    links = blocks.ListBlock(LinkBlock(), label="服务", min_num=1, max_num=12)

    class Meta:
        icon = "cogs"
        label = "服务"


class TopicsBlock(blocks.StructBlock):
    """The topics that run."""

    title = _title("专题")
    count = blocks.ChoiceBlock(choices=COUNTS[:3], default="3", label="个数")

    class Meta:
        icon = "folder-open-inverse"
        label = "专题"


class ColumnsBlock(blocks.StructBlock):
    """The columns of the directory and those of the site."""

    title = _title("按栏目查")

    class Meta:
        icon = "list-ul"
        label = "栏目导航"


class PlansBlock(blocks.StructBlock):
    """The yearly plans with their progress."""

    title = _title("工作要点落实情况")

    class Meta:
        icon = "tasks"
        label = "工作要点"


class UnitsBlock(blocks.StructBlock):
    """The units of the site."""

    title = _title("按单位查")

    class Meta:
        icon = "group"
        label = "单位"


class HomeBlocks(blocks.StreamBlock):
    """What a home page is made of."""

    news = NewsBlock()
    entries = EntriesBlock()
    topics = TopicsBlock()
    cards = ServicesBlock()
    columns = ColumnsBlock()
    plans = PlansBlock()
    units = UnitsBlock()

    class Meta:
        block_counts = {name: {"max_num": 1} for name in ("columns", "topics", "plans", "units")}
        max_num = 16


class TopicLinkBlock(blocks.StructBlock):
    """A link to something that is no item."""

    text = blocks.CharBlock(label="名称", max_length=80)
    url = AddressBlock()
    note = blocks.CharBlock(label="说明", max_length=80, required=False)

    class Meta:
        icon = "link"
        label = "链接"


class EntryBlocks(blocks.StreamBlock):
    """Items and links of a section, in the order the editor gave them."""

    item = ItemChooserBlock(label="公开信息", required=False)
    link = TopicLinkBlock()


class SectionBlock(blocks.StructBlock):
    """A part of a topic: heading, a few lines, what was chosen by hand."""

    title = blocks.CharBlock(label="小标题", max_length=LINE)
    text = blocks.TextBlock(label="说明", max_length=LINES, required=False, rows=2)
    entries = EntryBlocks(label="内容", min_num=1, max_num=40)

    class Meta:
        icon = "list-ol"
        label = "板块"


class TopicBlocks(blocks.StreamBlock):
    """The parts of a topic."""

    section = SectionBlock()

    class Meta:
        max_num = 12


class TextBlocks(blocks.StreamBlock):
    """What a page of text is made of."""

    text = blocks.RichTextBlock(features=TEXT_FEATURES, label="文字", max_length=3000)
    links = blocks.ListBlock(LinkBlock(), label="链接", icon="link", max_num=12)

    class Meta:
        max_num = 8
