"""The record of what was before the public, from when and until when; nothing in it is ever changed."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from gongkai.features.disclosure.models.items import DIGEST, Item, Revision
from gongkai.features.disclosure.models.schedules import Bundle, Schedule


def database_time() -> models.Func:
    """Return the database's own clock as a default of a column; triggers put it there whatever was given."""
    return models.Func(function="clock_timestamp", output_field=models.DateTimeField())


class Publication(models.Model):
    """That exactly this content of an item was put before the public at a moment (append-only by trigger).

    ``number`` counts the publications of one item from 1. ``unit_name`` and ``unit`` are the publishing unit as it was
    called then; a unit renamed later does not rewrite what was published. ``title``, ``item_kind``, ``doc_no``,
    ``columns`` and ``files`` (digests of the attachments, then of the pictures) are copies out of the revision for
    lists; a trigger compares them. ``published_at`` is the moment from which the public reads it and may lie a few
    seconds ahead of ``recorded_at``; ``entered_at`` is the database's own clock. The end, if there is one, is its own
    record.
    """

    class Kind(models.TextChoices):
        FIRST = "first", "首次发布"
        CORRECTION = "correction", "更正发布"
        AGAIN = "again", "再次发布"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="publications")
    number = models.PositiveIntegerField("次序")
    kind = models.CharField("发布类别", max_length=20, choices=Kind.choices)
    revision = models.ForeignKey(Revision, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField("摘要值", max_length=64)
    approval = models.ForeignKey("approvals.Approval", on_delete=models.PROTECT, related_name="+")
    gate_run = models.ForeignKey("disclosure.GateRun", on_delete=models.PROTECT, related_name="+")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="publications")
    schedule = models.ForeignKey(Schedule, on_delete=models.PROTECT, null=True, blank=True, related_name="publications")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+")
    unit_name = models.CharField("发布单位名称", max_length=200)
    title = models.CharField("标题", max_length=300)
    item_kind = models.CharField("信息种类", max_length=40)
    doc_no = models.CharField("文号", max_length=100, blank=True)
    columns = models.JSONField("栏目", default=list, blank=True)
    files = models.JSONField("附件和图片的摘要值", default=list, blank=True)
    published_at = models.DateTimeField("发布时间")
    recorded_at = models.DateTimeField("记录时间")
    entered_at = models.DateTimeField("入库时间", db_default=database_time(), editable=False)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "发布记录"
        ordering = ["-published_at", "-id"]
        indexes = [
            models.Index(fields=["-published_at", "-id"], name="publication_latest"),
            models.Index(fields=["unit", "-published_at", "-id"], name="publication_of_unit"),
            models.Index(fields=["item_kind", "-published_at", "-id"], name="publication_of_kind"),
            models.Index(fields=["doc_no"], condition=~Q(doc_no=""), name="publication_doc_no"),
            GinIndex(fields=["columns"], opclasses=["jsonb_ops"], name="publication_columns"),
            GinIndex(fields=["files"], opclasses=["jsonb_ops"], name="publication_files"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="publication_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="publication_counts_from_1"),
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="publication_digest_is_one"),
            # The day cannot be forged: nothing is recorded as published before it was recorded, scheduling included.
            models.CheckConstraint(
                condition=Q(published_at__gte=models.F("recorded_at")), name="publication_is_not_backdated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} 第{self.number}次发布"


class PublicationEnd(models.Model):
    """That a publication stopped being before the public, why, and where its readers are sent (append-only)."""

    class Kind(models.TextChoices):
        SUPERSEDED = "superseded", "由新版本替换"
        WITHDRAWN = "withdrawn", "撤下"
        ERROR = "error", "误发"
        MERGED = "merged", "并入其他信息"
        EXPIRED = "expired", "到期下架"

    publication = models.OneToOneField(Publication, on_delete=models.PROTECT, related_name="end")
    ended_at = models.DateTimeField("结束时间")
    recorded_at = models.DateTimeField("记录时间")
    entered_at = models.DateTimeField("入库时间", db_default=database_time(), editable=False)
    kind = models.CharField("原因类别", max_length=20, choices=Kind.choices)
    reason = models.TextField("原因", blank=True)
    redirect_to = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = verbose_name_plural = "发布终止记录"
        ordering = ["-ended_at", "-id"]
        indexes = [models.Index(fields=["ended_at"], name="publicationend_ended")]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["superseded", "expired"]) | ~Q(reason=""), name="publicationend_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(kind="merged") | Q(redirect_to__isnull=False), name="publicationend_merged_leads_on"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__gte=models.F("recorded_at")), name="publicationend_is_not_backdated"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.publication_id} {self.get_kind_display()}"
