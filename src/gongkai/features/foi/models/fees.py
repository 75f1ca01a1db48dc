"""Decisions about the processing fee: how it was reckoned, what is asked for, why less, and the proof of payment."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.domain.foi.fees import METHOD_NAMES


class FeeDecision(models.Model):
    """One decision to charge a fee, less of it, or none (条例 art. 42; 国办函〔2020〕109号); amounts in fen.

    When notice was given, delivered, paid or lapsed stands in the events of the case; here stands why it is this amount.
    ``before`` is how many applications of the same applicant came before in the month (by cases), ``units`` what is
    counted, ``lines`` the working as it was shown. The newest row without ``replaced_at`` holds.
    """

    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="fee_decisions", verbose_name="公开申请"
    )
    month = models.DateField("计费月份")
    method = models.CharField(
        "收费方式", max_length=20, choices=[(one.value, name) for one, name in METHOD_NAMES.items()]
    )
    before = models.PositiveIntegerField("此前件数", default=0)
    units = models.PositiveIntegerField("计收数量")
    reckoned_fen = models.PositiveBigIntegerField("应收金额（分）")
    amount_fen = models.PositiveBigIntegerField("收取金额（分）")
    lines = models.JSONField("计费明细", default=list)
    reason = models.TextField("减免理由", blank=True)
    units_reason = models.TextField("计收数量的说明", blank=True)
    decided_by = models.CharField("决定人", max_length=60)
    decided_on = models.DateField("决定日期")
    paid_fen = models.PositiveBigIntegerField("实缴金额（分）", null=True, blank=True)
    receipt_no = models.CharField("财政票据号", max_length=60, blank=True)
    proof = models.ForeignKey(
        "foi.CasePaper", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="缴费凭证"
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    entered_by_name = models.CharField("录入人", max_length=150)
    entered_at = models.DateTimeField("录入时间")
    replaced_at = models.DateTimeField("被替代时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "信息处理费决定"
        ordering = ["application_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["application"], condition=Q(replaced_at__isnull=True), name="feedecision_one_holds"
            ),
            models.CheckConstraint(condition=Q(amount_fen__lte=F("reckoned_fen")), name="feedecision_no_more"),
            models.CheckConstraint(
                condition=Q(amount_fen=F("reckoned_fen")) | ~Q(reason=""), name="feedecision_less_with_reason"
            ),
            models.CheckConstraint(condition=~Q(decided_by=""), name="feedecision_somebody_decided"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id} {self.amount_fen}"
