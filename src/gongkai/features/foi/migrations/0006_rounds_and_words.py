"""What each round of a case came to, and an index of pairs of signs by which cases are found by words."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.features.foi.models.words

FORWARD = """
CREATE FUNCTION foi_pairs(unit bigint, words text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
    SELECT COALESCE(array_agg(DISTINCT unit || ':' || upper(substr(words, n, 2))), '{}')
    FROM generate_series(1, length(words) - 1) AS n
$$;
"""
BACKWARD = "DROP FUNCTION foi_pairs(bigint, text);"


class Migration(migrations.Migration):
    """Adds a table and indexes; no row of an older table is written."""

    dependencies = [
        ("orgs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ("foi", "0005_hand_over"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.CreateModel(
            name="CaseRound",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveSmallIntegerField(verbose_name="第几轮")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("in_person", "当面"),
                            ("registered_mail", "挂号信等签收邮寄"),
                            ("ordinary_mail", "平常信函"),
                            ("sent_to_wrong_unit", "误寄其他单位或者个人"),
                            ("online", "网络"),
                            ("fax", "传真"),
                            ("email", "电子邮件"),
                            ("oral", "口头"),
                        ],
                        max_length=30,
                        verbose_name="申请渠道",
                    ),
                ),
                ("received_on", models.DateField(verbose_name="起算日")),
                ("replied_on", models.DateField(blank=True, null=True, verbose_name="答复日期")),
                ("ended_on", models.DateField(blank=True, null=True, verbose_name="办结日期")),
                ("disposition", models.CharField(blank=True, max_length=60, verbose_name="处理决定")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="法定期限")),
                ("target_on", models.DateField(blank=True, null=True, verbose_name="内部时限")),
                ("used_days", models.PositiveIntegerField(blank=True, null=True, verbose_name="用时（工作日）")),
                ("late_days", models.PositiveIntegerField(default=0, verbose_name="逾期（工作日）")),
                ("extended", models.BooleanField(default=False, verbose_name="延长过")),
                ("counted", models.BooleanField(default=False, verbose_name="计入办结")),
                (
                    "application",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rounds",
                        to="foi.application",
                        verbose_name="公开申请",
                    ),
                ),
                (
                    "handler",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="经办人",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orgs.unit",
                        verbose_name="受理单位",
                    ),
                ),
            ],
            options={
                "verbose_name": "办理轮次",
                "verbose_name_plural": "办理轮次",
                "ordering": ["application_id", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("replied_on__isnull", False)),
                        fields=["replied_on", "unit"],
                        include=("handler", "target_on", "used_days", "late_days", "extended"),
                        name="caseround_replied",
                    ),
                    models.Index(
                        condition=models.Q(("counted", True)),
                        fields=["ended_on", "unit"],
                        include=("handler", "disposition"),
                        name="caseround_ended",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="caseround_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="caseround_number_positive"),
                    models.CheckConstraint(
                        condition=models.Q(("replied_on__isnull", False), ("ended_on__isnull", False), _connector="OR"),
                        name="caseround_replied_or_over",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("counted", False), ("ended_on__isnull", False), _connector="OR"),
                        name="caseround_counted_is_over",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["received_on", "unit"], include=("channel", "stage"), name="application_received"
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                condition=models.Q(("handler__isnull", False)),
                fields=["handler", "closed_on", "id"],
                name="application_handled",
            ),
        ),
        migrations.AddIndex(
            model_name="application",
            index=django.contrib.postgres.indexes.GinIndex(
                gongkai.features.foi.models.words.SubjectPairs("unit", "subject"), name="application_pairs"
            ),
        ),
    ]
