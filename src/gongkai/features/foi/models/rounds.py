"""What each round of a case came to, for figures that are counted by the database."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.domain.foi.receipt import CHANNEL_NAMES, Channel


class CaseRound(models.Model):
    """One round of a case that was replied to or is over (``domain.foi.rounds``): one row, and one more a reopening.

    It repeats what the events say and is written with them; a nightly job writes what is missing. A later round leaves the
    earlier rows alone, so that the figures of past years stay. ``counted`` marks the round whose end is the one result of
    the case (the first end). ``handler`` is whoever handled the case then.
    """

    application = models.ForeignKey(
        "foi.Application", on_delete=models.CASCADE, related_name="rounds", db_index=False, verbose_name="公开申请"
    )
    number = models.PositiveSmallIntegerField("第几轮")
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, related_name="+", db_index=False, verbose_name="受理单位"
    )
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,
        verbose_name="经办人",
    )
    channel = models.CharField("申请渠道", max_length=30, choices=[(one.value, CHANNEL_NAMES[one]) for one in Channel])
    received_on = models.DateField("起算日")
    replied_on = models.DateField("答复日期", null=True, blank=True)
    ended_on = models.DateField("办结日期", null=True, blank=True)
    disposition = models.CharField("处理决定", max_length=60, blank=True)
    due_on = models.DateField("法定期限", null=True, blank=True)
    target_on = models.DateField("内部时限", null=True, blank=True)
    used_days = models.PositiveIntegerField("用时（工作日）", null=True, blank=True)
    late_days = models.PositiveIntegerField("逾期（工作日）", default=0)
    extended = models.BooleanField("延长过", default=False)
    counted = models.BooleanField("计入办结", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "办理轮次"
        ordering = ["application_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="caseround_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="caseround_number_positive"),
            models.CheckConstraint(
                condition=Q(replied_on__isnull=False) | Q(ended_on__isnull=False), name="caseround_replied_or_over"
            ),
            models.CheckConstraint(
                condition=Q(counted=False) | Q(ended_on__isnull=False), name="caseround_counted_is_over"
            ),
        ]
        indexes = [
            # What the figures count stands in the indexes, so that a year is counted without its rows.
            models.Index(
                fields=["replied_on", "unit"],
                include=["handler", "target_on", "used_days", "late_days", "extended"],
                condition=Q(replied_on__isnull=False),
                name="caseround_replied",
            ),
            models.Index(
                fields=["ended_on", "unit"],
                include=["handler", "disposition"],
                condition=Q(counted=True),
                name="caseround_ended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} 第{self.number}轮"
