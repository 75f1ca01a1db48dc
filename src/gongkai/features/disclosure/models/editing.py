"""Who is editing what right now, and how a unit's index numbers are written."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class EditingPresence(models.Model):
    """That a person had an item open for editing at a moment; told to others, never kept: old rows are swept away."""

    item = models.ForeignKey("disclosure.Item", on_delete=models.CASCADE, related_name="+")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField("最近编辑")

    class Meta:
        verbose_name = verbose_name_plural = "正在编辑"
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="editingpresence_once")]
        indexes = [models.Index(fields=["seen_at"], name="editingpresence_seen")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.user_id}"


class IndexScheme(models.Model):
    """The scheme and the code by which a unit's index numbers are written; a code belongs to one unit for ever."""

    unit = models.OneToOneField("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    scheme = models.CharField("编制规则", max_length=20)
    code = models.CharField("机构代码", max_length=18)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField("设定时间")

    class Meta:
        verbose_name = verbose_name_plural = "索引号规则"
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="indexscheme_code_once"),
            models.CheckConstraint(condition=~Q(scheme="") & ~Q(code=""), name="indexscheme_is_whole"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.code}"
