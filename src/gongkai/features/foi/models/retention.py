"""How long a case is kept, what holds its destruction up, and the yearly review before anything is destroyed.

A case is an application for disclosure or a request to amend one's own record (art. 41): both pass the same review.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.features.foi.models.amendments import AmendmentRequest
from gongkai.features.foi.models.applications import Application

_OF_ONE = Q(application__isnull=False, amendment__isnull=True) | Q(application__isnull=True, amendment__isnull=False)


class OfCase(models.Model):
    """A row about one case: an application, or a request for amendment."""

    application: Application | None
    amendment: AmendmentRequest | None

    class Meta:
        abstract = True

    @property
    def case(self) -> Application | AmendmentRequest:
        """Return what the row is about."""
        found = self.application or self.amendment
        assert found is not None  # the table checks it
        return found


class CaseHold(OfCase):
    """Nothing of the case may be destroyed while this stands (冻结): an audit, an inquiry, a suit elsewhere."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="holds", verbose_name="公开申请"
    )
    amendment = models.ForeignKey(
        AmendmentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="holds", verbose_name="更正申请"
    )
    reason = models.TextField("理由")
    placed_by_name = models.CharField("冻结人", max_length=150)
    placed_at = models.DateTimeField("冻结时间")
    lifted_by_name = models.CharField("解除人", max_length=150, blank=True)
    lifted_at = models.DateTimeField("解除时间", null=True, blank=True)
    lift_reason = models.TextField("解除理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "案卷冻结"
        ordering = ["-placed_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=_OF_ONE, name="casehold_of_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="casehold_has_reason"),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | ~Q(lift_reason=""), name="casehold_lifted_with_reason"
            ),
        ]
        indexes = [
            models.Index(fields=["application"], condition=Q(lifted_at__isnull=True), name="casehold_standing"),
            models.Index(fields=["amendment"], condition=Q(lifted_at__isnull=True), name="casehold_of_amendment"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id or self.amendment_id} {self.placed_at:%Y-%m-%d}"


class RetentionTerm(OfCase):
    """A term that a review set in the place of the usual one; the newest counts. ``until`` None keeps for good (永久)."""

    application = models.ForeignKey(
        Application, on_delete=models.PROTECT, null=True, blank=True, related_name="terms", verbose_name="公开申请"
    )
    amendment = models.ForeignKey(
        AmendmentRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="terms", verbose_name="更正申请"
    )
    until = models.DateField("保管至", null=True, blank=True)
    reason = models.TextField("理由")
    set_by_name = models.CharField("确定人", max_length=300)
    set_at = models.DateTimeField("确定时间")

    class Meta:
        verbose_name = verbose_name_plural = "案卷保管期限"
        ordering = ["application", "-set_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=_OF_ONE, name="retentionterm_of_one"),
            models.CheckConstraint(condition=~Q(reason=""), name="retentionterm_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.application_id or self.amendment_id} {self.until or '永久'}"


class DestructionList(models.Model):
    """The cases of a unit whose term was over when the list of a year was drawn (销毁鉴定清单)."""

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    year = models.PositiveIntegerField("年度")
    drawn_by_name = models.CharField("编制人", max_length=150)
    drawn_at = models.DateTimeField("编制时间")

    class Meta:
        verbose_name = verbose_name_plural = "销毁鉴定清单"
        ordering = ["-year", "unit"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="destructionlist_once_a_year")]

    def __str__(self) -> str:
        return f"{self.year} {self.unit_id}"


class DestructionLine(OfCase):
    """One case on a list: what the first reviewer found, whether a second person agrees, and when it was destroyed.

    A trigger lets the texts of a case's events go only while a line of it says: destroy, agreed, by two persons, not
    carried out yet (docs/adr/0019-destruction.md).
    """

    class Verdict(models.TextChoices):
        DESTROY = "destroy", "销毁"
        EXTEND = "extend", "延长保管"
        PERMANENT = "permanent", "永久保管"

    list = models.ForeignKey(DestructionList, on_delete=models.PROTECT, related_name="lines", verbose_name="清单")
    application = models.ForeignKey(
        Application,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="destruction_lines",
        verbose_name="公开申请",
    )
    amendment = models.ForeignKey(
        AmendmentRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="destruction_lines",
        verbose_name="更正申请",
    )
    kept_until = models.DateField("保管至")
    verdict = models.CharField("鉴定意见", max_length=20, choices=Verdict.choices, blank=True)
    new_until = models.DateField("延长至", null=True, blank=True)
    reason = models.TextField("鉴定理由", blank=True)
    first_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    first_by_name = models.CharField("鉴定人", max_length=150, blank=True)
    first_at = models.DateTimeField("鉴定时间", null=True, blank=True)
    agreed = models.BooleanField("复核同意", default=False)
    second_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    second_by_name = models.CharField("复核人", max_length=150, blank=True)
    second_at = models.DateTimeField("复核时间", null=True, blank=True)
    erased_at = models.DateTimeField("销毁时间", null=True, blank=True)
    erased_files = models.PositiveIntegerField("销毁文件数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "销毁鉴定"
        ordering = ["list", "application"]
        constraints = [
            models.CheckConstraint(condition=_OF_ONE, name="destructionline_of_one"),
            models.UniqueConstraint(fields=["list", "application"], name="destructionline_once"),
            models.UniqueConstraint(fields=["list", "amendment"], name="destructionline_amendment_once"),
            models.CheckConstraint(
                condition=Q(verdict="") | (~Q(reason="") & Q(first_by__isnull=False)),
                name="destructionline_with_reason",
            ),
            models.CheckConstraint(
                condition=~Q(verdict="extend") | Q(new_until__isnull=False), name="destructionline_extended_until"
            ),
            models.CheckConstraint(
                condition=Q(agreed=False) | (Q(second_by__isnull=False) & ~Q(second_by=F("first_by")) & ~Q(verdict="")),
                name="destructionline_two_persons",
            ),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(agreed=True, verdict="destroy"),
                name="destructionline_erased_when_agreed",
            ),
        ]
        indexes = [models.Index(fields=["application"], name="destructionline_of_case")]

    def __str__(self) -> str:
        return f"{self.application_id or self.amendment_id} {self.get_verdict_display()}"
