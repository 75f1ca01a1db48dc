"""Documents that arrived and wait for a person, and the text that was recognized in scans."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.features.disclosure.models.items import DIGEST


class Intake(models.Model):
    """One document that was handed in: what was read, what is proposed, and what became of it.

    ``source`` are the lines for the left side of the screen (``{"line", "text", "page", "part", "doubt"}``),
    ``proposals`` what is proposed for the fields, ``body`` the blocks, ``left_out`` the lines that are in no block,
    ``notes`` what reading told, ``findings`` what the content check found; sentences, ready to be shown.
    """

    class State(models.TextChoices):
        RECOGNIZING = "recognizing", "文字识别中"
        OPEN = "open", "待核对"
        CONFIRMED = "confirmed", "已转为信息"
        DISCARDED = "discarded", "已放弃"
        FAILED = "failed", "识别没有成功"

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="原文件")
    name = models.CharField("文件名", max_length=255)
    sha256 = models.CharField("摘要值", max_length=64)
    format = models.CharField("格式", max_length=10)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.OPEN)
    source = models.JSONField("原文", default=list, blank=True)
    proposals = models.JSONField("识别结果", default=list, blank=True)
    body = models.JSONField("正文", default=list, blank=True)
    left_out = models.JSONField("未列入正文", default=list, blank=True)
    notes = models.JSONField("读取提示", default=list, blank=True)
    findings = models.JSONField("内容检查", default=list, blank=True)
    text_digest = models.CharField("文本摘要", max_length=64, blank=True)
    item = models.ForeignKey(
        "disclosure.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="intakes", verbose_name="信息"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("上传时间")
    changed_at = models.DateTimeField("最后变动")

    class Meta:
        verbose_name = verbose_name_plural = "收件"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "state", "-id"], name="intake_unit_state"),
            models.Index(fields=["sha256"], name="intake_sha256"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=DIGEST), name="intake_digest_is_one"),
            models.CheckConstraint(
                condition=Q(state="confirmed", item__isnull=False) | (~Q(state="confirmed") & Q(item__isnull=True)),
                name="intake_confirmed_has_item",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class OcrJob(models.Model):
    """The recognition of one file page by page; pages that are done stand in ``TextLayer`` and are not done again."""

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在识别"
        DONE = "done", "已完成"
        FAILED = "failed", "没有成功"
        CANCELED = "canceled", "已取消"

    intake = models.OneToOneField(Intake, on_delete=models.CASCADE, related_name="ocr", verbose_name="收件")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    pages_done = models.PositiveIntegerField("已识别页数", default=0)
    pages_total = models.PositiveIntegerField("总页数", default=0)
    error = models.TextField("没有成功的原因", blank=True)
    requested_at = models.DateTimeField("申请时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "文字识别任务"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(pages_done__lte=F("pages_total")), name="ocrjob_pages_in_bounds"),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "canceled"], finished_at__isnull=False),
                name="ocrjob_end_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.intake_id} {self.get_state_display()}"


class TextLayer(models.Model):
    """What was recognized on one page of a file: ``words`` are ``{"text", "score", "box"}`` in reading order.

    ``score`` is the engine's confidence from 0 to 1, ``box`` left, top, right, bottom in shares of the page. ``engine``
    names program and version. A page of the same bytes is recognized once, whoever hands it in.
    """

    sha256 = models.CharField("文件摘要值", max_length=64)
    page = models.PositiveIntegerField("页码")
    words = models.JSONField("文字", default=list, blank=True)
    score = models.FloatField("平均置信度", default=0)
    engine = models.CharField("识别引擎", max_length=100)
    created_at = models.DateTimeField("识别时间")

    class Meta:
        verbose_name = verbose_name_plural = "文字层"
        ordering = ["sha256", "page"]
        constraints = [
            models.UniqueConstraint(fields=["sha256", "page"], name="textlayer_page_once"),
            models.CheckConstraint(condition=Q(sha256__regex=DIGEST), name="textlayer_digest_is_one"),
            models.CheckConstraint(condition=Q(score__gte=0) & Q(score__lte=1), name="textlayer_score_is_a_share"),
            models.CheckConstraint(condition=Q(page__gte=1), name="textlayer_counts_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.sha256[:8]} 第{self.page}页"
