"""The last number given out in each register."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Register(models.Model):
    """One series of numbers in one year, of one unit or (``unit`` is null) of the whole installation.

    ``last`` is the last number that was taken; the next one is ``last + 1``. Rows are changed under a row lock only.
    """

    series = models.CharField("系列", max_length=60)
    year = models.PositiveSmallIntegerField("年份")
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    last = models.PositiveIntegerField("最近一个编号", default=0)

    class Meta:
        verbose_name = "登记簿"
        verbose_name_plural = "登记簿"
        ordering = ["series", "year", "unit_id"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "unit"], condition=Q(unit__isnull=False), name="register_once_a_unit"
            ),
            models.UniqueConstraint(
                fields=["series", "year"], condition=Q(unit__isnull=True), name="register_once_for_all"
            ),
            models.CheckConstraint(condition=Q(year__gte=1949, year__lte=9999), name="register_year_is_a_year"),
            models.CheckConstraint(condition=~Q(series=""), name="register_has_a_series"),
        ]

    def __str__(self) -> str:
        return f"{self.series} {self.year}：{self.last}"
