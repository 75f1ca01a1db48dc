"""Imports of many documents at once, row by row."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ImportBatch(models.Model):
    """A folder, an archive or a list with files that becomes items row by row; what is done stays done.

    ``archive`` is a ZIP of the documents, ``sheet`` a list (XLSX) with a row for each; ``folder`` a folder on the server.
    ``history``: the documents were published elsewhere before; their dates are kept, and they need approval like any
    other. ``issues`` are sentences about the whole batch.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        READING = "reading", "正在清点"
        RUNNING = "running", "正在导入"
        DONE = "done", "已完成"
        FAILED = "failed", "没有成功"
        CANCELED = "canceled", "已停止"

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    name = models.CharField("名称", max_length=255)
    kind = models.CharField("信息种类", max_length=40)
    archive = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="压缩包"
    )
    sheet = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="清单"
    )
    folder = models.TextField("服务器文件夹", blank=True)
    history = models.BooleanField("历史信息", default=False)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    issues = models.JSONField("整批问题", default=list, blank=True)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间")
    started_at = models.DateTimeField("开始时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量导入"
        ordering = ["-id"]
        indexes = [models.Index(fields=["unit", "-id"], name="importbatch_unit")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "reading", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "canceled"], finished_at__isnull=False),
                name="importbatch_end_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ImportRow(models.Model):
    """One document of a batch: ``path`` inside the archive or folder, ``values`` the cells of its row in the list.

    ``digest`` is SHA-256 of the file's bytes, or of the row's values where there is no file; within a batch one digest
    becomes one item. ``issues`` are sentences: why it failed or was left out, and what wants a look.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已导入"
        DUPLICATE = "duplicate", "重复，未导入"
        FAILED = "failed", "有问题，未导入"

    batch = models.ForeignKey(ImportBatch, on_delete=models.CASCADE, related_name="rows")
    number = models.PositiveIntegerField("行号")
    path = models.TextField("文件", blank=True)
    values = models.JSONField("清单内容", default=dict, blank=True)
    digest = models.CharField("摘要值", max_length=64, blank=True)
    state = models.CharField("结果", max_length=20, choices=State.choices, default=State.WAITING)
    issues = models.JSONField("说明", default=list, blank=True)
    title = models.CharField("标题", max_length=300, blank=True)
    item = models.ForeignKey(
        "disclosure.Item", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="信息"
    )
    done_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "导入行"
        ordering = ["batch", "number"]
        indexes = [models.Index(fields=["batch", "state", "number"], name="importrow_state")]
        constraints = [
            models.UniqueConstraint(fields=["batch", "number"], name="importrow_once"),
            models.UniqueConstraint(
                fields=["batch", "digest"], condition=Q(state="done"), name="importrow_digest_once"
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(item__isnull=False), name="importrow_item_once"),
            models.CheckConstraint(
                condition=Q(state="done", item__isnull=False, done_at__isnull=False) & ~Q(digest="")
                | (~Q(state="done") & Q(item__isnull=True)),
                name="importrow_done_has_item",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.batch_id} 第{self.number}行"
