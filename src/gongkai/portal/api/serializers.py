"""The forms of ``shapes`` for the OpenAPI document; tests hold every answer against them."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers as s

from gongkai.kernel.api.documents import Error


class Named(s.Serializer[Any]):
    """A code with its Chinese name."""

    code = s.CharField(help_text="代码")
    name = s.CharField(help_text="名称")


class UnitName(s.Serializer[Any]):
    """The publishing unit, as it was called when it published."""

    id = s.IntegerField(help_text="单位编号")
    name = s.CharField(help_text="发布时的单位名称")


class ItemLink(s.Serializer[Any]):
    """Another item."""

    id = s.UUIDField(help_text="标识")
    title = s.CharField(help_text="标题")
    url = s.URLField(help_text="网页地址")


class RelatedItem(ItemLink):
    """An item that belongs to this one."""

    role = s.CharField(help_text="与本信息的关系，如政策解读")


class Publication(s.Serializer[Any]):
    """An item as lists tell it."""

    id = s.UUIDField(help_text="标识，永不改变，也不会给别的信息")
    url = s.URLField(help_text="网页地址，永不改变")
    api_url = s.URLField(help_text="接口地址")
    title = s.CharField(help_text="标题")
    kind = Named(help_text="信息种类")
    unit = UnitName(help_text="发布单位")
    index_no = s.CharField(help_text="索引号")
    doc_no = s.CharField(help_text="文号，没有则为空")
    summary = s.CharField(help_text="摘要，最多 160 字")
    columns = s.ListField(child=s.CharField(), help_text="所属栏目的代码")
    subject = Named(help_text="主题分类")
    keywords = s.ListField(child=s.CharField(), help_text="关键词")
    written_on = s.DateField(allow_null=True, help_text="成文日期")
    issued_on = s.DateField(allow_null=True, help_text="印发日期")
    effective_on = s.DateField(allow_null=True, help_text="施行日期")
    expires_on = s.DateField(allow_null=True, help_text="有效期至")
    published_at = s.DateTimeField(help_text="首次发布时间")
    updated_at = s.DateTimeField(help_text="现在这一版的发布时间（更正后晚于首次发布）")
    number = s.IntegerField(help_text="第几次发布")
    validity = Named(allow_null=True, help_text="有效性；没有时效的信息为 null")
    digest = s.RegexField(r"^[0-9a-f]{64}$", help_text="内容校验值（SHA-256）")


class Attachment(s.Serializer[Any]):
    """A file that was published with the item."""

    name = s.CharField(help_text="文件名")
    title = s.CharField(help_text="显示的名称")
    media_type = s.CharField(help_text="文件类型")
    size = s.IntegerField(help_text="字节数")
    sha256 = s.RegexField(r"^[0-9a-f]{64}$", help_text="文件的 SHA-256")
    url = s.URLField(help_text="下载地址")


class FullPublication(Publication):
    """An item with its text and its files: a line of the dump."""

    issuers = s.ListField(child=s.CharField(), help_text="发布机构（联合发文的有多个）")
    text = s.CharField(help_text="标题、摘要和正文的文字，一段一行")
    attachments = Attachment(many=True, help_text="附件")


class ColumnName(s.Serializer[Any]):
    """A column of the item."""

    code = s.CharField(help_text="代码")
    name = s.CharField(help_text="名称")
    url = s.URLField(help_text="网页地址")


class CorrectionNote(s.Serializer[Any]):
    """That the item was published anew."""

    number = s.IntegerField(help_text="第几次发布")
    published_at = s.DateTimeField(help_text="发布时间")
    note = s.CharField(help_text="更正说明")


class ProofData(s.Serializer[Any]):
    """How anybody can check the publication."""

    url = s.URLField(help_text="发布证明的网页")
    holds = s.BooleanField(help_text="各项核对都相符")
    entry_sequence = s.IntegerField(allow_null=True, help_text="审计记录的序号")
    entry_digest = s.CharField(help_text="审计记录的摘要值")
    anchor_day = s.DateField(allow_null=True, help_text="锚点的日期；当天发布的为 null")
    anchor_sequence = s.IntegerField(allow_null=True, help_text="锚点的序号")
    anchor_digest = s.CharField(help_text="锚点的摘要值")


class PublicationDetail(FullPublication):
    """Everything that is public of an item."""

    column_list = ColumnName(many=True, help_text="所属栏目")
    validity_note = s.CharField(help_text="有效性的说明")
    replaced_by = ItemLink(allow_null=True, help_text="替代本信息的新信息")
    corrections = CorrectionNote(many=True, help_text="更正记录")
    related = RelatedItem(many=True, help_text="相关信息")
    entered_late = s.BooleanField(help_text="是否补录（入库晚于所记的发布时间）")
    proof = ProofData(help_text="发布证明")
    json_ld_url = s.URLField(help_text="schema.org 元数据的地址")


class PublicationPage(s.Serializer[Any]):
    """A page of a list."""

    items = Publication(many=True, help_text="信息，新的在前")
    next = s.URLField(allow_null=True, help_text="下一页的地址；没有更多时为 null")


class Tombstone(s.Serializer[Any]):
    """What is said of something that was taken down."""

    id = s.UUIDField(help_text="标识")
    url = s.URLField(help_text="网页地址")
    title = s.CharField(help_text="标题；误发的不再显示")
    unit_name = s.CharField(help_text="发布单位")
    kind = Named(help_text="撤下的类别")
    reason = s.CharField(help_text="原因")
    published_at = s.DateTimeField(help_text="发布时间")
    ended_at = s.DateTimeField(help_text="撤下时间")
    moved_to = ItemLink(allow_null=True, help_text="读者应看的信息")


class Gone(Error):
    """That something was taken down."""

    tombstone = Tombstone(help_text="撤下的信息")


class Unit(s.Serializer[Any]):
    """A unit of which something is public."""

    id = s.IntegerField(help_text="单位编号")
    name = s.CharField(help_text="现在的名称")
    url = s.URLField(help_text="网页地址")
    feed_url = s.URLField(help_text="订阅地址（Atom）")


class UnitList(s.Serializer[Any]):
    """All of them."""

    items = Unit(many=True)


class Column(s.Serializer[Any]):
    """A column with those below it."""

    code = s.CharField(help_text="代码")
    name = s.CharField(help_text="名称")
    description = s.CharField(help_text="说明")
    statutory = s.CharField(help_text="对应的法定公开事项，没有则为空")
    url = s.URLField(help_text="网页地址")
    feed_url = s.URLField(help_text="订阅地址（Atom）")
    children = s.SerializerMethodField(help_text="下级栏目")

    @extend_schema_field({"type": "array", "items": {"$ref": "#/components/schemas/Column"}})
    def get_children(self, column: Any) -> Any:
        """Return the columns below."""
        return column["children"]


class ColumnList(s.Serializer[Any]):
    """The directory."""

    items = Column(many=True)


class Ending(Named):
    """Why something ended."""

    reason = s.CharField(help_text="原因")


class Change(s.Serializer[Any]):
    """An event."""

    sequence = s.IntegerField(help_text="次序，只增不减")
    type = s.ChoiceField(
        choices=["published", "corrected", "republished", "ended"],
        help_text="published 首次发布，corrected 更正，republished 再次发布，ended 撤下",
    )
    id = s.UUIDField(help_text="信息的标识")
    url = s.URLField(help_text="网页地址")
    api_url = s.URLField(help_text="接口地址")
    number = s.IntegerField(help_text="第几次发布")
    at = s.DateTimeField(help_text="时间")
    title = s.CharField(allow_null=True, help_text="标题；这一版已不公开的为 null")
    end = Ending(allow_null=True, help_text="撤下的类别和原因")
    moved_to = s.UUIDField(allow_null=True, help_text="读者应看的信息的标识")


class ChangePage(s.Serializer[Any]):
    """A stretch of the order."""

    items = Change(many=True, help_text="变动，按次序")
    cursor = s.CharField(help_text="下次用作 since 的游标")
    next = s.URLField(help_text="从这里继续读的地址")
    more = s.BooleanField(help_text="是否还有没读完的变动")


class Dump(s.Serializer[Any]):
    """The daily file."""

    url = s.URLField(help_text="下载地址，可以断点续传")
    made_at = s.DateTimeField(help_text="生成时间")
    items = s.IntegerField(help_text="条数")
    size = s.IntegerField(help_text="字节数")
    sha256 = s.RegexField(r"^[0-9a-f]{64}$", help_text="文件的 SHA-256")
    cursor = s.CharField(help_text="此后的变动从这个游标读起（/api/v1/changes/?since=）")


class DumpList(s.Serializer[Any]):
    """The files that are there."""

    items = Dump(many=True)
