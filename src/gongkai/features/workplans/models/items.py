"""Work items and the units that owe them."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.domain.ledger import STATE_NAMES, State


class WorkItem(models.Model):
    """One task of a plan, or a part of it that was split off (``parent``).

    ``text`` is the clause as issued, ``line_from`` to ``line_to`` where it stood. ``attention_on`` is the next day that
    matters (``domain.ledger.attention_on``), kept by the services so that lists can be filtered by light; whether an item
    is overdue or carried over is never stored. ``percent`` is what was last reported.
    """

    class Kind(models.TextChoices):
        TASK = "task", "任务"
        GUARANTEE = "guarantee", "保障措施"

    STATES = [(state.value, name) for state, name in STATE_NAMES.items()]

    plan = models.ForeignKey("workplans.WorkPlan", on_delete=models.PROTECT, related_name="items", verbose_name="方案")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级任务"
    )
    root = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="所属任务"
    )
    kind = models.CharField("类别", max_length=20, choices=Kind.choices, default=Kind.TASK)
    number = models.CharField("序号", max_length=60, blank=True)
    path = models.JSONField("所在章节", default=list, blank=True)
    title = models.CharField("任务", max_length=300)
    text = models.TextField("条款原文", blank=True)
    target = models.TextField("目标要求", blank=True)
    note = models.TextField("备注", blank=True)
    line_from = models.PositiveIntegerField("起始行", null=True, blank=True)
    line_to = models.PositiveIntegerField("结束行", null=True, blank=True)
    due_on = models.DateField("完成时限", null=True, blank=True)
    due_phrase = models.CharField("时限原文", max_length=200, blank=True)
    standing = models.BooleanField("长期坚持", default=False)
    periodic = models.BooleanField("定期任务", default=False)
    shared_duty = models.BooleanField("按职责分工负责", default=False)
    sort_order = models.PositiveIntegerField("排序", default=0)
    state = models.CharField("状态", max_length=20, choices=STATES, default=State.ASSIGNED.value)
    state_reason = models.TextField("状态说明", blank=True)
    percent = models.PositiveSmallIntegerField("完成比例", default=0)
    attention_on = models.DateField("下一时间点", null=True, blank=True)
    submitted_on = models.DateField("报结日期", null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    submitted_unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_at = models.DateTimeField("验收时间", null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    closed_at = models.DateTimeField("销号时间", null=True, blank=True)
    created_at = models.DateTimeField("建立时间")
    changed_at = models.DateTimeField("最后变动")

    class Meta:
        verbose_name = verbose_name_plural = "任务"
        ordering = ["plan_id", "sort_order", "id"]
        indexes = [
            models.Index(fields=["plan", "sort_order", "id"], name="workitem_plan_order"),
            models.Index(fields=["attention_on", "id"], name="workitem_attention"),
            models.Index(fields=["state", "attention_on"], name="workitem_state_attention"),
            models.Index(fields=["due_on"], name="workitem_due"),
            models.Index(fields=["changed_at", "id"], name="workitem_changed"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=[s.value for s in State]), name="workitem_state_known"),
            models.CheckConstraint(condition=Q(percent__lte=100), name="workitem_percent_range"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, root__isnull=True) | Q(parent__isnull=False, root__isnull=False),
                name="workitem_root_with_parent",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="workitem_not_its_own_parent"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["returned", "canceled"]) | ~Q(state_reason=""), name="workitem_reason_given"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["closed", "canceled"]) | Q(attention_on__isnull=True),
                name="workitem_ended_has_no_next_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="submitted") | Q(submitted_on__isnull=False, submitted_by__isnull=False),
                name="workitem_submitted_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "closed"])
                | Q(accepted_by__isnull=False, accepted_at__isnull=False, submitted_by__isnull=False),
                name="workitem_accepted_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(closed_by__isnull=False, closed_at__isnull=False),
                name="workitem_closed_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by__isnull=True)
                | Q(submitted_by__isnull=True)
                | ~Q(accepted_by=F("submitted_by")),
                name="workitem_accepter_is_another",
            ),
            models.CheckConstraint(
                condition=Q(closed_by__isnull=True) | Q(submitted_by__isnull=True) | ~Q(closed_by=F("submitted_by")),
                name="workitem_closer_is_another",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class WorkItemUnit(models.Model):
    """A unit, or a group of units, that owes an item; ``phrase`` is how the plan names it.

    A group stays a group: who belongs to it is asked on the day. Neither unit nor group is set while it is still open who
    is meant (按职责分工负责, 有关单位), which somebody has to assign.
    """

    class Role(models.TextChoices):
        LEAD = "lead", "牵头单位"
        RESPONSIBLE = "responsible", "责任单位"
        COOPERATING = "cooperating", "配合单位"

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="units", verbose_name="任务")
    role = models.CharField("分工", max_length=20, choices=Role.choices)
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位"
    )
    group = models.ForeignKey(
        "orgs.UnitGroup", on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="单位组"
    )
    phrase = models.CharField("原文写法", max_length=200, blank=True)
    sort_order = models.PositiveSmallIntegerField("排序", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "任务单位"
        ordering = ["item_id", "role", "sort_order", "id"]
        indexes = [
            models.Index(fields=["unit", "role", "item"], name="workitemunit_unit"),
            models.Index(fields=["group", "role", "item"], name="workitemunit_group"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(role__in=["lead", "responsible", "cooperating"]), name="workitemunit_role"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=True) | Q(group__isnull=True), name="workitemunit_unit_or_group"
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(group__isnull=False) | ~Q(phrase=""), name="workitemunit_says_who"
            ),
            models.UniqueConstraint(
                fields=["item", "role", "unit"], condition=Q(unit__isnull=False), name="workitemunit_unit_once"
            ),
            models.UniqueConstraint(
                fields=["item", "role", "group"], condition=Q(group__isnull=False), name="workitemunit_group_once"
            ),
        ]

    def __str__(self) -> str:
        return self.phrase or str(self.unit or self.group)
