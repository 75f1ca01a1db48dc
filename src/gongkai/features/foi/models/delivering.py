"""How a letter came to whom it was meant for, with its proof (送达回证)."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.domain.foi.delivering import END_NAMES, End
from gongkai.domain.foi.model import DELIVERY_NAMES, Delivery
from gongkai.kernel.sealed import SealedTextField, Shown


class LetterDelivery(models.Model):
    """What is known of the delivery of one letter; a correction is a further row with its reason, the newest one holds.

    ``way`` is how it goes, ``end`` how it ended (empty while it is under way). ``read_at`` is when a letter that was put
    online was first opened. ``proof`` is the paper that proves it. Whoever signed for it is sealed.
    """

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    paper = models.ForeignKey("foi.CasePaper", on_delete=models.PROTECT, related_name="deliveries", verbose_name="文书")
    number = models.PositiveIntegerField("序号")
    way = models.CharField("送达方式", max_length=20, choices=[(one.value, DELIVERY_NAMES[one]) for one in Delivery])
    sent_on = models.DateField("送出日期")
    posting_no = models.CharField("邮寄凭证号", max_length=60, blank=True)
    end = models.CharField("送达结果", max_length=20, blank=True, choices=[(one.value, END_NAMES[one]) for one in End])
    ended_on = models.DateField("送达日期", null=True, blank=True)
    read_at = models.DateTimeField("网上查阅时间", null=True, blank=True)
    signed_by = SealedTextField("签收人", row="uid", shown=Shown.NAME, null=True)
    note = models.TextField("情况说明", blank=True)
    proof = models.ForeignKey("foi.CasePaper", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("更正理由", max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("登记人", max_length=150)
    at = models.DateTimeField("登记时间")

    class Meta:
        verbose_name = verbose_name_plural = "送达记录"
        ordering = ["paper_id", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="letterdelivery_number_once"),
            models.CheckConstraint(
                condition=Q(end="", ended_on__isnull=True) | (~Q(end="") & Q(ended_on__isnull=False)),
                name="letterdelivery_end_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("sent_on")), name="letterdelivery_ends_after"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.paper_id} 第{self.number}次"
