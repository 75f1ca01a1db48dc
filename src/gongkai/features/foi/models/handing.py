"""Applications that another system handed over by the interface."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class HandOver(models.Model):
    """That a connected system handed over an application under a number of its own; the number makes it once only.

    ``digest`` is a keyed digest of what was sent: the same number with other content is a mistake of the sender. What a
    system may ask about is what stands here under its name.
    """

    uid = models.UUIDField("标识", default=uuid.uuid4, unique=True, editable=False)
    system = models.ForeignKey(
        "tokens.ConnectedSystem", on_delete=models.PROTECT, related_name="+", verbose_name="移交系统"
    )
    token = models.ForeignKey("tokens.AccessToken", on_delete=models.PROTECT, related_name="+", verbose_name="访问令牌")
    application = models.OneToOneField(
        "foi.Application", on_delete=models.PROTECT, related_name="hand_over", verbose_name="公开申请"
    )
    sender_no = models.CharField("发送方编号", max_length=64)
    digest = models.CharField("内容摘要值", max_length=64)
    handed_at = models.DateTimeField("移交时间")

    class Meta:
        verbose_name = verbose_name_plural = "接口移交"
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["system", "sender_no"], name="handover_number_once"),
            models.CheckConstraint(condition=~Q(sender_no=""), name="handover_has_a_number"),
        ]
        indexes = [models.Index(fields=["system", "id"], name="handover_of_system")]

    def __str__(self) -> str:
        return self.sender_no
