"""Recurring duties and the checks they bring."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Duty(models.Model):
    """What recurs on an item: a number of times a period (每月至少1次), or a look at a standing duty (长期坚持).

    ``harvester`` names a counter of the platform that finds evidence by itself; empty when people add it.
    """

    class Kind(models.TextChoices):
        PERIODIC = "periodic", "定期任务"
        STANDING = "standing", "长期坚持"

    class Period(models.TextChoices):
        WEEK = "week", "每周"
        MONTH = "month", "每月"
        TWO_MONTHS = "two_months", "每两个月"
        QUARTER = "quarter", "每季度"
        HALF_YEAR = "half_year", "每半年"
        YEAR = "year", "每年"

    item = models.ForeignKey("workplans.WorkItem", on_delete=models.CASCADE, related_name="duties", verbose_name="任务")
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    period = models.CharField("周期", max_length=20, choices=Period.choices)
    times = models.PositiveSmallIntegerField("每期次数", default=1)
    phrase = models.CharField("原文写法", max_length=200, blank=True)
    starts_on = models.DateField("开始日期")
    ends_on = models.DateField("结束日期", null=True, blank=True)
    harvester = models.CharField("自动取证来源", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定期任务"
        ordering = ["item_id", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(times__gte=1), name="duty_times_positive"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")), name="duty_ends_after_start"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase or f"{self.get_period_display()}{self.times}次"


class Check(models.Model):
    """One look at an item: of one period of a duty, or at an earlier date of the clause (milestone).

    ``required`` times are asked for. ``counted`` is fixed when the check is recorded; before that it is counted from
    the evidence. The unique constraint makes opening a period's check safe to repeat.
    """

    class Kind(models.TextChoices):
        PERIODIC = "periodic", "定期检查"
        STANDING = "standing", "长期坚持检查"
        MILESTONE = "milestone", "阶段时限"

    class State(models.TextChoices):
        OPEN = "open", "待检查"
        KEPT = "kept", "已落实"
        MISSED = "missed", "未落实"
        VOID = "void", "不再需要"

    item = models.ForeignKey("workplans.WorkItem", on_delete=models.CASCADE, related_name="checks", verbose_name="任务")
    duty = models.ForeignKey(
        Duty, on_delete=models.CASCADE, null=True, blank=True, related_name="checks", verbose_name="定期任务"
    )
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    label = models.CharField("期次", max_length=200)
    from_on = models.DateField("期初", null=True, blank=True)
    due_on = models.DateField("截止日期")
    required = models.PositiveSmallIntegerField("要求次数", default=1)
    counted = models.PositiveIntegerField("实际次数", null=True, blank=True)
    state = models.CharField("结果", max_length=20, choices=State.choices, default=State.OPEN)
    note = models.TextField("说明", blank=True)
    opened_at = models.DateTimeField("建立时间")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    recorded_at = models.DateTimeField("记录时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检查"
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(fields=["item", "due_on"], name="check_item_due"),
            models.Index(fields=["due_on"], condition=Q(state="open"), name="check_open_due"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["open", "kept", "missed", "void"]), name="check_state_known"),
            models.CheckConstraint(
                condition=Q(state="open", recorded_at__isnull=True)
                | Q(state__in=["kept", "missed", "void"], recorded_at__isnull=False),
                name="check_result_has_day",
            ),
            models.CheckConstraint(condition=~Q(state="missed") | ~Q(note=""), name="check_missed_has_reason"),
            models.CheckConstraint(
                condition=Q(kind="milestone", duty__isnull=True)
                | Q(kind__in=["periodic", "standing"], duty__isnull=False, from_on__isnull=False),
                name="check_duty_by_kind",
            ),
            models.UniqueConstraint(fields=["duty", "from_on"], name="check_once_a_period"),
        ]

    def __str__(self) -> str:
        return self.label
