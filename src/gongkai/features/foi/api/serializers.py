"""The forms of ``reading`` and ``shapes`` for the OpenAPI document; tests hold every answer against them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers as s

from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.handing import HANDED_CHANNELS
from gongkai.domain.foi.intake import LONGEST
from gongkai.domain.foi.model import Stage
from gongkai.domain.foi.wishes import Form
from gongkai.features.foi.api.reading import (
    DELIVERIES,
    MOST_FILE,
    MOST_FILE_NAME,
    MOST_FILES,
    MOST_ID,
    MOST_NAME,
    MOST_UNIT,
)
from gongkai.kernel.api.bodies import MEGABYTE

_OPEN = {"required": False, "allow_null": True, "allow_blank": True}


class SentFile(s.Serializer[Any]):
    """A file that is sent along."""

    name = s.CharField(max_length=MOST_FILE_NAME, help_text="文件名，带扩展名")
    content = s.CharField(help_text=f"文件内容，Base64 编码，解码后最多 {MOST_FILE // MEGABYTE} 兆")


class SentApplicant(s.Serializer[Any]):
    """Who asks."""

    kind = s.ChoiceField([one.value for one in ApplicantClass], help_text="申请人类别，见词表")
    name = s.CharField(max_length=LONGEST["name"], help_text="姓名或者单位名称")
    id_number = s.CharField(max_length=MOST_ID, help_text="身份证件号码；个人的号码和身份证明有一样即可", **_OPEN)
    org_code = s.CharField(max_length=MOST_ID, help_text="统一社会信用代码；单位的代码和证照有一样即可", **_OPEN)
    representative = s.CharField(max_length=MOST_NAME, help_text="法定代表人或者负责人，单位申请的必填", **_OPEN)
    contact_name = s.CharField(max_length=MOST_NAME, help_text="联系人", **_OPEN)
    phone = s.CharField(max_length=LONGEST["phone"], help_text="联系电话；电话、邮箱、地址至少有一样", **_OPEN)
    email = s.CharField(max_length=LONGEST["email"], help_text="电子邮箱", **_OPEN)
    address = s.CharField(max_length=LONGEST["address"], help_text="联系地址和邮政编码，要求邮寄的必填", **_OPEN)


class SentApplication(s.Serializer[Any]):
    """An application that is handed over."""

    sender_no = s.RegexField(
        r"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,63}$",
        help_text="发送方编号（如工单号）。同一编号再次发送不会重复登记；不要用身份证号、电话号码",
    )
    unit = s.IntegerField(min_value=1, max_value=MOST_UNIT, help_text="受理单位编号，见受理单位列表")
    channel = s.ChoiceField([one.value for one in HANDED_CHANNELS], help_text="申请人当初采用的方式，见词表")
    submitted_on = s.DateField(
        required=False, allow_null=True, help_text="申请人向发送方提出的日期，不早于一年前；不给则为今天"
    )
    confirmed = s.BooleanField(
        required=False, allow_null=True, help_text="申请人已经核对并确认移交的内容（例如电话中复述确认）；不给则为否"
    )
    applicant = SentApplicant(help_text="申请人")
    subject = s.CharField(max_length=LONGEST["subject"], help_text="所需信息的名称，一件申请只写一件事")
    doc_no = s.CharField(max_length=LONGEST["doc_no"], help_text="文号，知道就填", **_OPEN)
    description = s.CharField(
        min_length=2, max_length=LONGEST["description"], help_text="便于查找的其他特征；不需要说明用途"
    )
    wanted_form = s.ChoiceField([one.value for one in Form], help_text="希望得到的形式，见词表")
    wanted_delivery = s.ChoiceField([one.value for one in DELIVERIES], help_text="希望得到的途径，见词表")
    no_log = s.BooleanField(
        required=False, allow_null=True, help_text="申请人不同意把答复列入答复公开目录；不给则为没有表示"
    )
    identity = SentFile(required=False, allow_null=True, help_text="身份证明（jpg、png、pdf），加密保存")
    attachments = s.ListField(
        child=SentFile(), required=False, allow_null=True, max_length=MOST_FILES, help_text="申请书原件等附件"
    )


class UnitRef(s.Serializer[Any]):
    """A unit."""

    id = s.IntegerField(help_text="单位编号")
    name = s.CharField(help_text="单位名称")


class UnitRefs(s.Serializer[Any]):
    """The units that may be asked."""

    items = UnitRef(many=True)


class Code(s.Serializer[Any]):
    """A code with its words."""

    code = s.CharField(help_text="代码")
    name = s.CharField(help_text="名称")


class ChannelCode(Code):
    """A channel with what it means for the day of receipt."""

    receipt = s.CharField(help_text="怎样算收到申请")


class Bounds(s.Serializer[Any]):
    """How much may be sent."""

    body_bytes = s.IntegerField(help_text="一次请求最多多少字节")
    file_bytes = s.IntegerField(help_text="一个文件解码后最多多少字节")
    files = s.IntegerField(help_text="附件最多几个")


class Vocabulary(s.Serializer[Any]):
    """What can be written into the members of a delivery."""

    channels = ChannelCode(many=True, help_text="申请方式")
    channels_status = s.ChoiceField(
        ["verified", "unverified"], help_text="申请方式与收到之日的对应是否已经核实；unverified 为待核"
    )
    channels_note = s.CharField(help_text="关于这种对应的说明")
    kinds = Code(many=True, help_text="申请人类别")
    forms = Code(many=True, help_text="希望得到的形式")
    deliveries = Code(many=True, help_text="希望得到的途径")
    stages = Code(many=True, help_text="办理阶段")
    identity_endings = s.ListField(child=s.CharField(), help_text="身份证明可以用的扩展名")
    attachment_endings = s.ListField(child=s.CharField(), help_text="附件可以用的扩展名")
    limits = Bounds(help_text="大小的限制")


class HandedSummary(s.Serializer[Any]):
    """A hand-over as lists tell it."""

    id = s.UUIDField(help_text="标识，永不改变")
    url = s.URLField(help_text="查询地址")
    sender_no = s.CharField(help_text="发送方编号")
    register_no = s.CharField(help_text="登记编号")
    unit = UnitRef(help_text="受理单位")
    handed_at = s.DateTimeField(help_text="移交时间")
    stage = s.ChoiceField([one.value for one in Stage if one is not Stage.NEW], help_text="办理阶段的代码")
    status = s.CharField(help_text="办理情况，可以直接告诉申请人")
    received_on = s.DateField(allow_null=True, help_text="收到申请之日；还没有确定的为 null")
    due_on = s.DateField(allow_null=True, help_text="答复的法定期限")
    provisional = s.BooleanField(help_text="期限是否暂定（还会变动）")
    closed_on = s.DateField(allow_null=True, help_text="办结日期")


class HandedPage(s.Serializer[Any]):
    """A page of a list."""

    items = HandedSummary(many=True, help_text="移交的申请，新的在前")
    next = s.URLField(allow_null=True, help_text="下一页的地址；没有更多时为 null")


class WaitedFor(s.Serializer[Any]):
    """Something that is awaited."""

    what = s.CharField(help_text="在等什么")
    due_on = s.DateField(allow_null=True, help_text="等到哪一天")


class CaseResult(s.Serializer[Any]):
    """How an application ended."""

    category = s.CharField(help_text="处理结果大类的代码")
    category_name = s.CharField(help_text="处理结果大类")
    name = s.CharField(help_text="处理结果")


class CourseLine(s.Serializer[Any]):
    """Something that happened."""

    on = s.DateField(help_text="日期")
    words = s.CharField(help_text="说明")


class HandedDetail(HandedSummary):
    """A case with its dates and how they were counted."""

    provisional_reason = s.CharField(help_text="为什么是暂定")
    overdue_days = s.IntegerField(help_text="逾期几个工作日")
    replied_on = s.DateField(allow_null=True, help_text="答复日期")
    result = CaseResult(allow_null=True, help_text="处理结果；答复发出之前为 null")
    waits = WaitedFor(many=True, help_text="在等待的事项")
    trace = s.ListField(child=s.CharField(), help_text="期限是怎样算出来的，一步一行")
    course = CourseLine(many=True, help_text="办理经过")


class HandedTaken(HandedDetail):
    """What a delivery is answered with."""

    query_code = s.CharField(help_text="查询码，请转告申请人；凭此在网上查询，不要另作他用")
    follow_url = s.URLField(help_text="申请人查询办理进度的网页")
    repeated = s.BooleanField(help_text="这个编号先前已经移交过，本次没有重复登记")


class HandedChange(s.Serializer[Any]):
    """An event of a case that was handed over."""

    sequence = s.IntegerField(help_text="次序，只增不减；同一步的几件事次序相同")
    id = s.UUIDField(help_text="移交的标识")
    sender_no = s.CharField(help_text="发送方编号")
    register_no = s.CharField(help_text="登记编号")
    on = s.DateField(help_text="发生的日期")
    recorded_at = s.DateTimeField(help_text="录入时间")
    words = s.CharField(help_text="说明")
    status = s.CharField(help_text="此后的办理情况，可以直接告诉申请人")
    due_on = s.DateField(allow_null=True, help_text="此后的法定期限")


class HandedChanges(s.Serializer[Any]):
    """A stretch of the order."""

    items = HandedChange(many=True, help_text="进展，按次序")
    cursor = s.CharField(help_text="下次用作 since 的游标")
    more = s.BooleanField(help_text="是否还有没读完的进展")


class Counted(s.Serializer[Any]):
    """A number with its name."""

    name = s.CharField(help_text="名称")
    number = s.IntegerField(allow_null=True, help_text="件数；为 null 的只在 together 中合并列出，以免指向个人")


class CountedParts(s.Serializer[Any]):
    """The parts of a number."""

    items = Counted(many=True, help_text="各部分")
    together = s.IntegerField(help_text="单独列出会指向个人的各部分合计")


class TableRow(s.Serializer[Any]):
    """A row of a table of the annual report."""

    code = s.CharField(help_text="行的代码")
    name = s.CharField(help_text="行的名称")
    numbers = s.DictField(child=s.IntegerField(), help_text="各列的数字，total 为合计")


class FiguresOfYear(s.Serializer[Any]):
    """The figures of a year."""

    year = s.IntegerField(help_text="年份")
    unit = UnitRef(allow_null=True, help_text="单位；全部单位合计的为 null")
    received = s.IntegerField(help_text="收到多少件")
    ended = s.IntegerField(help_text="办结多少件")
    open = s.IntegerField(help_text="年末（当年为目前）在办多少件")
    replied = s.IntegerField(help_text="答复多少件")
    in_time = s.IntegerField(help_text="其中按时答复多少件")
    average_days = s.FloatField(allow_null=True, help_text="平均几个工作日答复")
    results = CountedParts(help_text="处理结果")
    channels = CountedParts(help_text="收到的渠道")
    applications = s.ListField(child=TableRow(), allow_null=True, help_text="年度报告第三张表；当年还没有结束的为 null")
    disputes = s.ListField(child=TableRow(), allow_null=True, help_text="年度报告第四张表")
    consistent = s.BooleanField(allow_null=True, help_text="两张表的勾稽关系是否都成立")
