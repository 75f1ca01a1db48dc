"""Typed references between objects of features that do not know each other."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q


class Link(models.Model):
    """``source`` stands in ``relation`` to ``target``: the work item 12 has as evidence the file 7.

    Both ends are a type (``workplans.item``) and an id; no foreign keys, so that either end may live in any feature.
    """

    source_type = models.CharField("来源类型", max_length=60)
    source_id = models.CharField("来源编号", max_length=100)
    relation = models.CharField("关系", max_length=60)
    target_type = models.CharField("目标类型", max_length=60)
    target_id = models.CharField("目标编号", max_length=100)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="建立人",
    )
    at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = "关联"
        verbose_name_plural = "关联"
        ordering = ["id"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="link_target")]
        constraints = [
            models.UniqueConstraint(
                fields=["source_type", "source_id", "relation", "target_type", "target_id"], name="link_once"
            ),
            models.CheckConstraint(
                condition=~Q(source_type=F("target_type"), source_id=F("target_id")), name="link_not_to_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} —{self.relation}→ {self.target}"

    @property
    def source(self) -> str:
        """Return the reference of the source (``workplans.item:12``)."""
        return f"{self.source_type}:{self.source_id}"

    @property
    def target(self) -> str:
        """Return the reference of the target (``files.file:7``)."""
        return f"{self.target_type}:{self.target_id}"
