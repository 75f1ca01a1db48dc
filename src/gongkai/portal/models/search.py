"""What the search keeps: what is in the index, texts of attachments, words of editors, what was not found.

The index itself is a folder of files and can be made again at any time; the rows of ``SearchEntry`` only say what is in
it, so that it can be compared with the publications. None of them refers to an item by a key of the database: an item
that is gone from there must be able to go from the index.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


def _person(verbose: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=verbose,
    )


class SearchGeneration(models.Model):
    """One folder of the index. ``name`` is the folder's name.

    ``swept_at`` is the moment up to which all publications were compared with it; ``directory`` names the state of the
    columns whose order stands in it.
    """

    name = models.CharField("索引", max_length=60, unique=True)
    made_at = models.DateTimeField("建立时间")
    swept_at = models.DateTimeField("核对至", null=True, blank=True)
    directory = models.CharField("栏目摘要", max_length=64, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索索引"
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return self.name


class SearchEntry(models.Model):
    """That a publication of an item is in a generation of the index.

    ``review_id`` is the review its validity rests on, ``again_on`` the day on which the validity is another one,
    ``files`` the digests of its attachments.
    """

    generation = models.CharField("索引", max_length=60)
    item_id = models.BigIntegerField("信息")
    publication_id = models.BigIntegerField("发布记录")
    review_id = models.BigIntegerField("有效性复核", default=0)
    again_on = models.DateField("重新收录日期", null=True, blank=True)
    files = models.JSONField("附件摘要值", default=list, blank=True)
    indexed_at = models.DateTimeField("收录时间")

    class Meta:
        verbose_name = verbose_name_plural = "索引条目"
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["generation", "item_id"], name="searchentry_item_once")]
        indexes = [
            models.Index(fields=["generation", "publication_id"], name="searchentry_publication"),
            models.Index(
                fields=["generation", "again_on"], name="searchentry_again", condition=Q(again_on__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.generation}"


class AttachmentText(models.Model):
    """The text of a public file, read once; ``problem`` says why there is none. Gone when the file is not public."""

    sha256 = models.CharField("摘要值", max_length=64, primary_key=True)
    text = models.TextField("文字", blank=True)
    problem = models.CharField("问题", max_length=300, blank=True)
    read_at = models.DateTimeField("读取时间")

    class Meta:
        verbose_name = verbose_name_plural = "附件文字"

    def __str__(self) -> str:
        return self.sha256[:12]


class SynonymGroup(models.Model):
    """Words that mean the same to those who search; ended groups stay on record."""

    words = models.JSONField("词", default=list)
    created_by = _person("录入人")
    created_at = models.DateTimeField("录入时间")
    ended_by = _person("停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索同义词"
        ordering = ["-created_at", "-id"]

    def __str__(self) -> str:
        return "、".join(self.words)


class PinnedResult(models.Model):
    """An item that stands above the others when exactly one of ``words`` is looked for, on the days it is set for.

    ``keys`` are the words as they are compared, ``title`` the item's title when it was pinned.
    """

    words = models.JSONField("检索词", default=list)
    keys = models.JSONField("比对用的词", default=list)
    item_uid = models.UUIDField("信息")
    title = models.CharField("标题", max_length=300)
    from_on = models.DateField("开始日期", null=True, blank=True)
    until_on = models.DateField("结束日期", null=True, blank=True)
    created_by = _person("置顶人")
    created_at = models.DateTimeField("置顶时间")
    ended_by = _person("停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "检索置顶"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="pinnedresult_dates_in_order",
            )
        ]

    def __str__(self) -> str:
        return f"{'、'.join(self.words)} → {self.title}"


class SearchMiss(models.Model):
    """A query that found nothing on a day, and how often. Numbers of persons in it are masked; nobody is named."""

    day = models.DateField("日期")
    text = models.CharField("检索词", max_length=60)
    times = models.PositiveIntegerField("次数", default=1)

    class Meta:
        verbose_name = verbose_name_plural = "无结果检索词"
        ordering = ["-day", "-times", "text"]
        constraints = [models.UniqueConstraint(fields=["day", "text"], name="searchmiss_once_a_day")]

    def __str__(self) -> str:
        return f"{self.text}（{self.times}）"
