"""An item, its revisions and the decisions on its attribute."""

from __future__ import annotations

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

DIGEST = r"^[0-9a-f]{64}$"


class Item(models.Model):
    """A piece of government information that a unit made or keeps (公开信息).

    What it says stands in its revisions; the columns here are copies for lists and the round of work it is in.
    ``state`` tells about the newest revision only: whether something is before the public is asked of publications.
    ``draft`` is what an editor has typed since ``head`` and not yet saved as a revision (autosave).
    """

    class State(models.TextChoices):
        DRAFTING = "drafting", "拟稿"
        IN_REVIEW = "in_review", "审核中"
        RETURNED = "returned", "退回修改"
        APPROVED = "approved", "审核通过"
        SCHEDULED = "scheduled", "定时待发"
        PUBLISHED = "published", "已发布"
        WITHDRAWN = "withdrawn", "已撤下"
        ON_FILE = "on_file", "审定存档（不主动公开）"
        ARCHIVED = "archived", "已归档"
        DISCARDED = "discarded", "已作废"

    class Attribute(models.TextChoices):
        PROACTIVE = "proactive", "主动公开"
        ON_APPLICATION = "on_application", "依申请公开"
        WITHHELD = "withheld", "不予公开"

    uid = models.UUIDField("公开标识", default=uuid.uuid4, unique=True, editable=False)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="发布单位")
    kind = models.CharField("信息种类", max_length=40)
    title = models.CharField("标题", max_length=300)
    doc_no = models.CharField("文号", max_length=100, blank=True)
    index_no = models.CharField("索引号", max_length=60, null=True, blank=True, unique=True)
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.DRAFTING)
    attribute = models.CharField("公开属性", max_length=20, choices=Attribute.choices, blank=True)
    grounds = models.JSONField("依据", default=list, blank=True)
    ground_note = models.TextField("理由说明", blank=True)
    attribute_decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attribute_decided_at = models.DateTimeField("属性确定时间", null=True, blank=True)
    access_limited = models.BooleanField("限制知悉范围", default=False)
    head = models.ForeignKey("Revision", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    columns = models.JSONField("栏目", default=list, blank=True)
    written_on = models.DateField("成文日期", null=True, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    draft = models.JSONField("未保存的修改", null=True, blank=True)
    draft_version = models.PositiveIntegerField("草稿版次", default=0)
    draft_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    draft_at = models.DateTimeField("草稿时间", null=True, blank=True)
    review_on = models.DateField("复核日期", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间")
    changed_at = models.DateTimeField("最后修改")
    archived_at = models.DateTimeField("归档时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开信息"
        ordering = ["-changed_at", "-id"]
        indexes = [
            models.Index(fields=["unit", "state", "-changed_at"], name="item_unit_state"),
            models.Index(fields=["state", "-changed_at"], name="item_state"),
            models.Index(fields=["-changed_at", "-id"], name="item_changed"),
            models.Index(fields=["doc_no"], condition=~Q(doc_no=""), name="item_doc_no"),
            models.Index(fields=["created_by", "-changed_at"], name="item_created_by"),
            GinIndex(fields=["columns"], opclasses=["jsonb_path_ops"], name="item_columns"),
            models.Index(fields=["review_on"], condition=Q(review_on__isnull=False), name="item_review_on"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(attribute="", attribute_decided_at__isnull=True)
                | Q(
                    attribute__in=["proactive", "on_application", "withheld"],
                    attribute_decided_at__isnull=False,
                ),
                name="item_attribute_was_decided",
            ),
            models.CheckConstraint(
                # Nothing circulates without attribute and ground (先确定公开属性，再运转呈签).
                condition=Q(state__in=["drafting", "returned", "discarded"]) | (~Q(attribute="") & ~Q(grounds=[])),
                name="item_circulates_with_attribute",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["scheduled", "published", "withdrawn"]) | Q(attribute="proactive"),
                name="item_published_is_proactive",
            ),
            models.CheckConstraint(condition=~Q(title=""), name="item_has_title"),
            models.CheckConstraint(
                condition=Q(draft__isnull=True) | Q(draft_at__isnull=False), name="item_draft_has_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="archived") | Q(archived_at__isnull=False), name="item_archived_has_time"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Revision(models.Model):
    """One saved version of an item's content; never changed, never deleted (a trigger sees to it).

    ``content`` is ``ItemContent.as_data()``, ``digest`` its digest, ``text`` its plain text.
    """

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField("版次")
    content = models.JSONField("内容")
    digest = models.CharField("摘要值", max_length=64)
    text = models.TextField("文本", blank=True)
    note = models.CharField("修改说明", max_length=300, blank=True)
    restored_from = models.PositiveIntegerField("恢复自版次", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("保存时间")

    class Meta:
        verbose_name = verbose_name_plural = "版本"
        ordering = ["item", "-number"]
        indexes = [models.Index(fields=["digest"], name="revision_digest")]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_counts_from_1"),
            models.CheckConstraint(condition=Q(digest__regex=DIGEST), name="revision_digest_is_one"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} 第{self.number}版"


class AttributeDecision(models.Model):
    """That somebody decided an item's attribute, with the grounds; append-only. ``reassessed`` marks an art. 18 review."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="attribute_decisions")
    attribute = models.CharField("公开属性", max_length=20, choices=Item.Attribute.choices)
    grounds = models.JSONField("依据")
    note = models.TextField("理由说明", blank=True)
    reassessed = models.BooleanField("定期评估", default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_at = models.DateTimeField("确定时间")

    class Meta:
        verbose_name = verbose_name_plural = "公开属性认定"
        ordering = ["item", "-decided_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(grounds=[]), name="attribute_has_ground")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.get_attribute_display()}"


class ItemReader(models.Model):
    """A person who may read an access-limited item besides its authors, its disclosure office and its reviewers."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="readers")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    added_at = models.DateTimeField("加入时间")

    class Meta:
        verbose_name = verbose_name_plural = "知悉人员"
        constraints = [models.UniqueConstraint(fields=["item", "user"], name="itemreader_once")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.user_id}"


class DirectoryColumn(models.Model):
    """A column of the disclosure directory (栏目): where on the site an item may stand. Pages of the portal show it.

    ``code`` is stable; ``statutory`` names the class of 条例 art. 20 or 21 it serves, ``unit`` who answers for it.
    ``update_days`` is the longest time between two items in calendar days, empty where none is promised.
    """

    code = models.CharField("栏目代码", max_length=40, unique=True)
    name = models.CharField("栏目名称", max_length=100)
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="children")
    statutory = models.CharField("法定类别", max_length=20, blank=True)
    description = models.TextField("说明", blank=True)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    update_days = models.PositiveIntegerField("更新周期（天）", null=True, blank=True)
    order = models.PositiveIntegerField("次序", default=0)
    closed_on = models.DateField("停用日期", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "公开栏目"
        ordering = ["order", "code"]
        constraints = [models.CheckConstraint(condition=~Q(code="") & ~Q(name=""), name="directorycolumn_is_named")]

    def __str__(self) -> str:
        return self.name
