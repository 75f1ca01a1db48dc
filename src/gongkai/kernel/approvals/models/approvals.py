"""One round of approval: its frozen steps, the signatures, and who sits where so that persons differ."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now as database_time  # a default of the database, not a reading of ours


class Purpose(models.TextChoices):
    """What a round is for."""

    ORDINARY = "ordinary", "发布前审批"
    EMERGENCY = "emergency", "应急发布审批"
    AFTER_REVIEW = "after_review", "应急发布后的补审"


class ApprovalState(models.TextChoices):
    """Where a round stands; a convenience for lists, whether it is complete is always asked of the signatures."""

    OPEN = "open", "审批中"
    RETURNED = "returned", "已退回"
    COMPLETED = "completed", "审批完成"
    VOIDED = "voided", "已失效"
    CANCELED = "canceled", "已撤销"


class Verdict(models.TextChoices):
    """What a signer says."""

    SIGN = "sign", "同意"
    RETURN = "return", "退回修改"


class Approval(models.Model):
    """One round over one text: opened with the digest of exactly what is to be read, closed by the last signature.

    A return or an edit ends the round; the next text gets a round of its own. ``authors`` are the ids of everybody who
    edited the text since it was last published. Everything but ``state`` and ``closed_at`` is fixed (trigger).
    """

    target_type = models.CharField("对象类型", max_length=60)
    target_id = models.CharField("对象编号", max_length=100)
    title = models.CharField("标题", max_length=300)
    url = models.CharField("办理页面", max_length=300)
    unit = models.ForeignKey("orgs.Unit", on_delete=models.PROTECT, related_name="+", verbose_name="单位")
    round = models.PositiveIntegerField("第几轮")
    digest = models.CharField("内容摘要值", max_length=64)
    columns = models.JSONField("栏目", default=list, blank=True)
    kind = models.CharField("信息种类", max_length=80, blank=True)
    flags = models.JSONField("适用情形", default=list, blank=True)
    purpose = models.CharField("用途", max_length=20, choices=Purpose.choices, default=Purpose.ORDINARY)
    reason = models.TextField("应急发布的理由", blank=True)
    authors = models.JSONField("拟稿人和修改人", default=list)
    route_code = models.CharField("路线代码", max_length=60)
    route_number = models.PositiveIntegerField("路线版本", default=0)
    route_name = models.CharField("路线名称", max_length=120)
    route_content = models.JSONField("启用时的路线", default=dict)
    emergency = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        related_name="after_reviews",
        null=True,
        blank=True,
        verbose_name="所补审的应急发布",
    )
    review_due_on = models.DateField("补审期限", null=True, blank=True)
    review_provisional = models.BooleanField("补审期限为暂定", default=False)
    state = models.CharField("状态", max_length=12, choices=ApprovalState.choices, default=ApprovalState.OPEN)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="发起人"
    )
    opened_at = models.DateTimeField("发起时间")
    closed_at = models.DateTimeField("结束时间", null=True, blank=True)

    class Meta:
        verbose_name = "审批"
        verbose_name_plural = verbose_name
        ordering = ["-opened_at", "-id"]
        indexes = [
            models.Index(fields=["target_type", "target_id", "round"], name="approval_target"),
            models.Index(fields=["unit", "state"], name="approval_by_unit"),
            models.Index(fields=["purpose", "state"], name="approval_by_purpose"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["target_type", "target_id", "round"], name="approval_round_once"),
            models.UniqueConstraint(
                fields=["target_type", "target_id"],
                condition=Q(state="open") & ~Q(purpose="after_review"),
                name="approval_one_open",
            ),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="approval_digest_shape"),
            models.CheckConstraint(
                condition=~Q(purpose="emergency") | ~Q(reason=""), name="approval_emergency_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(purpose="after_review", emergency__isnull=False)
                | (~Q(purpose="after_review") & Q(emergency__isnull=True)),
                name="approval_after_review_names_emergency",
            ),
            models.UniqueConstraint(
                fields=["emergency"], condition=Q(state__in=["open", "completed"]), name="approval_one_after_review"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.round}轮）"


class ApprovalStep(models.Model):
    """One step as the route said when the round was opened: frozen, and kept when the route changes later."""

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="steps", verbose_name="审批")
    code = models.CharField("步骤代码", max_length=60)
    name = models.CharField("步骤", max_length=60)
    kind = models.CharField("类别", max_length=30)
    order = models.PositiveIntegerField("次序")
    position = models.PositiveIntegerField("排列")
    roles = models.JSONField("岗位")
    where = models.CharField("岗位所在", max_length=10)
    separate_from = models.JSONField("须与之为不同的人", default=list)
    due_working_days = models.PositiveIntegerField("办理时限（工作日）")
    links = models.BooleanField("可请单位以外的人签署", default=False)
    form_code = models.CharField("表单", max_length=60, blank=True)
    form = models.JSONField("启用时的表单", default=dict, blank=True)

    class Meta:
        verbose_name = "审批步骤"
        verbose_name_plural = verbose_name
        ordering = ["approval_id", "order", "position"]
        constraints = [
            models.UniqueConstraint(fields=["approval", "code"], name="approvalstep_code_once"),
            models.CheckConstraint(condition=Q(where__in=["same", "above", "top"]), name="approvalstep_where_known"),
        ]

    def __str__(self) -> str:
        return self.name


class StepOpening(models.Model):
    """When a step became ready to be signed, and by when it is due; ``provisional`` where the year has no calendar."""

    step = models.OneToOneField(ApprovalStep, on_delete=models.PROTECT, related_name="opening", verbose_name="步骤")
    opened_at = models.DateTimeField("开始时间")
    due_on = models.DateField("期限")
    provisional = models.BooleanField("期限为暂定", default=False)

    class Meta:
        verbose_name = "步骤开始"
        verbose_name_plural = verbose_name
        indexes = [models.Index(fields=["due_on"], name="stepopening_due")]

    def __str__(self) -> str:
        return f"{self.step} {self.due_on}"


class Signature(models.Model):
    """What one person said at one step, on one digest; append-only.

    A signer either has an account (``signer``, perhaps ``on_behalf_of`` another by ``delegation``) or signs by a one-time
    ``link``. ``person`` identifies him for the separation of persons and is filled by the database, as ``recorded_at`` is.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="signatures", verbose_name="审批")
    step = models.OneToOneField(ApprovalStep, on_delete=models.PROTECT, related_name="signature", verbose_name="步骤")
    digest = models.CharField("内容摘要值", max_length=64)
    verdict = models.CharField("意见", max_length=10, choices=Verdict.choices)
    remark = models.TextField("意见说明", blank=True)
    form = models.JSONField("表单", default=dict, blank=True)
    signer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="签署人",
    )
    signer_name = models.CharField("签署人姓名", max_length=150)
    role = models.CharField("岗位", max_length=30, blank=True)
    unit = models.ForeignKey(
        "orgs.Unit", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="岗位所在单位"
    )
    on_behalf_of = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name="代谁签署",
    )
    delegation = models.ForeignKey(
        "approvals.Delegation", on_delete=models.PROTECT, related_name="+", null=True, blank=True, verbose_name="委托"
    )
    link = models.OneToOneField(
        "approvals.SigningLink",
        on_delete=models.PROTECT,
        related_name="signature",
        null=True,
        blank=True,
        verbose_name="一次性链接",
    )
    person = models.CharField("签署人标识", max_length=120, blank=True)
    signed_at = models.DateTimeField("签署时间")
    recorded_at = models.DateTimeField("入库时间", db_default=database_time(), help_text="数据库自己的时钟")

    class Meta:
        verbose_name = "签批"
        verbose_name_plural = verbose_name
        ordering = ["approval_id", "signed_at", "id"]
        indexes = [models.Index(fields=["signer", "signed_at"], name="signature_by_signer")]
        constraints = [
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="signature_verdict_known"),
            models.CheckConstraint(condition=~Q(verdict="return") | ~Q(remark=""), name="signature_return_has_remark"),
            models.CheckConstraint(
                condition=Q(signer__isnull=False, link__isnull=True) | Q(signer__isnull=True, link__isnull=False),
                name="signature_account_or_link",
            ),
            models.CheckConstraint(
                condition=Q(delegation__isnull=True, on_behalf_of__isnull=True)
                | Q(delegation__isnull=False, on_behalf_of__isnull=False),
                name="signature_on_behalf_by_delegation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.step} {self.signer_name} {self.get_verdict_display()}"


class Seat(models.Model):
    """One person's place in one pair of steps that need different persons; filled by triggers only.

    ``group`` names the pair (``first_review|second_review``, ``author|first_review``); the same person cannot take both
    places, because (approval, group, person) is unique. Authors are seated when the steps are frozen.
    """

    approval = models.ForeignKey(Approval, on_delete=models.PROTECT, related_name="seats", verbose_name="审批")
    group = models.CharField("须为不同人的一对步骤", max_length=130)
    person = models.CharField("人员标识", max_length=120)
    signature = models.ForeignKey(
        Signature, on_delete=models.PROTECT, related_name="seats", null=True, verbose_name="签批"
    )

    class Meta:
        verbose_name = "席位"
        verbose_name_plural = verbose_name
        constraints = [
            models.UniqueConstraint(fields=["approval", "group", "person"], name="seat_different_persons"),
        ]

    def __str__(self) -> str:
        return f"{self.group} {self.person}"


class ApprovalEnd(models.Model):
    """That a round counts no more: the text was changed (voided) or the matter was withdrawn (canceled); append-only."""

    approval = models.OneToOneField(Approval, on_delete=models.PROTECT, related_name="end", verbose_name="审批")
    kind = models.CharField(
        "种类",
        max_length=12,
        choices=[(ApprovalState.VOIDED.value, "已失效"), (ApprovalState.CANCELED.value, "已撤销")],
    )
    reason = models.TextField("理由")
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, verbose_name="经办人"
    )
    ended_at = models.DateTimeField("时间")

    class Meta:
        verbose_name = "审批终止"
        verbose_name_plural = verbose_name
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["voided", "canceled"]), name="approvalend_kind_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="approvalend_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.approval} {self.get_kind_display()}"
