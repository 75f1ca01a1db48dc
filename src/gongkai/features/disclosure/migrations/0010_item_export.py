"""Exports of items that a job writes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Checked: adds a table only, touches no row."""

    dependencies = [
        ("files", "0001_initial"),
        ("disclosure", "0009_intake"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("query", models.TextField(blank=True, verbose_name="筛选条件")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "排队中"),
                            ("running", "正在生成"),
                            ("done", "已完成"),
                            ("failed", "没有成功"),
                            ("expired", "已过期清理"),
                        ],
                        default="waiting",
                        max_length=20,
                        verbose_name="状态",
                    ),
                ),
                ("rows_done", models.PositiveIntegerField(default=0, verbose_name="已写行数")),
                ("rows_total", models.PositiveIntegerField(default=0, verbose_name="总行数")),
                ("requested_at", models.DateTimeField(verbose_name="申请时间")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="结束时间")),
                (
                    "file",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                        verbose_name="文件",
                    ),
                ),
                (
                    "requested_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="申请人",
                    ),
                ),
            ],
            options={
                "verbose_name": "公开信息导出",
                "verbose_name_plural": "公开信息导出",
                "ordering": ["-id"],
                "indexes": [models.Index(fields=["requested_by", "-id"], name="itemexport_person")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("file__isnull", False), ("state", "done")),
                            models.Q(models.Q(("state", "done"), _negated=True), ("file__isnull", True)),
                            _connector="OR",
                        ),
                        name="itemexport_done_has_file",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("finished_at__isnull", True), ("state__in", ["waiting", "running"])),
                            models.Q(("finished_at__isnull", False), ("state__in", ["done", "failed", "expired"])),
                            _connector="OR",
                        ),
                        name="itemexport_end_has_time",
                    ),
                ],
            },
        ),
    ]
