"""Saved searches that tell by mail what is new. Who asked is an address and nothing else; it is kept sealed.

Rows go when they are not needed any more: what nobody confirmed after some days, what somebody stopped at once, and an
address with its last alert. No row is part of an export, and no address stands in the audit trail or in a log.
"""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from gongkai.domain.search.alerts import Frequency
from gongkai.kernel.sealed import DigestField, SealedTextField, Shown

FREQUENCIES = [(one.value, one.label) for one in Frequency]


class AlertReader(models.Model):
    """An address to which alerts go. ``address`` is sealed, ``address_key`` a keyed digest by which it is found again."""

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    address = SealedTextField("邮箱地址", row="uid", shown=Shown.EMAIL)
    address_key = DigestField("邮箱地址的摘要", of="address", unique=True)
    made_at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "提醒的收件人"

    def __str__(self) -> str:
        return str(self.uid)


class SearchAlert(models.Model):
    """A saved search of a reader; it works from ``confirmed_at`` on, never before.

    ``text`` is the query as it is shown again, ``filters`` facet → code, ``query_key`` names both. ``since`` is the
    moment up to which publications were looked at, ``due_at`` when to look again.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="alerts", verbose_name="收件人")
    text = models.CharField("检索词", max_length=120, blank=True)
    filters = models.JSONField("条件", default=dict, blank=True)
    query_key = models.CharField("检索的摘要", max_length=64)
    frequency = models.CharField("频率", max_length=10, choices=FREQUENCIES)
    asked_at = models.DateTimeField("登记时间")
    confirmed_at = models.DateTimeField("确认时间", null=True, blank=True)
    since = models.DateTimeField("查看至", null=True, blank=True)
    due_at = models.DateTimeField("下次查看", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索提醒"
        ordering = ["asked_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["reader", "query_key"], name="searchalert_once"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(since__isnull=False, due_at__isnull=False),
                name="searchalert_confirmed_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], name="searchalert_due", condition=Q(confirmed_at__isnull=False)),
            models.Index(fields=["asked_at"], name="searchalert_waiting", condition=Q(confirmed_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.text or "全部"


class AlertMail(models.Model):
    """A mail to a reader. ``begun_at`` is written before the mail server is asked, ``sent_at`` after it took the mail.

    What is begun and not sent may have gone out; it is never sent again. ``again_at``: the server refused, and is asked
    once more then; ``ended_at``: nothing is left to be sent, or the server has refused too often.
    """

    class Kind(models.TextChoices):
        CONFIRM = "confirm", "请确认"
        LINK = "link", "管理链接"
        NEWS = "news", "有新公开的"

    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="mails", verbose_name="收件人")
    kind = models.CharField("种类", max_length=10, choices=Kind.choices)
    alert = models.ForeignKey(SearchAlert, on_delete=models.CASCADE, null=True, related_name="+", verbose_name="提醒")
    made_at = models.DateTimeField("生成时间")
    again_at = models.DateTimeField("发送时间")
    tries = models.PositiveSmallIntegerField("次数", default=0)
    begun_at = models.DateTimeField("开始发送", null=True, blank=True)
    sent_at = models.DateTimeField("已发送", null=True, blank=True)
    ended_at = models.DateTimeField("不再发送", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "提醒邮件"
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["again_at"],
                name="alertmail_waiting",
                condition=Q(begun_at__isnull=True, sent_at__isnull=True, ended_at__isnull=True),
            ),
            models.Index(fields=["made_at"], name="alertmail_made"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"


class AlertNews(models.Model):
    """That a reader is told of a publication, once, whatever number of their searches finds it."""

    reader = models.ForeignKey(AlertReader, on_delete=models.CASCADE, related_name="+", verbose_name="收件人")
    mail = models.ForeignKey(AlertMail, on_delete=models.CASCADE, related_name="news", verbose_name="邮件")
    alert = models.ForeignKey(SearchAlert, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name="提醒")
    publication_id = models.BigIntegerField("发布记录")
    published_at = models.DateTimeField("发布时间")

    class Meta:
        verbose_name = verbose_name_plural = "已通知的发布"
        ordering = ["-published_at", "-publication_id"]
        constraints = [models.UniqueConstraint(fields=["reader", "publication_id"], name="alertnews_once")]

    def __str__(self) -> str:
        return str(self.publication_id)
