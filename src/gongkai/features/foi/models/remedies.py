"""Reconsiderations and suits against cases: what is asked of the organ in them, and by when."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gongkai.domain.foi.defense import PROCEDURE_NAMES
from gongkai.domain.foi.model import OUTCOME_NAMES, REMEDY_NAMES, RemedyOutcome
from gongkai.features.foi.models.events import DatedStep


class CaseRemedy(models.Model):
    """One reconsideration or suit against a case (``domain.foi.model.Remedy``), the ``number``-th of it.

    Filing and outcome stand in the events of the case, what lies between in ``RemedyStep``; the columns repeat what both
    add up to, so that the board can be asked by the database. ``answer_due_on`` is the last day for the organ's answer and
    evidence, ``redo_due_on`` the last day for what the decision orders; both are read from dated facts.
    """

    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="remedies", verbose_name="公开申请"
    )
    number = models.PositiveSmallIntegerField("序号")
    kind = models.CharField("类别", max_length=20, choices=[(one.value, name) for one, name in REMEDY_NAMES.items()])
    ref = models.CharField("案号", max_length=200, blank=True)
    filed_on = models.DateField("提起日期")
    organ = models.CharField("复议机关或者法院", max_length=120, blank=True)
    procedure = models.CharField(
        "程序", max_length=20, blank=True, choices=[(one.value, name) for one, name in PROCEDURE_NAMES.items()]
    )
    notified_on = models.DateField("收到副本日期", null=True, blank=True)
    answer_due_on = models.DateField("答复举证期限", null=True, blank=True)
    provisional = models.BooleanField("期限待确定", default=False)
    answered_on = models.DateField("提交答复日期", null=True, blank=True)
    hearing_on = models.DateField("最近一次听证、开庭日期", null=True, blank=True)
    decided_on = models.DateField("审结日期", null=True, blank=True)
    outcome = models.CharField(
        "结果",
        max_length=20,
        choices=[(one.value, name) for one, name in OUTCOME_NAMES.items()],
        default=RemedyOutcome.PENDING.value,
    )
    redo_due_on = models.DateField("履行期限", null=True, blank=True)
    redone_on = models.DateField("履行日期", null=True, blank=True)
    step_count = models.PositiveIntegerField("步骤数", default=0)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "复议诉讼"
        ordering = ["application_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="caseremedy_number_once"),
            models.CheckConstraint(
                condition=Q(outcome=RemedyOutcome.PENDING.value) | Q(decided_on__isnull=False),
                name="caseremedy_decided_on_a_day",
            ),
        ]
        indexes = [
            models.Index(fields=["answer_due_on"], condition=Q(answered_on__isnull=True), name="caseremedy_to_answer"),
            models.Index(fields=["redo_due_on"], condition=Q(redone_on__isnull=True), name="caseremedy_to_redo"),
            models.Index(fields=["filed_on", "outcome"], name="caseremedy_filed"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.ref}".strip()


class RemedyStep(DatedStep):
    """One dated step in a reconsideration or suit (``domain.foi.defense``)."""

    remedy = models.ForeignKey(CaseRemedy, on_delete=models.PROTECT, related_name="steps", verbose_name="复议诉讼")
    kind = models.CharField("步骤", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "复议诉讼步骤"
        ordering = ["remedy_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["remedy", "number"], name="remedystep_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="remedystep_number_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.on}"
