"""Notices and who does not want them by e-mail."""

from __future__ import annotations

from django.conf import settings
from django.db import models


class Level(models.TextChoices):
    """How much a notice matters."""

    INFO = "info", "提示"
    WARNING = "warning", "提醒"
    URGENT = "urgent", "紧急"


class Notice(models.Model):
    """One message to one person. The same ``dedupe_key`` reaches a person once, whatever happens twice."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name="收件人"
    )
    kind = models.CharField("类别", max_length=60)
    level = models.CharField("级别", max_length=10, choices=Level.choices, default=Level.INFO)
    title = models.CharField("标题", max_length=200)
    body = models.TextField("内容", blank=True)
    url = models.CharField("链接", max_length=500, blank=True)
    dedupe_key = models.CharField("去重键", max_length=200)
    created_at = models.DateTimeField("时间")
    read_at = models.DateTimeField("阅读时间", null=True, blank=True)
    email_wanted = models.BooleanField("需要发邮件", default=False)
    emailed_at = models.DateTimeField("邮件发送时间", null=True, blank=True)

    class Meta:
        verbose_name = "通知"
        verbose_name_plural = verbose_name
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["recipient", "dedupe_key"], name="notice_once")]
        indexes = [
            models.Index(fields=["recipient", "-created_at"], name="notice_inbox"),
            models.Index(fields=["recipient"], name="notice_unread", condition=models.Q(read_at=None)),
            models.Index(
                fields=["created_at"], name="notice_to_email", condition=models.Q(email_wanted=True, emailed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.title


class EmailOptOut(models.Model):
    """A person does not want a kind of notices by e-mail."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="人员")
    kind = models.CharField("类别", max_length=60)

    class Meta:
        verbose_name = "不接收邮件的通知类别"
        verbose_name_plural = verbose_name
        constraints = [models.UniqueConstraint(fields=["user", "kind"], name="email_opt_out_once")]
