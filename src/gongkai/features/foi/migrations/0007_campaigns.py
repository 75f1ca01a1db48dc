import django.db.models.deletion
import django.db.models.expressions
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "__first__"),
        ("foi", "0006_rounds_and_words"),
        ("orgs", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="BatchRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.CharField(max_length=40, verbose_name="办理事项")),
                ("title", models.CharField(max_length=200, verbose_name="内容")),
                ("values", models.JSONField(verbose_name="填写的内容")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("trying", "正在试算"),
                            ("tried", "试算完成，等待确认"),
                            ("running", "正在办理"),
                            ("done", "已完成"),
                            ("stopped", "已停止"),
                        ],
                        default="trying",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("total", models.PositiveIntegerField(default=0, verbose_name="总件数")),
                ("passed", models.PositiveIntegerField(default=0, verbose_name="可以办理")),
                ("done", models.PositiveIntegerField(default=0, verbose_name="已办理")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="不能办理")),
                ("issues", models.JSONField(blank=True, default=list, verbose_name="整批问题")),
                ("created_by_name", models.CharField(max_length=150, verbose_name="办理人")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                ("started_at", models.DateTimeField(blank=True, null=True, verbose_name="开始办理时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="受理单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量办理",
                "verbose_name_plural": "批量办理",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="BatchLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seen", models.PositiveIntegerField(default=0, verbose_name="试算时的事件数")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "等待试算"),
                            ("passed", "可以办理"),
                            ("done", "已办理"),
                            ("refused", "不能办理"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="结果",
                    ),
                ),
                ("told", models.TextField(blank=True, verbose_name="原因")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="处理时间")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foi.application",
                        verbose_name="公开申请",
                    ),
                ),
                (
                    "paper",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="foi.casepaper",
                        verbose_name="文书",
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="foi.batchrun",
                        verbose_name="批量办理",
                    ),
                ),
            ],
            options={
                "verbose_name": "批量办理中的一件",
                "verbose_name_plural": "批量办理中的一件",
                "ordering": ["run_id", "id"],
            },
        ),
        migrations.CreateModel(
            name="Campaign",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=100, verbose_name="名称")),
                ("note", models.TextField(blank=True, verbose_name="说明")),
                ("created_by_name", models.CharField(max_length=150, verbose_name="建立人")),
                ("created_at", models.DateTimeField(verbose_name="建立时间")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="受理单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "同类申请",
                "verbose_name_plural": "同类申请",
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="batchrun",
            name="campaign",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="runs",
                to="foi.campaign",
                verbose_name="同类申请",
            ),
        ),
        migrations.CreateModel(
            name="CampaignMember",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("share", models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="相同文字（%）")),
                ("added_by_name", models.CharField(max_length=150, verbose_name="归入人")),
                ("added_at", models.DateTimeField(verbose_name="归入时间")),
                (
                    "added_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="membership",
                        to="foi.application",
                        verbose_name="公开申请",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="members",
                        to="foi.campaign",
                        verbose_name="同类申请",
                    ),
                ),
            ],
            options={
                "verbose_name": "同类申请中的一件",
                "verbose_name_plural": "同类申请中的一件",
                "ordering": ["campaign_id", "application_id"],
            },
        ),
        migrations.AddIndex(
            model_name="batchline",
            index=models.Index(fields=["run", "state", "id"], name="batchline_state"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.UniqueConstraint(fields=("run", "application"), name="batchline_once"),
        ),
        migrations.AddConstraint(
            model_name="batchline",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("told", ""), _negated=True),
                    _connector="OR",
                ),
                name="batchline_refused_says_why",
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(fields=("unit", "name"), name="campaign_name_once"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="campaign_has_a_name"
            ),
        ),
        migrations.AddIndex(
            model_name="batchrun",
            index=models.Index(fields=["unit", "-id"], name="batchrun_unit"),
        ),
        migrations.AddIndex(
            model_name="batchrun",
            index=models.Index(fields=["campaign", "-id"], name="batchrun_campaign"),
        ),
        migrations.AddConstraint(
            model_name="batchrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("finished_at__isnull", True), ("state__in", ["trying", "tried", "running"])),
                    models.Q(("finished_at__isnull", False), ("state__in", ["done", "stopped"])),
                    _connector="OR",
                ),
                name="batchrun_end_has_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="batchrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "total__gte",
                        django.db.models.expressions.CombinedExpression(
                            django.db.models.expressions.CombinedExpression(models.F("passed"), "+", models.F("done")),
                            "+",
                            models.F("refused"),
                        ),
                    )
                ),
                name="batchrun_counts_lines",
            ),
        ),
        migrations.AddIndex(
            model_name="campaignmember",
            index=models.Index(fields=["campaign", "application"], name="campaignmember_of_campaign"),
        ),
        migrations.AddConstraint(
            model_name="campaignmember",
            constraint=models.CheckConstraint(
                condition=models.Q(("share__isnull", True), ("share__lte", 100), _connector="OR"),
                name="campaignmember_share_in_per_cent",
            ),
        ),
    ]
