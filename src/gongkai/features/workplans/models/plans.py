"""A yearly plan, and the import it came from."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class WorkPlan(models.Model):
    """A yearly plan as issued (工作要点、工作方案、任务分解表).

    ``owner`` is the unit whose disclosure office keeps the ledger. ``visibility`` says what the public may see; a plan
    is before the public exactly while ``published_at`` is set.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "草稿"
        ACTIVE = "active", "执行中"
        ARCHIVED = "archived", "已归档"

    class Visibility(models.TextChoices):
        HIDDEN = "hidden", "不公开"
        PROGRESS = "progress", "公开进度"
        PROGRESS_AND_NOTES = "progress_and_notes", "公开进度和说明"

    class Kind(models.TextChoices):
        PLAN_TEXT = "plan_text", "文字方案"
        TASK_TABLE = "task_table", "任务分解表"
        MIXED = "mixed", "方案附分解表"
        SCHEDULE = "schedule", "时间安排表"
        NOT_A_PLAN = "not_a_plan", "其他文件"

    title = models.CharField("标题", max_length=300)
    doc_no = models.CharField("文号", max_length=100, blank=True)
    year = models.PositiveSmallIntegerField("年度")
    issued_on = models.DateField("印发日期", null=True, blank=True)
    kind = models.CharField("形式", max_length=20, choices=Kind.choices, default=Kind.PLAN_TEXT)
    owner = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="主管单位")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.ACTIVE)
    visibility = models.CharField("公开范围", max_length=20, choices=Visibility.choices, default=Visibility.HIDDEN)
    published_at = models.DateTimeField("公开时间", null=True, blank=True)
    source_file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="原文件"
    )
    source_sha256 = models.CharField("原文件指纹", max_length=64, blank=True)
    schedule = models.JSONField("时间安排", default=list, blank=True)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("建立时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "工作要点（方案）"
        ordering = ["-year", "-id"]
        indexes = [models.Index(fields=["state", "-year"], name="workplan_state_year")]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["draft", "active", "archived"]), name="workplan_state_known"),
            models.CheckConstraint(
                condition=Q(visibility="hidden", published_at__isnull=True)
                | (
                    Q(visibility__in=["progress", "progress_and_notes"], published_at__isnull=False) & ~Q(state="draft")
                ),
                name="workplan_public_has_day",
            ),
            models.CheckConstraint(condition=Q(year__gte=2000, year__lte=2199), name="workplan_year_range"),
            models.CheckConstraint(
                condition=~Q(state="active") | Q(confirmed_at__isnull=False), name="workplan_active"
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(archived_at__isnull=False), name="workplan_archived"
            ),
            models.UniqueConstraint(
                fields=["owner", "doc_no"], condition=~Q(doc_no=""), name="workplan_doc_no_once_an_owner"
            ),
            models.UniqueConstraint(
                fields=["owner", "source_sha256"], condition=~Q(source_sha256=""), name="workplan_file_once_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PlanImport(models.Model):
    """A plan document between upload and confirmation.

    ``parsed`` is what the reader understood and never changes. ``tasks`` is the working copy that people correct,
    ``decisions`` says for each phrase which unit or group it means, ``corrections`` lists who changed what. ``revision``
    grows with each change, so that two people do not overwrite each other.
    """

    class State(models.TextChoices):
        OPEN = "open", "待确认"
        CONFIRMED = "confirmed", "已确认"
        DISCARDED = "discarded", "已放弃"

    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="原文件")
    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("文件指纹", max_length=64)
    owner = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="主管单位")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN)
    source = models.JSONField("原文各行", default=list)
    parsed = models.JSONField("识别结果")
    heading = models.JSONField("文件信息", default=dict)
    tasks = models.JSONField("任务", default=list)
    decisions = models.JSONField("单位对照", default=dict, blank=True)
    corrections = models.JSONField("修改记录", default=list, blank=True)
    revision = models.PositiveIntegerField("版次", default=1)
    plan = models.OneToOneField(
        WorkPlan, on_delete=models.PROTECT, null=True, blank=True, related_name="plan_import", verbose_name="形成的方案"
    )
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField("上传时间")
    changed_at = models.DateTimeField("最后修改")

    class Meta:
        verbose_name = verbose_name_plural = "方案导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["state", "-id"], name="planimport_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="confirmed", plan__isnull=False)
                | Q(state__in=["open", "discarded"], plan__isnull=True),
                name="planimport_confirmed_has_plan",
            ),
            models.UniqueConstraint(
                fields=["owner", "sha256"], condition=Q(state="open"), name="planimport_open_once_an_owner"
            ),
        ]

    def __str__(self) -> str:
        return self.name
