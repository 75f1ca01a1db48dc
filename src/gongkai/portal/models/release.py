"""The places of items in the lists of the static release, and what has changed since it was rendered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class ReleaseList(models.Model):
    """A list of the public site: how many numbers it has given out, and how many of its items it shows."""

    key = models.CharField("列表", max_length=60, unique=True)
    count = models.PositiveIntegerField("已编号", default=0)
    shown = models.PositiveIntegerField("在列", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "静态发布列表"
        ordering = ["key"]
        constraints = [
            models.CheckConstraint(condition=Q(shown__lte=models.F("count")), name="releaselist_shows_what_it_has")
        ]

    def __str__(self) -> str:
        return self.key


class Slot(models.Model):
    """The place of an item in a list, given once and for good; ``shown`` is false where it has left a gap."""

    list = models.ForeignKey(ReleaseList, on_delete=models.PROTECT, related_name="slots")
    number = models.PositiveIntegerField("位置")
    item = models.ForeignKey("disclosure.Item", on_delete=models.PROTECT, related_name="+")
    shown = models.BooleanField("在列", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "列表位置"
        ordering = ["list", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["list", "number"], name="slot_number_once"),
            models.UniqueConstraint(fields=["item", "list"], name="slot_item_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="slot_counts_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.list} {self.number}"


class ReleaseChange(models.Model):
    """That something which public pages show has changed, from ``due_at`` on.

    Triggers write it in the transaction of the change itself; it is taken away when the pages are written.
    """

    subject = models.CharField("对象", max_length=20)
    key = models.CharField("标识", max_length=60, blank=True)
    due_at = models.DateTimeField("从何时起")

    class Meta:
        verbose_name = verbose_name_plural = "待发布的变动"
        ordering = ["due_at", "id"]
        indexes = [models.Index(fields=["due_at", "id"], name="releasechange_due")]

    def __str__(self) -> str:
        return f"{self.subject} {self.key}"
