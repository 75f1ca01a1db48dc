"""What readers say of the page of an item. Nobody is named in it: no account, no address of a machine is kept."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.portal.feedback import LONGEST


class PageFeedback(models.Model):
    """Whether the page of an item was of use to a reader, in a click and perhaps a few words.

    ``title`` and ``unit_id`` are the item's when it was said; personal data in ``text`` is masked before it is written.
    It is done with when somebody of the unit has closed it with a note of what was changed.
    """

    item_uid = models.UUIDField("信息")
    title = models.CharField("标题", max_length=300)
    unit_id = models.BigIntegerField("单位")
    useful = models.BooleanField("有用")
    text = models.CharField("说明", max_length=LONGEST, blank=True)
    said_at = models.DateTimeField("时间")
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name="办结人"
    )
    closed_at = models.DateTimeField("办结时间", null=True)
    note = models.CharField("处理情况", max_length=LONGEST, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "页面评价"
        ordering = ["-said_at", "-id"]
        indexes = [
            models.Index(fields=["unit_id", "item_uid"], name="pagefeedback_unit_item"),
            models.Index(fields=["item_uid", "said_at"], name="pagefeedback_item_time"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | ~Q(note=""), name="pagefeedback_closed_with_a_note"
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（{'有用' if self.useful else '没用'}）"
