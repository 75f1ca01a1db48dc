"""What is going to be published or taken down at a moment, and items that go out together."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.features.disclosure.models.items import Item


class Bundle(models.Model):
    """Items that are published at one moment or not at all: a document, its interpretation, how to apply (三同步)."""

    class State(models.TextChoices):
        ASSEMBLING = "assembling", "组合中"
        SCHEDULED = "scheduled", "定时待发"
        PUBLISHED = "published", "已发布"
        DISSOLVED = "dissolved", "已解散"

    title = models.CharField("名称", max_length=300)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.ASSEMBLING)
    published_at = models.DateTimeField("发布时间", null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField("建立时间")
    changed_at = models.DateTimeField("最后修改")

    class Meta:
        verbose_name = verbose_name_plural = "同步发布组合"
        ordering = ["-changed_at", "-id"]
        indexes = [models.Index(fields=["unit", "state", "-changed_at"], name="bundle_unit_state")]
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="bundle_has_title"),
            models.CheckConstraint(
                condition=Q(state="published", published_at__isnull=False)
                | (~Q(state="published") & Q(published_at__isnull=True)),
                name="bundle_published_has_time",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class BundleMember(models.Model):
    """An item's place in a bundle. ``open`` while the bundle is not out: an item stands in one open bundle at most.

    ``needs`` is the member that this one belongs to (an interpretation needs its document).
    """

    class Role(models.TextChoices):
        DOCUMENT = "document", "文件"
        INTERPRETATION = "interpretation", "解读"
        GUIDE = "guide", "办事"
        OTHER = "other", "其他"

    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, related_name="members")
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="bundle_members")
    role = models.CharField("作用", max_length=20, choices=Role.choices, default=Role.OTHER)
    needs = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="needed_by")
    order = models.PositiveIntegerField("次序", default=0)
    open = models.BooleanField("组合未发布", default=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    added_at = models.DateTimeField("加入时间")

    class Meta:
        verbose_name = verbose_name_plural = "组合成员"
        ordering = ["bundle", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["bundle", "item"], name="bundlemember_once"),
            models.UniqueConstraint(fields=["item"], condition=Q(open=True), name="bundlemember_one_open_bundle"),
        ]

    def __str__(self) -> str:
        return f"{self.bundle_id} {self.item_id}"


class Schedule(models.Model):
    """That an item or a bundle is to go out, or an item to come down, at a moment given to the second.

    The row is the truth; whatever looks at it may come late or twice. ``digest`` is what was approved when the moment
    was set. ``late_seconds`` tells how long after ``due_at`` it came about (0 in time); ``alarmed_at`` when people were
    told that it was missed or failed.
    """

    class Action(models.TextChoices):
        PUBLISH = "publish", "定时发布"
        UNPUBLISH = "unpublish", "定时下架"

    class State(models.TextChoices):
        WAITING = "waiting", "等待"
        DONE = "done", "已执行"
        FAILED = "failed", "未能执行"
        CANCELED = "canceled", "已取消"

    action = models.CharField("动作", max_length=20, choices=Action.choices)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="schedules")
    bundle = models.ForeignKey(Bundle, on_delete=models.PROTECT, null=True, blank=True, related_name="schedules")
    digest = models.CharField("摘要值", max_length=64, blank=True)
    due_at = models.DateTimeField("时间")
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    set_at = models.DateTimeField("设定时间")
    settled_at = models.DateTimeField("执行、失败或取消的时间", null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    reasons = models.JSONField("原因", default=list, blank=True)
    late_seconds = models.FloatField("晚了多少秒", null=True, blank=True)
    alarmed_at = models.DateTimeField("告警时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定时任务"
        ordering = ["due_at", "id"]
        indexes = [
            models.Index(fields=["due_at", "id"], condition=Q(state="waiting"), name="schedule_waiting"),
            models.Index(fields=["-due_at"], condition=Q(alarmed_at__isnull=False), name="schedule_alarmed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, bundle__isnull=True) | Q(item__isnull=True, bundle__isnull=False),
                name="schedule_of_item_or_bundle",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", settled_at__isnull=True)
                | (~Q(state="waiting") & Q(settled_at__isnull=False)),
                name="schedule_settled_has_time",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["failed"]) | ~Q(reasons=[]), name="schedule_failed_has_reason"
            ),
            models.UniqueConstraint(
                fields=["item", "action"], condition=Q(state="waiting"), name="schedule_one_waiting_of_item"
            ),
            models.UniqueConstraint(
                fields=["bundle", "action"], condition=Q(state="waiting"), name="schedule_one_waiting_of_bundle"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_action_display()} {self.due_at:%Y-%m-%d %H:%M:%S}"
