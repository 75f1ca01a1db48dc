"""The papers of a case: what came in, what was found, what proves each step, what went out."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class CasePaper(models.Model):
    """A file that belongs to a case.

    ``kind`` says what it is; ``evidence`` is the code of the line of the result's checklist that it settles (several papers
    may settle one line). Identity proofs are kept sealed: ``sealed`` then tells that the stored bytes have to be opened.
    A paper taken out stays on record with the reason.
    """

    class Kind(models.TextChoices):
        APPLICATION = "application", "申请书及附件"
        IDENTITY = "identity", "身份证明"
        SUPPLEMENT = "supplement", "补正材料"
        OPINION = "opinion", "征求意见往来"
        RECORD = "record", "查找到的信息"
        REDACTED = "redacted", "区分处理后的信息"
        EVIDENCE = "evidence", "办理依据"
        LETTER = "letter", "文书"
        SERVICE = "service", "送达凭证"
        REMEDY = "remedy", "复议诉讼材料"

    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="papers", verbose_name="公开申请"
    )
    kind = models.CharField("类别", max_length=20, choices=Kind.choices)
    evidence = models.CharField("对应的证据项", max_length=60, blank=True)
    title = models.CharField("名称", max_length=200)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    note = models.TextField("说明", blank=True)
    sealed = models.BooleanField("加密保存", default=False)
    letter = models.CharField("文书种类", max_length=60, blank=True)
    letter_no = models.CharField("文号", max_length=120, blank=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_by_name = models.CharField("添加人", max_length=150)
    added_at = models.DateTimeField("添加时间")
    removed_at = models.DateTimeField("移除时间", null=True, blank=True)
    removed_reason = models.TextField("移除理由", blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "案卷材料"
        ordering = ["application_id", "added_at", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="casepaper_has_a_title"),
            models.CheckConstraint(condition=Q(file__isnull=False) | ~Q(note=""), name="casepaper_says_something"),
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | ~Q(removed_reason=""), name="casepaper_removed_with_reason"
            ),
            models.CheckConstraint(condition=~Q(kind="identity") | Q(sealed=True), name="casepaper_identity_sealed"),
        ]
        indexes = [models.Index(fields=["application", "kind"], name="casepaper_of_application")]

    def __str__(self) -> str:
        return self.title
