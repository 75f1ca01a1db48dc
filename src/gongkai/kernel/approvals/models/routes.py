"""Routes that an office made itself, and which route holds where. The shipped routes stand in the rulebook."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.kernel.approvals.models.approvals import Purpose


class RouteVersion(models.Model):
    """One version of a route as an office wrote it; append-only, the highest number of a code holds.

    A version with the code of a shipped route stands in place of it. ``content`` is ``domain.approval.Route.as_data()``.
    """

    code = models.CharField("路线代码", max_length=60)
    number = models.PositiveIntegerField("版本")
    name = models.CharField("名称", max_length=120)
    content = models.JSONField("内容")
    note = models.CharField("修改说明", max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="修改人"
    )
    created_at = models.DateTimeField("修改时间")

    class Meta:
        verbose_name = "审批路线版本"
        verbose_name_plural = verbose_name
        ordering = ["code", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["code", "number"], name="routeversion_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="routeversion_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.name}（第{self.number}版）"


class RouteAssignment(models.Model):
    """Which route holds for a unit and those below it, a column and a kind; empty means any. Ended, never deleted."""

    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="单位"
    )
    column = models.CharField("栏目代码", max_length=80, blank=True)
    kind = models.CharField("信息种类", max_length=80, blank=True)
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices, default=Purpose.ORDINARY)
    route_code = models.CharField("路线代码", max_length=60)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="设定人"
    )
    assigned_at = models.DateTimeField("设定时间")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="取消人",
    )
    ended_at = models.DateTimeField("取消时间", null=True, blank=True)

    class Meta:
        verbose_name = "审批路线的适用"
        verbose_name_plural = verbose_name
        ordering = ["-assigned_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "column", "kind", "purpose"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="routeassignment_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("assigned_at")),
                name="routeassignment_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return (
            f"{self.unit or '所有单位'} · {self.column or '所有栏目'} · {self.kind or '所有种类'} → {self.route_code}"
        )
