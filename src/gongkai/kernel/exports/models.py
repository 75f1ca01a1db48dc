"""What every table of exports has."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ExportBase(models.Model):
    """A spreadsheet that a person asked for and a job writes.

    ``query`` is the query string that narrows the list; what the person may see is asked when the job runs. The file
    belongs to the person alone and is deleted after the days that the rulebook gives.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "排队中"
        RUNNING = "running", "正在生成"
        DONE = "done", "已完成"
        FAILED = "failed", "没有成功"
        EXPIRED = "expired", "已过期清理"

    query = models.TextField("筛选条件", blank=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    rows_done = models.PositiveIntegerField("已写行数", default=0)
    rows_total = models.PositiveIntegerField("总行数", default=0)
    file = models.ForeignKey(
        "files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文件"
    )
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="申请人"
    )
    requested_at = models.DateTimeField("申请时间")
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["-id"]
        indexes = [models.Index(fields=["requested_by", "-id"], name="%(class)s_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", file__isnull=False) | (~Q(state="done") & Q(file__isnull=True)),
                name="%(class)s_done_has_file",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "failed", "expired"], finished_at__isnull=False),
                name="%(class)s_end_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self._meta.verbose_name}{self.pk}"
