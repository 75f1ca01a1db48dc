"""Campaigns: applications that ask for the same, answered together and each still its own case; and batches of steps."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Campaign(models.Model):
    """Applications to one unit that ask for the same (同类申请), so that they are prepared once and each is answered."""

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="受理单位")
    name = models.CharField("名称", max_length=100)
    note = models.TextField("说明", blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by_name = models.CharField("建立人", max_length=150)
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "同类申请"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "name"], name="campaign_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="campaign_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class CampaignMember(models.Model):
    """An application in a campaign, in one at most; ``share`` is how much of the wording was in common, in per cent."""

    campaign = models.ForeignKey(Campaign, on_delete=models.PROTECT, related_name="members", verbose_name="同类申请")
    application = models.OneToOneField(
        "foi.Application", on_delete=models.PROTECT, related_name="membership", verbose_name="公开申请"
    )
    share = models.PositiveSmallIntegerField("相同文字（%）", null=True, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by_name = models.CharField("归入人", max_length=150)
    added_at = models.DateTimeField("归入时间")

    class Meta:
        verbose_name = verbose_name_plural = "同类申请中的一件"
        ordering = ["campaign_id", "application_id"]
        indexes = [models.Index(fields=["campaign", "application"], name="campaignmember_of_campaign")]
        constraints = [
            models.CheckConstraint(
                condition=Q(share__isnull=True) | Q(share__lte=100), name="campaignmember_share_in_per_cent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.campaign_id} {self.application_id}"


class BatchRun(models.Model):
    """One step for many applications of a unit: tried on all of them first, then done chunk by chunk.

    ``step`` is a verb of a case or one of ``services.batches``; ``values`` say with what, as plain values. The counters
    repeat the lines. ``issues`` are sentences about the whole run.
    """

    class State(models.TextChoices):
        TRYING = "trying", "正在试算"
        TRIED = "tried", "试算完成，等待确认"
        RUNNING = "running", "正在办理"
        DONE = "done", "已完成"
        STOPPED = "stopped", "已停止"

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="受理单位")
    campaign = models.ForeignKey(
        Campaign, on_delete=models.PROTECT, null=True, blank=True, related_name="runs", verbose_name="同类申请"
    )
    step = models.CharField("办理事项", max_length=40)
    title = models.CharField("内容", max_length=200)
    values = models.JSONField("填写的内容")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.TRYING)
    total = models.PositiveIntegerField("总件数", default=0)
    passed = models.PositiveIntegerField("可以办理", default=0)
    done = models.PositiveIntegerField("已办理", default=0)
    refused = models.PositiveIntegerField("不能办理", default=0)
    issues = models.JSONField("整批问题", default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_by_name = models.CharField("办理人", max_length=150)
    created_at = models.DateTimeField("建立时间")
    started_at = models.DateTimeField("开始办理时间", null=True, blank=True)
    finished_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量办理"
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["unit", "-id"], name="batchrun_unit"),
            models.Index(fields=["campaign", "-id"], name="batchrun_campaign"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["trying", "tried", "running"], finished_at__isnull=True)
                | Q(state__in=["done", "stopped"], finished_at__isnull=False),
                name="batchrun_end_has_time",
            ),
            models.CheckConstraint(
                condition=Q(total__gte=F("passed") + F("done") + F("refused")), name="batchrun_counts_lines"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BatchLine(models.Model):
    """One application of a batch: what the trial said, and what became of it; ``told`` are the reasons in sentences.

    ``seen`` is the number of the last event of the case when it was tried: a case that moved since then is not touched.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "等待试算"
        PASSED = "passed", "可以办理"
        DONE = "done", "已办理"
        REFUSED = "refused", "不能办理"

    run = models.ForeignKey(BatchRun, on_delete=models.CASCADE, related_name="lines", verbose_name="批量办理")
    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="+", verbose_name="公开申请"
    )
    seen = models.PositiveIntegerField("试算时的事件数", default=0)
    state = models.CharField("结果", max_length=20, choices=State.choices, default=State.WAITING)
    told = models.TextField("原因", blank=True)
    paper = models.ForeignKey(
        "foi.CasePaper", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="文书"
    )
    done_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "批量办理中的一件"
        ordering = ["run_id", "id"]
        indexes = [models.Index(fields=["run", "state", "id"], name="batchline_state")]
        constraints = [
            models.UniqueConstraint(fields=["run", "application"], name="batchline_once"),
            models.CheckConstraint(condition=~Q(state="refused") | ~Q(told=""), name="batchline_refused_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.application_id}"
