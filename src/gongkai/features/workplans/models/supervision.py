"""Coloured supervision notices, their templates, and what the reminder sweep has already sent."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class SupervisionNotice(models.Model):
    """A numbered supervision notice (督办单) to a unit about an item; blue, yellow or red."""

    class Color(models.TextChoices):
        BLUE = "blue", "蓝色"
        YELLOW = "yellow", "黄色"
        RED = "red", "红色"

    item = models.ForeignKey(
        "workplans.WorkItem", on_delete=models.PROTECT, related_name="notices", verbose_name="任务"
    )
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="被督办单位")
    color = models.CharField("级别", max_length=10, choices=Color.choices)
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveIntegerField("编号")
    number_text = models.CharField("文号", max_length=60, unique=True)
    reason = models.TextField("督办事由")
    requirement = models.TextField("办理要求")
    answer_due_on = models.DateField("答复期限")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="督办单文件")
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    issued_unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="发出单位")
    issued_at = models.DateTimeField("发出时间")
    answer = models.TextField("答复", blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    answered_at = models.DateTimeField("答复时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "督办单"
        ordering = ["-year", "-number"]
        indexes = [
            models.Index(fields=["answer_due_on"], condition=Q(answered_at__isnull=True), name="notice_unanswered"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(color__in=["blue", "yellow", "red"]), name="notice_color_known"),
            models.UniqueConstraint(fields=["year", "number"], name="notice_number_once"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answer="")
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer="")),
                name="notice_answer_complete",
            ),
        ]

    def __str__(self) -> str:
        return self.number_text


class NoticeTemplate(models.Model):
    """A template that an installation uploaded in place of the shipped one; the newest of a color is used."""

    color = models.CharField("级别", max_length=10, choices=SupervisionNotice.Color.choices)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", verbose_name="模板文件")
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间")

    class Meta:
        verbose_name = verbose_name_plural = "督办单模板"
        ordering = ["color", "-id"]

    def __str__(self) -> str:
        return f"{self.get_color_display()}督办单模板"


class ReminderSent(models.Model):
    """That one step of reminding was done for an item; the sweep looks here, so it may run twice or late.

    ``key`` names step and day (``before:7:2026-09-30``, ``check:12:overdue:2026-09-30``).
    """

    item = models.ForeignKey("workplans.WorkItem", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    recipients = models.PositiveIntegerField(default=0)
    sent_at = models.DateTimeField()

    class Meta:
        verbose_name = verbose_name_plural = "已发提醒"
        constraints = [models.UniqueConstraint(fields=["item", "key"], name="remindersent_once")]

    def __str__(self) -> str:
        return self.key
