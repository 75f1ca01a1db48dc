"""Asking the divisions of a unit for records, and decisions about the processing fee."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    """Adds tables only, touches no row."""

    dependencies = [
        ("foi", "0008_linked_remedies_amendments"),
        ("orgs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Retrieval",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("ref", models.CharField(max_length=120, verbose_name="交办时的名称")),
                ("wanted", models.TextField(verbose_name="查找的信息")),
                ("question", models.TextField(blank=True, verbose_name="要说明的问题")),
                ("custodian", models.BooleanField(default=False, verbose_name="保管档案")),
                (
                    "stage",
                    models.CharField(
                        choices=[
                            ("sent", "待签收"),
                            ("searching", "查找中"),
                            ("returned", "已退回"),
                            ("answered", "已答复"),
                            ("handed_on", "已转交"),
                            ("recalled", "不再需要"),
                        ],
                        max_length=20,
                        verbose_name="阶段",
                    ),
                ),
                ("sent_on", models.DateField(verbose_name="交办日期")),
                ("due_on", models.DateField(verbose_name="反馈期限")),
                ("accepted_on", models.DateField(blank=True, null=True, verbose_name="签收日期")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[("found", "查到"), ("partly", "查到一部分"), ("none", "没有查到")],
                        max_length=20,
                        verbose_name="结果",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="答复")),
                ("search_where", models.TextField(blank=True, verbose_name="检索的系统和档案")),
                ("search_words", models.TextField(blank=True, verbose_name="检索关键词")),
                ("search_span", models.CharField(blank=True, max_length=200, verbose_name="检索的时间范围")),
                ("search_person", models.CharField(blank=True, max_length=60, verbose_name="检索人")),
                ("search_on", models.DateField(blank=True, null=True, verbose_name="检索日期")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="retrievals", to="foi.application", verbose_name="公开申请"
                    ),
                ),
                (
                    "division",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="orgs.unit", verbose_name="内设机构"),
                ),
                (
                    "follows",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="next",
                        to="foi.retrieval",
                        verbose_name="转自",
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={
                "verbose_name": "调取信息",
                "verbose_name_plural": "调取信息",
                "ordering": ["application_id", "number"],
                "indexes": [models.Index(fields=["division", "stage", "due_on", "id"], name="retrieval_desk")],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="retrieval_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("wanted", ""), _negated=True), name="retrieval_wants_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("sent_on"))), name="retrieval_due_after_sent"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage__in", ["sent", "searching", "returned", "answered", "handed_on", "recalled"])
                        ),
                        name="retrieval_stage_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "answered"), _negated=True),
                            models.Q(("answered_on__isnull", False), models.Q(("outcome", ""), _negated=True)),
                            _connector="OR",
                        ),
                        name="retrieval_answered_with_outcome",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RetrievalStep",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("send", "交办"),
                            ("accept", "签收"),
                            ("answer", "答复"),
                            ("ask_back", "退回并说明"),
                            ("clarify", "补充说明"),
                            ("hand_on", "转交其他内设机构"),
                            ("recall", "不再需要"),
                        ],
                        max_length=20,
                        verbose_name="事项",
                    ),
                ),
                ("words", models.TextField(blank=True, verbose_name="说明")),
                ("on", models.DateField(verbose_name="日期")),
                ("by_name", models.CharField(max_length=150, verbose_name="经办人")),
                ("at", models.DateTimeField(verbose_name="录入时间")),
                (
                    "by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "retrieval",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="steps", to="foi.retrieval", verbose_name="调取信息"
                    ),
                ),
            ],
            options={
                "verbose_name": "调取信息的经过",
                "verbose_name_plural": "调取信息的经过",
                "ordering": ["retrieval_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="RetrievalFile",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "paper",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="retrieval_file", to="foi.casepaper", verbose_name="案卷材料"
                    ),
                ),
                (
                    "retrieval",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="files", to="foi.retrieval", verbose_name="调取信息"
                    ),
                ),
            ],
            options={
                "verbose_name": "调取到的文件",
                "verbose_name_plural": "调取到的文件",
                "ordering": ["retrieval_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="FeeDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("month", models.DateField(verbose_name="计费月份")),
                (
                    "method",
                    models.CharField(
                        choices=[("per_case", "按件计收"), ("per_page", "按量计收")],
                        max_length=20,
                        verbose_name="收费方式",
                    ),
                ),
                ("before", models.PositiveIntegerField(default=0, verbose_name="此前件数")),
                ("units", models.PositiveIntegerField(verbose_name="计收数量")),
                ("reckoned_fen", models.PositiveBigIntegerField(verbose_name="应收金额（分）")),
                ("amount_fen", models.PositiveBigIntegerField(verbose_name="收取金额（分）")),
                ("lines", models.JSONField(default=list, verbose_name="计费明细")),
                ("reason", models.TextField(blank=True, verbose_name="减免理由")),
                ("units_reason", models.TextField(blank=True, verbose_name="计收数量的说明")),
                ("decided_by", models.CharField(max_length=60, verbose_name="决定人")),
                ("decided_on", models.DateField(verbose_name="决定日期")),
                ("paid_fen", models.PositiveBigIntegerField(blank=True, null=True, verbose_name="实缴金额（分）")),
                ("receipt_no", models.CharField(blank=True, max_length=60, verbose_name="财政票据号")),
                ("entered_by_name", models.CharField(max_length=150, verbose_name="录入人")),
                ("entered_at", models.DateTimeField(verbose_name="录入时间")),
                ("replaced_at", models.DateTimeField(blank=True, null=True, verbose_name="被替代时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=PROTECT, related_name="fee_decisions", to="foi.application", verbose_name="公开申请"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True, null=True, on_delete=PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=PROTECT,
                        related_name="+",
                        to="foi.casepaper",
                        verbose_name="缴费凭证",
                    ),
                ),
            ],
            options={
                "verbose_name": "信息处理费决定",
                "verbose_name_plural": "信息处理费决定",
                "ordering": ["application_id", "id"],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("replaced_at__isnull", True)),
                        fields=("application",),
                        name="feedecision_one_holds",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__lte", models.F("reckoned_fen"))), name="feedecision_no_more"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("amount_fen", models.F("reckoned_fen")),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="feedecision_less_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("decided_by", ""), _negated=True), name="feedecision_somebody_decided"
                    ),
                ],
            },
        ),
    ]
