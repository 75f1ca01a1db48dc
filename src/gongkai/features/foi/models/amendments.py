"""Requests to amend one's own record (更正本人信息, art. 41): a procedure of its own beside applications for disclosure."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.domain.foi.amendment import AMENDMENT_OUTCOME_NAMES, AMENDMENT_STAGE_NAMES, AmendmentStage
from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel
from gongkai.features.foi.models.applications import Applicant
from gongkai.features.foi.models.events import DatedStep
from gongkai.kernel.sealed import DigestField, SealedTextField


class AmendmentRequest(models.Model):
    """Somebody asks a unit to amend a record about the own person.

    What is wrong and how it should read is about the person, so it is sealed like the person's data; ``record`` names the
    record only. What happened stands in ``AmendmentEvent``; the columns from ``stage`` on repeat what that adds up to.
    ``handed_from`` is the request of the unit that handed it over.
    """

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="受理单位")
    register_no = models.CharField("登记编号", max_length=60)
    query_code = SealedTextField("查询码", row="uid")
    query_digest = DigestField(of="query_code")
    applicant = models.OneToOneField(
        Applicant, on_delete=models.PROTECT, related_name="amendment", verbose_name="申请人"
    )
    channel = models.CharField("渠道", max_length=30, choices=[(one.value, CHANNEL_NAMES[one]) for one in Channel])
    record = models.CharField("记录名称", max_length=200)
    wrong = SealedTextField("记录中不准确的内容", row="uid")
    wanted = SealedTextField("应当怎样记录", row="uid")
    started_on = models.DateField("提出日期")
    handed_from = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="handed_to", verbose_name="转送自"
    )
    created_at = models.DateTimeField("录入时间")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    stage = models.CharField(
        "阶段", max_length=20, choices=[(one.value, name) for one, name in AMENDMENT_STAGE_NAMES.items()]
    )
    event_count = models.PositiveIntegerField("事件数", default=0)
    received_on = models.DateField("收到日期", null=True, blank=True)
    due_on = models.DateField("办理期限", null=True, blank=True)
    provisional = models.BooleanField("期限待确定", default=False)
    outcome = models.CharField(
        "处理结果",
        max_length=20,
        blank=True,
        choices=[(one.value, name) for one, name in AMENDMENT_OUTCOME_NAMES.items()],
    )
    organ = models.CharField("有权更正的机关", max_length=120, blank=True)
    decided_on = models.DateField("处理日期", null=True, blank=True)
    told_on = models.DateField("告知日期", null=True, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "更正申请"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "register_no"], name="amendmentrequest_number_once"),
            models.CheckConstraint(condition=~Q(register_no="") & ~Q(record=""), name="amendmentrequest_names_record"),
            models.CheckConstraint(
                condition=Q(stage__in=[one.value for one in AmendmentStage]), name="amendmentrequest_stage_known"
            ),
        ]
        indexes = [models.Index(fields=["unit", "stage", "due_on", "id"], name="amendmentrequest_board")]

    def __str__(self) -> str:
        return self.register_no


class AmendmentEvent(DatedStep):
    """One accepted step of a request (``domain.foi.amendment``)."""

    amendment = models.ForeignKey(
        AmendmentRequest, on_delete=models.PROTECT, related_name="events", verbose_name="更正申请"
    )
    verb = models.CharField("步骤", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "更正申请的办理事件"
        ordering = ["amendment_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["amendment", "number"], name="amendmentevent_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="amendmentevent_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.on}"


class AmendmentPaper(models.Model):
    """A file of a request: proof of identity (sealed), proof that the record is wrong (sealed), letters that went out.

    Without a ``file`` its term is over, or the request was destroyed: the line stays.
    """

    class Kind(models.TextChoices):
        IDENTITY = "identity", "身份证明"
        PROOF = "proof", "证据材料"
        LETTER = "letter", "文书"
        OTHER = "other", "其他材料"

    amendment = models.ForeignKey(
        AmendmentRequest, on_delete=models.PROTECT, related_name="papers", verbose_name="更正申请"
    )
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    title = models.CharField("名称", max_length=200)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    sealed = models.BooleanField("加密保存", default=False)
    letter = models.CharField("文书种类", max_length=60, blank=True)
    letter_no = models.CharField("文号", max_length=120, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by_name = models.CharField("添加人", max_length=150)
    added_at = models.DateTimeField("添加时间")

    class Meta:
        verbose_name = verbose_name_plural = "更正申请的材料"
        ordering = ["amendment_id", "added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="amendmentpaper_has_a_title"),
            models.CheckConstraint(
                condition=~Q(kind__in=["identity", "proof"]) | Q(sealed=True), name="amendmentpaper_proofs_sealed"
            ),
        ]

    def __str__(self) -> str:
        return self.title
