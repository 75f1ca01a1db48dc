"""Who may sign although the post is another's, or without an account."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.kernel.accounts.roles import LABELS


class Delegation(models.Model):
    """A person signs for another in one role of one unit between two days (inclusive); revoked, never deleted.

    Nobody hands on what was handed to him: a delegation counts only while the giver holds the post himself.
    """

    giver = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_given", verbose_name="委托人"
    )
    to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="delegations_held", verbose_name="受托人"
    )
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    role = models.CharField("岗位", max_length=30, choices=[(role.value, label) for role, label in LABELS.items()])
    from_on = models.DateField("自")
    until_on = models.DateField("至")
    reason = models.CharField("事由", max_length=300)
    given_at = models.DateTimeField("委托时间")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="收回人",
    )
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = "签批委托"
        verbose_name_plural = verbose_name
        ordering = ["-from_on", "-id"]
        indexes = [models.Index(fields=["to", "until_on"], name="delegation_by_holder")]
        constraints = [
            models.CheckConstraint(condition=Q(until_on__gte=F("from_on")), name="delegation_ends_after_it_begins"),
            models.CheckConstraint(condition=~Q(giver=F("to")), name="delegation_not_to_oneself"),
        ]

    def __str__(self) -> str:
        return f"{self.giver} → {self.to} · {self.get_role_display()}"


class SigningLink(models.Model):
    """A link by which somebody without an account signs one step once. Only the hash of its token is kept.

    ``contact_key`` is the contact without blanks and marks, by which the person is told apart from other signers.
    """

    step = models.ForeignKey(
        "approvals.ApprovalStep", on_delete=models.PROTECT, related_name="signing_links", verbose_name="步骤"
    )
    token_hash = models.CharField("令牌摘要值", max_length=64, unique=True)
    name = models.CharField("姓名", max_length=60)
    organization = models.CharField("单位或身份", max_length=120, blank=True)
    contact = models.CharField("联系方式", max_length=120)
    contact_key = models.CharField(max_length=100, editable=False)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name="发出人"
    )
    issued_at = models.DateTimeField("发出时间")
    expires_at = models.DateTimeField("有效至")
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="收回人",
    )
    revoked_at = models.DateTimeField("收回时间", null=True, blank=True)

    class Meta:
        verbose_name = "一次性签署链接"
        verbose_name_plural = verbose_name
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("issued_at")), name="signinglink_expires_after_it_is_issued"
            ),
            models.CheckConstraint(condition=~Q(contact_key=""), name="signinglink_has_contact"),
        ]

    def __str__(self) -> str:
        return f"{self.name} · {self.step}"
