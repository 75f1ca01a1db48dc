"""Applications and who made them.

What has happened to an application stands in its events (``events.CaseEvent``). The columns from ``stage`` on repeat what
they add up to, so that boards can be asked by the database; they are written with every event and never by themselves.
"""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from gongkai.domain.deadlines import State
from gongkai.domain.foi.figures import ApplicantClass
from gongkai.domain.foi.model import DELIVERY_NAMES, STAGE_NAMES, Stage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.domain.foi.wishes import FORM_NAMES
from gongkai.features.foi.models.words import SubjectPairs
from gongkai.kernel.sealed import DigestField, SealedTextField, Shown

APPLICANT_CLASSES = {
    ApplicantClass.NATURAL_PERSON: "自然人",
    ApplicantClass.BUSINESS: "商业企业",
    ApplicantClass.RESEARCH: "科研机构",
    ApplicantClass.PUBLIC_INTEREST: "社会公益组织",
    ApplicantClass.LEGAL_SERVICE: "法律服务机构",
    ApplicantClass.OTHER_ORG: "其他组织",
}
_CLASSES = [(one.value, label) for one, label in APPLICANT_CLASSES.items()]
_FORMS = [(one.value, label) for one, label in FORM_NAMES.items()]
_DELIVERIES = [(one.value, label) for one, label in DELIVERY_NAMES.items()]


class Applicant(models.Model):
    """Who made one application (art. 29), sealed; ``kind`` is the class of table three of the annual report.

    One row an application: what a person wrote then is not changed by what the person writes later. The digests find other
    applications of the same person by identity number or phone, without opening anything.
    """

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("申请人类别", max_length=20, choices=_CLASSES)
    name = SealedTextField("姓名或者名称", row="uid", shown=Shown.NAME)
    name_digest = DigestField(of="name")
    id_number = SealedTextField("证件号码", row="uid", shown=Shown.ID_NUMBER, null=True)
    id_number_digest = DigestField(of="id_number")
    org_code = SealedTextField("统一社会信用代码", row="uid", null=True)
    representative = SealedTextField("法定代表人", row="uid", shown=Shown.NAME, null=True)
    contact_name = SealedTextField("联系人", row="uid", shown=Shown.NAME, null=True)
    phone = SealedTextField("联系电话", row="uid", shown=Shown.PHONE, null=True)
    phone_digest = DigestField(of="phone")
    email = SealedTextField("电子邮箱", row="uid", shown=Shown.EMAIL, null=True)
    address = SealedTextField("联系地址", row="uid", shown=Shown.ADDRESS, null=True)
    erased_at = models.DateTimeField("个人信息销毁时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "申请人"
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[one for one, _ in _CLASSES]), name="applicant_kind_known")
        ]

    def __str__(self) -> str:
        return str(self.name) if self.erased_at is None else "已销毁"


class Application(models.Model):
    """One application to one organ; ``unit`` is the organ that was asked.

    ``register_no`` is given when it comes in, without gaps in a unit and year. ``query_code`` opens the applicant's page
    without an account. ``started_on`` is the day by which the law of the case is chosen. ``event_count`` is the number of
    the last event. ``due_on`` is the statutory last day, ``target_on`` the local target beside it; they are read again when
    the calendar changes.
    """

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="受理单位")
    register_no = models.CharField("登记编号", max_length=60)
    query_code = SealedTextField("查询码", row="uid")
    query_digest = DigestField(of="query_code")
    applicant = models.OneToOneField(
        Applicant, on_delete=models.PROTECT, related_name="application", verbose_name="申请人"
    )
    channel = models.CharField("申请渠道", max_length=30, choices=[(one.value, CHANNEL_NAMES[one]) for one in Channel])

    subject = models.CharField("所需信息名称", max_length=200)
    doc_no = models.CharField("文号", max_length=120, blank=True)
    description = models.TextField("其他特征描述")
    wanted_form = models.CharField("希望获取的形式", max_length=20, choices=_FORMS)
    wanted_delivery = models.CharField("希望获取的途径", max_length=20, choices=_DELIVERIES)
    started_on = models.DateField("提交日期")
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="经办人",
    )

    stage = models.CharField("阶段", max_length=30, choices=[(one.value, STAGE_NAMES[one]) for one in Stage])
    event_count = models.PositiveIntegerField("事件数", default=0)
    received_on = models.DateField("收到申请之日", null=True, blank=True)
    due_on = models.DateField("法定期限", null=True, blank=True)
    target_on = models.DateField("内部时限", null=True, blank=True)
    provisional = models.BooleanField("期限待确定", default=False)
    clock_state = models.CharField(
        "计时状态", max_length=20, choices=[(one.value, one.value) for one in State], default=State.NOT_STARTED.value
    )
    wait_due_on = models.DateField("等待期满日", null=True, blank=True)
    replied_on = models.DateField("答复日期", null=True, blank=True)
    disposition = models.CharField("处理决定", max_length=60, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "register_no"], name="application_number_once"),
            models.CheckConstraint(condition=~Q(register_no=""), name="application_has_a_number"),
            models.CheckConstraint(condition=~Q(subject="") & ~Q(description=""), name="application_asks_something"),
            models.CheckConstraint(condition=Q(stage__in=[one.value for one in Stage]), name="application_stage_known"),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True) | Q(disposition__gt="") | Q(stage__in=["split", "moved", "merged"]),
                name="application_closed_with_result",
            ),
        ]
        indexes = [
            models.Index(fields=["unit", "stage", "due_on", "id"], name="application_board"),
            models.Index(fields=["unit", "due_on", "id"], condition=Q(closed_on__isnull=True), name="application_open"),
            models.Index(fields=["unit", "-created_at", "-id"], name="application_newest"),
            models.Index(
                fields=["unit", "closed_on", "id"],
                include=["register_no"],
                condition=Q(closed_on__isnull=False),
                name="application_ended",
            ),
            models.Index(fields=["unit", "channel", "closed_on", "id"], name="application_channel"),
            models.Index(fields=["received_on", "unit"], include=["channel", "stage"], name="application_received"),
            models.Index(
                fields=["handler", "closed_on", "id"], condition=Q(handler__isnull=False), name="application_handled"
            ),
            GinIndex(SubjectPairs("unit", "subject"), name="application_pairs"),
        ]

    def __str__(self) -> str:
        return self.register_no
