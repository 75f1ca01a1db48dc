"""Connected systems and their tokens. A token is revoked or runs out; neither is ever deleted."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class ConnectedSystem(models.Model):
    """Another system that calls ours, and who answers for it there.

    ``unit`` bounds it to one unit; without one it may speak for the whole installation. What it has handed over belongs
    to the system, so that a new token sees what was sent with the old one.
    """

    name = models.CharField("系统名称", max_length=60, unique=True)
    contact = models.CharField("联系人和电话", max_length=120)
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="限定单位"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间")

    class Meta:
        verbose_name = verbose_name_plural = "接入系统"
        ordering = ["name"]
        constraints = [models.CheckConstraint(condition=~Q(name=""), name="connectedsystem_has_a_name")]

    def __str__(self) -> str:
        return self.name


class AccessToken(models.Model):
    """What a system shows to be let in. ``key`` names it and may be seen by staff; the secret part is kept as ``digest``.

    ``scopes`` are codes of ``scopes.register_scopes``; ``networks`` are addresses or networks it must come from (empty:
    from anywhere). ``until_on`` is the last day. ``last_used_at`` is exact to some minutes.
    """

    system = models.ForeignKey(
        ConnectedSystem, on_delete=models.PROTECT, related_name="tokens", verbose_name="接入系统"
    )
    key = models.CharField("令牌编号", max_length=12, unique=True)
    digest = models.CharField("摘要值", max_length=64, unique=True)
    scopes = models.JSONField("权限范围", default=list)
    networks = models.JSONField("允许的来源地址", default=list)
    until_on = models.DateField("有效期至")
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    issued_at = models.DateTimeField("签发时间")
    last_used_at = models.DateTimeField("最近使用", null=True, blank=True)
    last_used_from = models.CharField("最近来源", max_length=45, blank=True)
    revoked_at = models.DateTimeField("吊销时间", null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_reason = models.CharField("吊销理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "访问令牌"
        ordering = ["system_id", "-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(scopes=[]), name="accesstoken_is_for_something"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | ~Q(revoked_reason=""), name="accesstoken_revoked_with_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"gk_{self.key}_…"
