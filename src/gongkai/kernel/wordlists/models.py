"""Wrong words, allowed phrases, leaders; ended rows stay, so that what held on a day can be told."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

GRADES = [("L1", "L1 严重"), ("L2", "L2 重要"), ("L3", "L3 一般"), ("L4", "L4 提示")]


def _person(verbose: str) -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=verbose,
    )


def _unit() -> models.ForeignKey:
    return models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="适用单位"
    )


class LexiconEntry(models.Model):
    """A word that is wrong, and what to write instead; in all units where ``unit`` is empty.

    ``exceptions`` are longer phrases in which the word is right. It holds from ``from_on`` until ``until_on``, both
    included; empty means without bound.
    """

    unit = _unit()
    wrong = models.CharField("错词", max_length=60)
    right = models.CharField("正词", max_length=120, blank=True)
    grade = models.CharField("级别", max_length=2, choices=GRADES, default="L3")
    category = models.CharField("类别", max_length=40, blank=True)
    exceptions = models.JSONField("例外", default=list, blank=True)
    from_on = models.DateField("生效日期", null=True, blank=True)
    until_on = models.DateField("失效日期", null=True, blank=True)
    note = models.CharField("备注", max_length=200, blank=True)
    created_by = _person("录入人")
    created_at = models.DateTimeField("录入时间")
    ended_by = _person("停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "错敏词"
        ordering = ["-created_at", "-id"]
        indexes = [models.Index(fields=["-created_at", "-id"], name="lexiconentry_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(wrong=""), name="lexiconentry_has_word"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="lexiconentry_dates_in_order",
            ),
            models.UniqueConstraint(
                fields=["wrong", "unit"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="lexiconentry_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wrong} → {self.right}" if self.right else self.wrong


class AllowedWord(models.Model):
    """A word that is right although a rule finds it, everywhere or only inside ``context``, a longer phrase with it."""

    unit = _unit()
    word = models.CharField("放行词", max_length=60)
    context = models.CharField("限于语境", max_length=120, blank=True)
    reason = models.CharField("理由", max_length=200)
    until_on = models.DateField("有效至", null=True, blank=True)
    created_by = _person("录入人")
    created_at = models.DateTimeField("录入时间")
    ended_by = _person("停用人")
    ended_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "放行词"
        ordering = ["-created_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(word="") & ~Q(reason=""), name="allowedword_has_word_and_reason"),
            models.UniqueConstraint(
                fields=["word", "context", "unit"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="allowedword_once",
            ),
        ]

    def __str__(self) -> str:
        return self.context or self.word


class LeaderName(models.Model):
    """A leading official in one post: name and title as they are to be written, the order, usual misspellings."""

    name = models.CharField("姓名", max_length=20)
    title = models.CharField("现任职务", max_length=60)
    order = models.PositiveIntegerField("排序", default=0)
    from_on = models.DateField("生效日期", null=True, blank=True)
    until_on = models.DateField("失效日期", null=True, blank=True)
    misspellings = models.JSONField("常见误写", default=list, blank=True)
    created_by = _person("录入人")
    created_at = models.DateTimeField("录入时间")
    changed_at = models.DateTimeField("最后修改")

    class Meta:
        verbose_name = verbose_name_plural = "领导名录"
        ordering = ["order", "name", "id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(title=""), name="leadername_has_name_and_title"),
            models.CheckConstraint(
                condition=Q(from_on__isnull=True) | Q(until_on__isnull=True) | Q(until_on__gte=models.F("from_on")),
                name="leadername_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}{self.name}"


class WordlistState(models.Model):
    """One row whose ``version`` is another one after every change, so that each process knows when its copy is old."""

    version = models.PositiveBigIntegerField("版次", default=0)
    changed_at = models.DateTimeField("最后修改")

    class Meta:
        verbose_name = verbose_name_plural = "词库版次"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="wordliststate_is_one_row")]

    def __str__(self) -> str:
        return str(self.version)
