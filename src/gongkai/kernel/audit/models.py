"""Audit entries and their daily anchors. Database triggers refuse to change or delete either (migrations 0002, 0003)."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from gongkai.kernel.audit.chain import HASHED, Link

BACKDATED_FROM = timedelta(minutes=10)
"""How far the time of an act may lie from its recording before the screens point it out."""


class Entry(models.Model):
    """One thing that somebody did. No foreign keys: an entry outlives the people, units and objects it names."""

    sequence = models.BigIntegerField("序号", primary_key=True)
    at = models.DateTimeField("时间", help_text="事情发生的时间，由办理它的程序给出")
    recorded_at = models.DateTimeField("入库时间", help_text="数据库自己的时钟")
    actor_id = models.BigIntegerField("人员编号", null=True)
    actor_name = models.CharField("人员", max_length=150)
    actor_kind = models.CharField("人员类型", max_length=10)
    unit_id = models.BigIntegerField("单位编号", null=True)
    action = models.CharField("动作", max_length=100)
    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=100)
    summary = models.TextField("摘要")
    details = models.JSONField("详情", default=dict)
    previous = models.CharField("前一条摘要值", max_length=64)
    digest = models.CharField("摘要值", max_length=64)

    class Meta:
        verbose_name = "审计记录"
        verbose_name_plural = verbose_name
        ordering = ["-sequence"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "sequence"], name="audit_entry_target"),
            models.Index(fields=["action", "sequence"], name="audit_entry_action"),
            models.Index(fields=["actor_id", "sequence"], name="audit_entry_actor"),
            models.Index(fields=["at"], name="audit_entry_at"),
            models.Index(fields=["recorded_at"], name="audit_entry_recorded_at"),
        ]

    def __str__(self) -> str:
        return f"{self.sequence} {self.summary}"

    @property
    def is_backdated(self) -> bool:
        """Whether the act is dated noticeably away from its recording (entered later, loaded, or dated forward)."""
        return abs(self.recorded_at - self.at) > BACKDATED_FROM

    @property
    def link(self) -> Link:
        """The entry as it is hashed."""
        return Link(**{name: getattr(self, name) for name in HASHED})


class Anchor(models.Model):
    """The chain's last digest at the end of a day; published, so that nothing before it can be changed unseen."""

    day = models.DateField("日期", primary_key=True)
    sequence = models.BigIntegerField("最后一条的序号")
    digest = models.CharField("摘要值", max_length=64)
    made_at = models.DateTimeField("生成时间")

    class Meta:
        verbose_name = "审计锚点"
        verbose_name_plural = verbose_name
        ordering = ["-day"]

    def __str__(self) -> str:
        return f"{self.day} {self.sequence}"
