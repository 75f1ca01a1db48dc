"""Records asked of the divisions of a unit: what is looked for, by which day, what came of it, and how it went."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from gongkai.domain.foi.retrieval import ACT_NAMES, OUTCOMES, RETRIEVAL_STAGES, RetrievalStage

_STAGES = [(one.value, name) for one, name in RETRIEVAL_STAGES.items()]
_OUTCOMES = [(one.value, name) for one, name in OUTCOMES.items()]


class Retrieval(models.Model):
    """One division asked for the records of one application; people of the division see this row and nothing else.

    ``wanted`` and ``question`` are written by the office without the applicant's data. ``ref`` is the name under which the
    events of the case know the division. ``custodian``: the division keeps the archive, so its answer is the custodian's.
    ``follows`` is the one that was handed on. The ``search_*`` columns tell how was searched.
    """

    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, related_name="retrievals", verbose_name="公开申请"
    )
    number = models.PositiveSmallIntegerField("序号")
    division = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="内设机构")
    ref = models.CharField("交办时的名称", max_length=120)
    wanted = models.TextField("查找的信息")
    question = models.TextField("要说明的问题", blank=True)
    custodian = models.BooleanField("保管档案", default=False)
    follows = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="next", verbose_name="转自"
    )
    stage = models.CharField("阶段", max_length=20, choices=_STAGES)
    sent_on = models.DateField("交办日期")
    due_on = models.DateField("反馈期限")
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    accepted_on = models.DateField("签收日期", null=True, blank=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    outcome = models.CharField("结果", max_length=20, choices=_OUTCOMES, blank=True)
    answer = models.TextField("答复", blank=True)
    search_where = models.TextField("检索的系统和档案", blank=True)
    search_words = models.TextField("检索关键词", blank=True)
    search_span = models.CharField("检索的时间范围", max_length=200, blank=True)
    search_person = models.CharField("检索人", max_length=60, blank=True)
    search_on = models.DateField("检索日期", null=True, blank=True)
    changed_at = models.DateTimeField("更新时间")

    class Meta:
        verbose_name = verbose_name_plural = "调取信息"
        ordering = ["application_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["application", "number"], name="retrieval_number_once"),
            models.CheckConstraint(condition=~Q(wanted=""), name="retrieval_wants_something"),
            models.CheckConstraint(condition=Q(due_on__gte=F("sent_on")), name="retrieval_due_after_sent"),
            models.CheckConstraint(
                condition=Q(stage__in=[one.value for one in RetrievalStage]), name="retrieval_stage_known"
            ),
            models.CheckConstraint(
                condition=~Q(stage="answered") | (Q(answered_on__isnull=False) & ~Q(outcome="")),
                name="retrieval_answered_with_outcome",
            ),
        ]
        indexes = [models.Index(fields=["division", "stage", "due_on", "id"], name="retrieval_desk")]

    def __str__(self) -> str:
        return f"{self.ref} {self.due_on}"


class RetrievalStep(models.Model):
    """One step of a retrieval in its order: what was done, in which words, on which day, by whom."""

    retrieval = models.ForeignKey(Retrieval, on_delete=models.PROTECT, related_name="steps", verbose_name="调取信息")
    act = models.CharField("事项", max_length=20, choices=[(one.value, name) for one, name in ACT_NAMES.items()])
    words = models.TextField("说明", blank=True)
    on = models.DateField("日期")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    by_name = models.CharField("经办人", max_length=150)
    at = models.DateTimeField("录入时间")

    class Meta:
        verbose_name = verbose_name_plural = "调取信息的经过"
        ordering = ["retrieval_id", "id"]

    def __str__(self) -> str:
        return f"{self.get_act_display()} {self.on}"


class RetrievalFile(models.Model):
    """A paper of the case that came from a division: its people may open this one again, and no other."""

    retrieval = models.ForeignKey(Retrieval, on_delete=models.PROTECT, related_name="files", verbose_name="调取信息")
    paper = models.OneToOneField(
        "foi.CasePaper", on_delete=models.PROTECT, related_name="retrieval_file", verbose_name="案卷材料"
    )

    class Meta:
        verbose_name = verbose_name_plural = "调取到的文件"
        ordering = ["retrieval_id", "id"]

    def __str__(self) -> str:
        return str(self.paper_id)
