"""Which application goes on as which: parts of a split paper, moved papers, copies, and repeats of an earlier one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class CaseLink(models.Model):
    """One application goes on as another, or repeats it.

    ``source`` is the paper that was split, moved or merged, or the repeat; ``target`` the part, the case at the other unit,
    the case under which a copy goes on, or the earlier application. Moved cases lie in two units: each sees its own end.
    """

    class Kind(models.TextChoices):
        SPLIT = "split", "拆分"
        MOVED = "moved", "移送"
        MERGED = "merged", "并案"
        REPEATS = "repeats", "重复申请"

    source = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="links_on", verbose_name="原申请"
    )
    target = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="links_back", verbose_name="关联的申请"
    )
    kind = models.CharField("关系", max_length=20, choices=Kind.choices)
    on = models.DateField("日期")
    made_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "申请的关联"
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "target"], name="caselink_once"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="caselink_to_another"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.on}"
