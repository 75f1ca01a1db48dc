"""The events that a case consists of, and what they have in common with those of reviews and amendments."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class DatedStep(models.Model):
    """What every row of a course of events has; rows are only added, a trigger keeps them.

    ``number`` counts the rows of one course from 1. ``on`` is the day it happened, ``at`` the moment it was entered: a
    thing entered late is seen to have been entered late.
    """

    number = models.PositiveIntegerField("序号")
    on = models.DateField("发生日期")
    data = models.JSONField("内容")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("录入人", max_length=150)
    at = models.DateTimeField("录入时间")

    class Meta:
        abstract = True


class CaseEvent(DatedStep):
    """One dated event of a case (``domain.foi.events``), the only record of what happened; ``data`` is ``event_to_data``."""

    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="events", verbose_name="公开申请"
    )
    kind = models.CharField("事件", max_length=60)

    class Meta:
        verbose_name = verbose_name_plural = "办理事件"
        ordering = ["application_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="caseevent_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="caseevent_number_positive"),
        ]
        indexes = [models.Index(fields=["kind", "on"], name="caseevent_by_kind")]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
