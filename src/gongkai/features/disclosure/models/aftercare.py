"""What happens to items after they were published or put on file: reviews, reassessment, aggregation risk, banners."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from gongkai.features.disclosure.models.items import Item


def _person(*, null: bool = False) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=null, blank=null, related_name="+"
    )


class ValidityReview(models.Model):
    """That somebody looked at a published item again on its review day (清理、定期复核), and with what result.

    ``outcome`` is the item's validity from then on; ``next_on`` the day to look again, none where it ended.
    ``instead`` is the item that amends or replaces it, where that is one of ours.
    """

    class Outcome(models.TextChoices):
        IN_FORCE = "in_force", "继续有效"
        AMENDED = "amended", "已修改"
        PARTLY_LAPSED = "partly_lapsed", "部分失效"
        REPEALED = "repealed", "废止"
        LAPSED = "lapsed", "失效"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="validity_reviews")
    outcome = models.CharField("结论", max_length=20, choices=Outcome.choices)
    note = models.TextField("说明", blank=True)
    instead = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField("应复核日期", null=True, blank=True)
    next_on = models.DateField("下次复核日期", null=True, blank=True)
    reviewed_by = _person()
    reviewed_at = models.DateTimeField("复核时间")

    class Meta:
        verbose_name = verbose_name_plural = "有效性复核"
        ordering = ["item", "-reviewed_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="in_force") | ~Q(note=""), name="validityreview_change_has_note"
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=["repealed", "lapsed"]) | Q(next_on__isnull=True),
                name="validityreview_ended_is_not_reviewed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.get_outcome_display()}"


class Reassessment(models.Model):
    """The periodic look at an item that is not disclosed (条例 art. 18): does the reason still hold?"""

    class Outcome(models.TextChoices):
        KEEP = "keep", "维持原属性"
        ON_APPLICATION = "on_application", "改为依申请公开"
        PROACTIVE = "proactive", "改为主动公开"

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="reassessments")
    attribute = models.CharField("评估前属性", max_length=20, choices=Item.Attribute.choices)
    outcome = models.CharField("评估结论", max_length=20, choices=Outcome.choices)
    reason = models.TextField("理由")
    due_on = models.DateField("应评估日期", null=True, blank=True)
    assessed_by = _person()
    assessed_at = models.DateTimeField("评估时间")

    class Meta:
        verbose_name = verbose_name_plural = "定期评估"
        ordering = ["item", "-assessed_at", "-id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reassessment_has_reason")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.get_outcome_display()}"


class PersonMention(models.Model):
    """That a public item names a person, with which kinds of data about them; rebuilt from the item, never edited.

    ``digest`` is the content it was read from. Rows of an item go when it stops being public.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="person_mentions")
    digest = models.CharField("摘要值", max_length=64)
    name = models.CharField("姓名", max_length=60)
    categories = models.JSONField("信息类别", default=list)
    places = models.JSONField("位置", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "人员出现"
        indexes = [models.Index(fields=["name", "item"], name="personmention_name")]
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="personmention_once_an_item")]

    def __str__(self) -> str:
        return f"{self.name} {self.item_id}"


class RiskDecision(models.Model):
    """That somebody judged what all public items together tell about a person (汇聚风险).

    Bound to exactly the items it was made about: a further item that names the person asks the question again.
    """

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", "可以接受"
        TO_FIX = "to_fix", "需要处理"

    name = models.CharField("姓名", max_length=60)
    item_ids = models.JSONField("涉及信息")
    outcome = models.CharField("结论", max_length=20, choices=Outcome.choices)
    reason = models.TextField("理由")
    decided_by = _person()
    decided_at = models.DateTimeField("认定时间")

    class Meta:
        verbose_name = verbose_name_plural = "汇聚风险认定"
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["name", "-decided_at"], name="riskdecision_name")]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="riskdecision_has_reason")]

    def __str__(self) -> str:
        return f"{self.name} {self.get_outcome_display()}"


class Banner(models.Model):
    """A line of great urgency on top of every public page, until it expires or is taken down (应急横幅)."""

    class Level(models.TextChoices):
        RED = "red", "红色"
        ORANGE = "orange", "橙色"
        YELLOW = "yellow", "黄色"
        BLUE = "blue", "蓝色"

    level = models.CharField("级别", max_length=10, choices=Level.choices)
    title = models.CharField("标题", max_length=60)
    text = models.CharField("内容", max_length=200, blank=True)
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="发布单位")
    starts_at = models.DateTimeField("开始时间")
    expires_at = models.DateTimeField("到期时间")
    raised_by = _person()
    raised_at = models.DateTimeField("记录时间")
    ended_at = models.DateTimeField("撤下时间", null=True, blank=True)
    ended_by = _person(null=True)
    end_reason = models.CharField("撤下原因", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "应急横幅"
        ordering = ["-starts_at", "-id"]
        indexes = [models.Index(fields=["expires_at"], name="banner_expires")]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=models.F("starts_at")), name="banner_expires_later"),
            models.CheckConstraint(condition=~Q(title=""), name="banner_has_title"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | (Q(ended_at__isnull=False) & ~Q(end_reason="")),
                name="banner_end_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title
