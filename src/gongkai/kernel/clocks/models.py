"""Holiday notices on file, by version, and the clocks that run for objects of features."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from gongkai.domain.calendars import YearCalendar
from gongkai.rulebook.loader import year_from_data


class CalendarYear(models.Model):
    """The State Council's notice for one year as imported. The highest version of a year holds; none is ever changed.

    ``holidays`` is the list of ``rulebook.loader.year_to_data``: ``{"name", "days": [ISO], "make_up": [ISO]}``.
    ``notice_text`` is what was pasted: the yearly notice, or the later one that changed the year (``amended_by``).
    """

    year = models.PositiveIntegerField("年份")
    version = models.PositiveIntegerField("版本")
    notice_no = models.CharField("发文字号", max_length=60)
    notice_date = models.DateField("成文日期", null=True, blank=True)
    notice_text = models.TextField("通知原文")
    holidays = models.JSONField("放假安排")
    amended_by = models.JSONField("调整通知", default=list)
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="取代")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="导入人"
    )
    imported_at = models.DateTimeField("导入时间")

    class Meta:
        verbose_name = "工作日历年度"
        verbose_name_plural = verbose_name
        ordering = ["-year", "-version"]
        constraints = [models.UniqueConstraint(fields=["year", "version"], name="calendar_year_version")]

    def __str__(self) -> str:
        return f"{self.year}（第{self.version}版）"

    @property
    def value(self) -> YearCalendar:
        """The year as the calendar takes it."""
        return year_from_data(
            {
                "year": self.year,
                "notice_no": self.notice_no,
                "notice_date": self.notice_date,
                "amended_by": self.amended_by,
                "holidays": self.holidays,
            }
        )


class ClockState(models.TextChoices):
    """How a stored clock stands, as its reading says."""

    NOT_STARTED = "not_started", "未起算"
    RUNNING = "running", "计时中"
    PAUSED = "paused", "暂停计算"
    STOPPED = "stopped", "已办结"


class StoredClock(models.Model):
    """A clock of one object: a rule and dated facts, with the reading's dates in columns so that lists can be asked.

    ``facts`` is a list of ``{"kind", "on", "days", "ref"}``; ``rule_on`` the day by which the version of the rule was
    chosen: a case keeps the basis it began under. ``due_on`` (law) and ``target_on`` (local) are never merged.
    """

    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=100)
    title = models.CharField("名称", max_length=200, blank=True)
    url = models.CharField("链接", max_length=500, blank=True)
    rule = models.CharField("规则", max_length=100)
    rule_on = models.DateField("规则适用日")
    layer = models.CharField("规则层", max_length=20)
    facts = models.JSONField("事实", default=list)
    due_on = models.DateField("法定期限", null=True, blank=True)
    target_on = models.DateField("内部时限", null=True, blank=True)
    provisional = models.BooleanField("暂定", default=False)
    reason = models.CharField("暂定原因", max_length=300, blank=True)
    state = models.CharField("状态", max_length=12, choices=ClockState.choices, default=ClockState.NOT_STARTED)
    unit = models.ForeignKey("orgs.Unit", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位")
    owners = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="+", blank=True, verbose_name="经办人")
    created_at = models.DateTimeField("建立时间")
    updated_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = "期限"
        verbose_name_plural = verbose_name
        ordering = ["due_on", "id"]
        constraints = [models.UniqueConstraint(fields=["target_type", "target_id", "rule"], name="clock_once")]
        indexes = [
            models.Index(fields=["state", "due_on"], name="clock_by_due"),
            models.Index(fields=["provisional"], name="clock_provisional", condition=models.Q(provisional=True)),
        ]

    def __str__(self) -> str:
        return self.title or f"{self.target_type}:{self.target_id} {self.rule}"
