"""What follows from answers: the log of answers (答复目录), and proposals to disclose proactively (art. 44)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q


class LogEntry(models.Model):
    """That the answer of a case may be told to everybody, in words of the office.

    What the public reads is an item of the disclosure feature; ``item_id`` leads there from here and nothing leads back.
    ``ready_on`` is the first day on which an item may be drafted: until then the applicant may object.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "待整理"
        DRAFTED = "drafted", "已转公开信息"
        DECLINED = "declined", "不列入"
        OBJECTED = "objected", "申请人不同意"

    application = models.OneToOneField(
        "foi.Application", on_delete=models.PROTECT, related_name="log_entry", verbose_name="公开申请"
    )
    state = models.CharField("状态", max_length=20, choices=State.choices, default=State.WAITING)
    proposed_on = models.DateField("提出日期")
    ready_on = models.DateField("可以整理的日期")
    title = models.CharField("标题", max_length=200, blank=True)
    asked = models.TextField("申请了什么", blank=True)
    answered = models.TextField("怎样答复", blank=True)
    papers = models.JSONField("附上的材料", default=list, blank=True)
    item_id = models.BigIntegerField("公开信息编号", null=True, blank=True, unique=True)
    reason = models.TextField("理由", blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    settled_by_name = models.CharField("经办人", max_length=150, blank=True)
    settled_at = models.DateTimeField("处理时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "答复目录条目"
        ordering = ["-proposed_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "drafted", "declined", "objected"]), name="logentry_state_known"
            ),
            models.CheckConstraint(condition=~Q(state="drafted") | Q(item_id__isnull=False), name="logentry_has_item"),
            models.CheckConstraint(condition=~Q(state="declined") | ~Q(reason=""), name="logentry_declined_why"),
        ]
        indexes = [models.Index(fields=["state", "ready_on", "id"], name="logentry_by_state")]

    def __str__(self) -> str:
        return f"{self.application_id} {self.get_state_display()}"


class LogObjection(models.Model):
    """The applicant does not want the answer in the log; said once, it holds for good."""

    class Way(models.TextChoices):
        FORM = "form", "提交申请时"
        DESK = "desk", "向工作人员表示"
        FOLLOW = "follow", "凭查询码在网上"

    application = models.OneToOneField(
        "foi.Application", on_delete=models.PROTECT, related_name="log_objection", verbose_name="公开申请"
    )
    way = models.CharField("方式", max_length=20, choices=Way.choices)
    said_on = models.DateField("表示日期")
    by_name = models.CharField("记录人", max_length=150)
    at = models.DateTimeField("记录时间")

    class Meta:
        verbose_name = verbose_name_plural = "不同意列入答复目录"

    def __str__(self) -> str:
        return f"{self.application_id} {self.said_on}"


class ProactiveProposal(models.Model):
    """Somebody has to look whether information belongs into proactive disclosure, by ``due_on``, with a result.

    ``repeated``: at least so many different applicants asked for the same. ``suggested``: an applicant proposed it;
    ``wish`` then holds the words of ``application``'s applicant, for the eyes of the unit only.
    """

    class Source(models.TextChoices):
        REPEATED = "repeated", "多个申请人申请相同信息"
        SUGGESTED = "suggested", "申请人建议"

    class Result(models.TextChoices):
        DRAFTED = "drafted", "主动公开，已转拟稿"
        ALREADY = "already", "已经主动公开"
        REFUSED = "refused", "不主动公开"

    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    source = models.CharField("来源", max_length=20, choices=Source.choices)
    subject = models.CharField("信息名称", max_length=200)
    wish = models.TextField("建议内容", blank=True)
    application = models.ForeignKey(
        "foi.Application", on_delete=models.PROTECT, null=True, blank=True, related_name="suggestions"
    )
    applicants = models.PositiveIntegerField("不同申请人数")
    since = models.DateField("最早提交")
    until = models.DateField("最晚提交")
    opened_on = models.DateField("提出日期")
    evaluator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    due_on = models.DateField("评估期限")
    result = models.CharField("结果", max_length=20, choices=Result.choices, blank=True)
    ground = models.CharField("依据", max_length=60, blank=True)
    reason = models.TextField("理由", blank=True)
    item_id = models.BigIntegerField("公开信息编号", null=True, blank=True)
    address = models.CharField("公开网址", max_length=500, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    decided_by_name = models.CharField("评估人", max_length=150, blank=True)
    decided_at = models.DateTimeField("评估时间", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "转主动公开建议"
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(result="", decided_at__isnull=True) | (~Q(result="") & Q(decided_at__isnull=False)),
                name="proposal_decided_with_day",
            ),
            models.CheckConstraint(condition=~Q(result="drafted") | Q(item_id__isnull=False), name="proposal_has_item"),
            models.CheckConstraint(condition=~Q(result="already") | ~Q(address=""), name="proposal_says_where"),
            models.CheckConstraint(
                condition=~Q(result="refused") | (~Q(reason="") & ~Q(ground="")), name="proposal_refused_with_ground"
            ),
            models.CheckConstraint(
                condition=~Q(source="suggested") | Q(application__isnull=False), name="proposal_suggested_by_someone"
            ),
        ]
        indexes = [models.Index(fields=["unit", "result", "due_on"], name="proposal_of_unit")]

    def __str__(self) -> str:
        return self.subject


class ProposalCase(models.Model):
    """An application that a proposal rests on; ``why`` lists what it has in common with the others."""

    proposal = models.ForeignKey(ProactiveProposal, on_delete=models.CASCADE, related_name="cases")
    application = models.ForeignKey("foi.Application", on_delete=models.PROTECT, related_name="proposals")
    why = models.JSONField("相同之处", default=list)

    class Meta:
        verbose_name = verbose_name_plural = "建议所依据的申请"
        constraints = [models.UniqueConstraint(fields=["proposal", "application"], name="proposalcase_once")]

    def __str__(self) -> str:
        return f"{self.proposal_id} {self.application_id}"
