"""What is counted."""

from __future__ import annotations

from django.db import models


class RateCount(models.Model):
    """How often one place did one kind of thing, counted until a moment; then it begins anew, and is deleted by a job.

    ``place`` is a keyed digest of the address. The table is UNLOGGED (see the migration).
    """

    kind = models.CharField("事项", max_length=40)
    place = models.CharField("来处标识", max_length=64)
    count = models.PositiveIntegerField("次数")
    until = models.DateTimeField("计到", db_index=True)

    class Meta:
        verbose_name = "访问频率计数"
        verbose_name_plural = verbose_name
        constraints = [models.UniqueConstraint(fields=["kind", "place"], name="throttle_once_a_place")]

    def __str__(self) -> str:
        return f"{self.kind} {self.place[:8]} {self.count}"
