"""What is on record about an item: ledger entries and evidence."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class LedgerEntry(models.Model):
    """One dated line of the ledger (台账): progress reported, a step of the sign-off, a changed date.

    Rows are only added. ``verb`` is a verb of ``domain.ledger`` or one of ``EXTRA``; ``details`` holds what was before and
    after where that is more than a state.
    """

    EXTRA = {
        "create": "建立",
        "evidence_add": "添加佐证",
        "evidence_remove": "移除佐证",
        "check_open": "建立检查",
        "check_record": "记录检查",
        "supervise": "发出督办单",
        "answer": "答复督办单",
        "remind": "提醒",
    }

    item = models.ForeignKey(
        "workplans.WorkItem", on_delete=models.CASCADE, related_name="entries", verbose_name="任务"
    )
    verb = models.CharField("事项", max_length=30)
    before = models.CharField("原状态", max_length=20, blank=True)
    after = models.CharField("新状态", max_length=20, blank=True)
    text = models.TextField("内容", blank=True)
    reason = models.TextField("理由", blank=True)
    percent = models.PositiveSmallIntegerField("完成比例", null=True, blank=True)
    details = models.JSONField("细节", default=dict, blank=True)
    occurred_on = models.DateField("发生日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("经办人", max_length=100)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField("时间")

    class Meta:
        verbose_name = verbose_name_plural = "台账记录"
        ordering = ["at", "id"]
        indexes = [models.Index(fields=["item", "at", "id"], name="ledgerentry_item_at")]
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__isnull=True) | Q(percent__lte=100), name="ledgerentry_percent_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.text}".strip()


class Evidence(models.Model):
    """A piece of evidence (佐证材料): a file, a page on the web, or a typed reference to an object of the platform.

    ``ref`` is a typed reference (``workplans.entry:7``). ``counted`` says whether it counts for closing and for checks.
    ``harvester`` names the counter that found it; empty when a person added it. Removed evidence stays on record.
    """

    class Kind(models.TextChoices):
        FILE = "file", "文件"
        LINK = "link", "平台内容"
        URL = "url", "网页"

    item = models.ForeignKey(
        "workplans.WorkItem", on_delete=models.CASCADE, related_name="evidence", verbose_name="任务"
    )
    check_row = models.ForeignKey(
        "workplans.Check",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="evidence",
        verbose_name="检查",
    )
    kind = models.CharField("形式", max_length=10, choices=Kind.choices)
    title = models.CharField("名称", max_length=300)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ref = models.CharField("平台引用", max_length=120, blank=True)
    url = models.URLField("网址", max_length=600, blank=True)
    occurred_on = models.DateField("发生日期")
    counted = models.BooleanField("计入", default=True)
    harvester = models.CharField("取证来源", max_length=60, blank=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("添加时间")
    removed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_reason = models.TextField("移除理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "佐证材料"
        ordering = ["occurred_on", "id"]
        indexes = [
            models.Index(
                fields=["item", "occurred_on"], condition=Q(removed_at__isnull=True), name="evidence_item_live"
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="file", file__isnull=False)
                | (Q(kind="link", file__isnull=True) & ~Q(ref=""))
                | (Q(kind="url", file__isnull=True) & ~Q(url="")),
                name="evidence_points_somewhere",
            ),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_reason=""), name="evidence_removed_with_reason"
            ),
            models.UniqueConstraint(
                fields=["item", "ref"],
                condition=~Q(ref="") & Q(removed_at__isnull=True),
                name="evidence_reference_once_an_item",
            ),
        ]

    def __str__(self) -> str:
        return self.title
