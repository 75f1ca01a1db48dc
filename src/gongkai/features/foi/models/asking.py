"""Before an application: how often a published answer was enough, and drafts that an applicant goes on with later."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from gongkai.kernel.sealed import DigestField, SealedJSONField, SealedTextField


class Suggestion(models.Model):
    """Published items were shown to somebody about to apply; ``outcome`` is what the person did then.

    Neither who it was nor what was looked for is kept. ``LEFT`` is what it stays at when nobody answers.
    """

    class Outcome(models.TextChoices):
        LEFT = "left", "没有继续"
        HELPED = "helped", "已找到，不再申请"
        CONTINUED = "continued", "继续申请"

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    shown_on = models.DateField("日期")
    results = models.PositiveSmallIntegerField("列出的条数")
    outcome = models.CharField("结果", max_length=20, choices=Outcome.choices, default=Outcome.LEFT)

    class Meta:
        verbose_name = verbose_name_plural = "申请前的提示"
        constraints = [models.CheckConstraint(condition=Q(results__lte=5), name="suggestion_of_few")]
        indexes = [models.Index(fields=["shown_on", "outcome"], name="suggestion_by_day")]

    def __str__(self) -> str:
        return f"{self.shown_on} {self.get_outcome_display()}"


class ApplicationDraft(models.Model):
    """A form that is not finished, sealed, opened by its code alone; gone after ``kept_until`` or with the application."""

    uid = models.UUIDField("编号", default=uuid.uuid4, unique=True, editable=False)
    code = SealedTextField("草稿码", row="uid")
    code_digest = DigestField(of="code")
    values = SealedJSONField("已填写的内容", row="uid")
    saved_at = models.DateTimeField("保存时间")
    kept_until = models.DateField("保留到")

    class Meta:
        verbose_name = verbose_name_plural = "申请草稿"
        indexes = [models.Index(fields=["kept_until"], name="applicationdraft_kept")]

    def __str__(self) -> str:
        return str(self.uid)
