"""What is known about a stored file. The bytes lie in the file store under their digest; equal bytes are kept once."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class StoredFile(models.Model):
    """One file that somebody handed in or the program wrote.

    ``sha256`` names the bytes (64 small hexadecimal digits), ``size`` is in bytes. ``target_type`` and ``target_id`` name
    the object the file belongs to (``workplans.item``, ``12``); who may read it is asked of that object's feature.
    """

    sha256 = models.CharField("摘要值", max_length=64, db_index=True)
    name = models.CharField("文件名", max_length=255)
    size = models.BigIntegerField("大小（字节）")
    media_type = models.CharField("媒体类型", max_length=100)
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="上传人",
    )
    created_at = models.DateTimeField("存入时间")
    target_type = models.CharField("所属对象类型", max_length=60, blank=True)
    target_id = models.CharField("所属对象编号", max_length=100, blank=True)

    class Meta:
        verbose_name = "文件"
        verbose_name_plural = "文件"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["target_type", "target_id"], name="storedfile_target")]
        constraints = [
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="storedfile_sha256_is_a_digest"),
            models.CheckConstraint(condition=Q(size__gt=0), name="storedfile_is_not_empty"),
            models.CheckConstraint(condition=~Q(name=""), name="storedfile_has_a_name"),
            models.CheckConstraint(
                condition=Q(target_type="", target_id="") | (~Q(target_type="") & ~Q(target_id="")),
                name="storedfile_target_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name
