"""The log of answers, proposals, retention; events may lose their texts by an agreed destruction, and by nothing else."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

FORWARD = """
CREATE FUNCTION foi_erasure_only(before jsonb, after jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    name text;
    one jsonb;
BEGIN
    IF (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(before) AS k)
        IS DISTINCT FROM (SELECT array_agg(k ORDER BY k) FROM jsonb_object_keys(after) AS k) THEN
        RETURN false;
    END IF;
    FOR name IN SELECT k FROM jsonb_object_keys(before) AS k LOOP
        IF before->name = after->name THEN
            CONTINUE;
        END IF;
        IF jsonb_typeof(before->name) <> jsonb_typeof(after->name) THEN
            RETURN false;
        ELSIF jsonb_typeof(after->name) = 'string' THEN
            IF after->>name !~ '^（已销毁[0-9]*）$' THEN
                RETURN false;
            END IF;
        ELSIF jsonb_typeof(after->name) = 'array' THEN
            IF jsonb_array_length(before->name) <> jsonb_array_length(after->name) THEN
                RETURN false;
            END IF;
            FOR one IN SELECT e FROM jsonb_array_elements(after->name) AS e LOOP
                IF jsonb_typeof(one) <> 'string' OR one #>> '{}' !~ '^（已销毁[0-9]*）$' THEN
                    RETURN false;
                END IF;
            END LOOP;
        ELSE
            RETURN false;
        END IF;
    END LOOP;
    RETURN true;
END;
$$;
CREATE FUNCTION foi_destruction_agreed(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM foi_destructionline AS line
        WHERE line.application_id = wanted AND line.verdict = 'destroy' AND line.agreed
          AND line.second_by_id <> line.first_by_id AND line.erased_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM foi_casehold AS hold WHERE hold.application_id = wanted AND hold.lifted_at IS NULL
    )
$$;
CREATE FUNCTION foi_caseevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.application_id, NEW.number, NEW.kind, NEW."on", NEW.by_id, NEW.by_name, NEW.at)
        IS NOT DISTINCT FROM (OLD.id, OLD.application_id, OLD.number, OLD.kind, OLD."on", OLD.by_id, OLD.by_name, OLD.at)
        AND foi_erasure_only(OLD.data, NEW.data) AND foi_destruction_agreed(OLD.application_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '公开申请的办理事件只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Only a destruction that two persons agreed on takes texts away; see docs/adr/0019-destruction.md.';
END;
$$;
CREATE FUNCTION foi_remedystep_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.remedy_id, NEW.number, NEW.kind, NEW."on", NEW.by_id, NEW.by_name, NEW.at)
        IS NOT DISTINCT FROM (OLD.id, OLD.remedy_id, OLD.number, OLD.kind, OLD."on", OLD.by_id, OLD.by_name, OLD.at)
        AND foi_erasure_only(OLD.data, NEW.data)
        AND foi_destruction_agreed((SELECT r.application_id FROM foi_caseremedy AS r WHERE r.id = OLD.remedy_id)) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '复议诉讼步骤只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Only a destruction that two persons agreed on takes texts away; see docs/adr/0019-destruction.md.';
END;
$$;
DROP TRIGGER foi_caseevent_append_only ON foi_caseevent;
CREATE TRIGGER foi_caseevent_append_only BEFORE DELETE OR TRUNCATE ON foi_caseevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
CREATE TRIGGER foi_caseevent_erasure_only BEFORE UPDATE ON foi_caseevent
    FOR EACH ROW EXECUTE FUNCTION foi_caseevent_guard();
DROP TRIGGER foi_remedystep_append_only ON foi_remedystep;
CREATE TRIGGER foi_remedystep_append_only BEFORE DELETE OR TRUNCATE ON foi_remedystep
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
CREATE TRIGGER foi_remedystep_erasure_only BEFORE UPDATE ON foi_remedystep
    FOR EACH ROW EXECUTE FUNCTION foi_remedystep_guard();
CREATE TRIGGER foi_destructionline_kept BEFORE DELETE OR TRUNCATE ON foi_destructionline
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
"""
BACKWARD = """
DROP TRIGGER foi_destructionline_kept ON foi_destructionline;
DROP TRIGGER foi_caseevent_erasure_only ON foi_caseevent;
DROP TRIGGER foi_caseevent_append_only ON foi_caseevent;
CREATE TRIGGER foi_caseevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_caseevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
DROP TRIGGER foi_remedystep_erasure_only ON foi_remedystep;
DROP TRIGGER foi_remedystep_append_only ON foi_remedystep;
CREATE TRIGGER foi_remedystep_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_remedystep
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
DROP FUNCTION foi_remedystep_guard();
DROP FUNCTION foi_caseevent_guard();
DROP FUNCTION foi_destruction_agreed(bigint);
DROP FUNCTION foi_erasure_only(jsonb, jsonb);
"""


class Migration(migrations.Migration):
    """Adds tables, and guards the events of cases row by row where it guarded the statement."""

    dependencies = [
        ("foi", "0009_retrievals_fees"),
        ("orgs", "0001_initial"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LogEntry",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_entry",
                        verbose_name="公开申请",
                        to="foi.application",
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        max_length=20,
                        choices=[
                            ("waiting", "待整理"),
                            ("drafted", "已转公开信息"),
                            ("declined", "不列入"),
                            ("objected", "申请人不同意"),
                        ],
                        default="waiting",
                        verbose_name="状态",
                    ),
                ),
                ("proposed_on", models.DateField(verbose_name="提出日期")),
                ("ready_on", models.DateField(verbose_name="可以整理的日期")),
                ("title", models.CharField(max_length=200, blank=True, verbose_name="标题")),
                ("asked", models.TextField(blank=True, verbose_name="申请了什么")),
                ("answered", models.TextField(blank=True, verbose_name="怎样答复")),
                ("papers", models.JSONField(default=list, blank=True, verbose_name="附上的材料")),
                ("item_id", models.BigIntegerField(null=True, blank=True, unique=True, verbose_name="公开信息编号")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                (
                    "settled_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("settled_by_name", models.CharField(max_length=150, blank=True, verbose_name="经办人")),
                ("settled_at", models.DateTimeField(null=True, blank=True, verbose_name="处理时间")),
            ],
            options={
                "verbose_name": "答复目录条目",
                "verbose_name_plural": "答复目录条目",
                "ordering": ["-proposed_on", "-id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(state__in=["waiting", "drafted", "declined", "objected"]),
                        name="logentry_state_known",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(state="drafted") | models.Q(item_id__isnull=False), name="logentry_has_item"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(state="declined") | ~models.Q(reason=""), name="logentry_declined_why"
                    ),
                ],
                "indexes": [models.Index(fields=["state", "ready_on", "id"], name="logentry_by_state")],
            },
        ),
        migrations.CreateModel(
            name="LogObjection",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="log_objection",
                        verbose_name="公开申请",
                        to="foi.application",
                    ),
                ),
                (
                    "way",
                    models.CharField(
                        max_length=20,
                        choices=[("form", "提交申请时"), ("desk", "向工作人员表示"), ("follow", "凭查询码在网上")],
                        verbose_name="方式",
                    ),
                ),
                ("said_on", models.DateField(verbose_name="表示日期")),
                ("by_name", models.CharField(max_length=150, verbose_name="记录人")),
                ("at", models.DateTimeField(verbose_name="记录时间")),
            ],
            options={"verbose_name": "不同意列入答复目录", "verbose_name_plural": "不同意列入答复目录"},
        ),
        migrations.CreateModel(
            name="ProactiveProposal",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        verbose_name="单位",
                        to="orgs.unit",
                    ),
                ),
                (
                    "source",
                    models.CharField(
                        max_length=20,
                        choices=[("repeated", "多个申请人申请相同信息"), ("suggested", "申请人建议")],
                        verbose_name="来源",
                    ),
                ),
                ("subject", models.CharField(max_length=200, verbose_name="信息名称")),
                ("wish", models.TextField(blank=True, verbose_name="建议内容")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="suggestions",
                        to="foi.application",
                    ),
                ),
                ("applicants", models.PositiveIntegerField(verbose_name="不同申请人数")),
                ("since", models.DateField(verbose_name="最早提交")),
                ("until", models.DateField(verbose_name="最晚提交")),
                ("opened_on", models.DateField(verbose_name="提出日期")),
                (
                    "evaluator",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("due_on", models.DateField(verbose_name="评估期限")),
                (
                    "result",
                    models.CharField(
                        max_length=20,
                        choices=[
                            ("drafted", "主动公开，已转拟稿"),
                            ("already", "已经主动公开"),
                            ("refused", "不主动公开"),
                        ],
                        blank=True,
                        verbose_name="结果",
                    ),
                ),
                ("ground", models.CharField(max_length=60, blank=True, verbose_name="依据")),
                ("reason", models.TextField(blank=True, verbose_name="理由")),
                ("item_id", models.BigIntegerField(null=True, blank=True, verbose_name="公开信息编号")),
                ("address", models.CharField(max_length=500, blank=True, verbose_name="公开网址")),
                (
                    "decided_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("decided_by_name", models.CharField(max_length=150, blank=True, verbose_name="评估人")),
                ("decided_at", models.DateTimeField(null=True, blank=True, verbose_name="评估时间")),
            ],
            options={
                "verbose_name": "转主动公开建议",
                "verbose_name_plural": "转主动公开建议",
                "ordering": ["due_on", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(result="", decided_at__isnull=True)
                        | ~models.Q(result="") & models.Q(decided_at__isnull=False),
                        name="proposal_decided_with_day",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(result="drafted") | models.Q(item_id__isnull=False),
                        name="proposal_has_item",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(result="already") | ~models.Q(address=""), name="proposal_says_where"
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(result="refused") | ~models.Q(reason="") & ~models.Q(ground=""),
                        name="proposal_refused_with_ground",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(source="suggested") | models.Q(application__isnull=False),
                        name="proposal_suggested_by_someone",
                    ),
                ],
                "indexes": [models.Index(fields=["unit", "result", "due_on"], name="proposal_of_unit")],
            },
        ),
        migrations.CreateModel(
            name="ProposalCase",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "proposal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="cases", to="foi.proactiveproposal"
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proposals", to="foi.application"
                    ),
                ),
                ("why", models.JSONField(default=list, verbose_name="相同之处")),
            ],
            options={
                "verbose_name": "建议所依据的申请",
                "verbose_name_plural": "建议所依据的申请",
                "constraints": [models.UniqueConstraint(fields=["proposal", "application"], name="proposalcase_once")],
            },
        ),
        migrations.CreateModel(
            name="CaseHold",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holds",
                        verbose_name="公开申请",
                        to="foi.application",
                    ),
                ),
                ("reason", models.TextField(verbose_name="理由")),
                ("placed_by_name", models.CharField(max_length=150, verbose_name="冻结人")),
                ("placed_at", models.DateTimeField(verbose_name="冻结时间")),
                ("lifted_by_name", models.CharField(max_length=150, blank=True, verbose_name="解除人")),
                ("lifted_at", models.DateTimeField(null=True, blank=True, verbose_name="解除时间")),
                ("lift_reason", models.TextField(blank=True, verbose_name="解除理由")),
            ],
            options={
                "verbose_name": "案卷冻结",
                "verbose_name_plural": "案卷冻结",
                "ordering": ["-placed_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(reason=""), name="casehold_has_reason"),
                    models.CheckConstraint(
                        condition=models.Q(lifted_at__isnull=True) | ~models.Q(lift_reason=""),
                        name="casehold_lifted_with_reason",
                    ),
                ],
                "indexes": [
                    models.Index(
                        fields=["application"], condition=models.Q(lifted_at__isnull=True), name="casehold_standing"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionTerm",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="terms",
                        verbose_name="公开申请",
                        to="foi.application",
                    ),
                ),
                ("until", models.DateField(null=True, blank=True, verbose_name="保管至")),
                ("reason", models.TextField(verbose_name="理由")),
                ("set_by_name", models.CharField(max_length=300, verbose_name="确定人")),
                ("set_at", models.DateTimeField(verbose_name="确定时间")),
            ],
            options={
                "verbose_name": "案卷保管期限",
                "verbose_name_plural": "案卷保管期限",
                "ordering": ["application", "-set_at", "-id"],
                "constraints": [
                    models.CheckConstraint(condition=~models.Q(reason=""), name="retentionterm_has_reason")
                ],
            },
        ),
        migrations.CreateModel(
            name="DestructionList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        verbose_name="单位",
                        to="orgs.unit",
                    ),
                ),
                ("year", models.PositiveIntegerField(verbose_name="年度")),
                ("drawn_by_name", models.CharField(max_length=150, verbose_name="编制人")),
                ("drawn_at", models.DateTimeField(verbose_name="编制时间")),
            ],
            options={
                "verbose_name": "销毁鉴定清单",
                "verbose_name_plural": "销毁鉴定清单",
                "ordering": ["-year", "unit"],
                "constraints": [models.UniqueConstraint(fields=["unit", "year"], name="destructionlist_once_a_year")],
            },
        ),
        migrations.CreateModel(
            name="DestructionLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        verbose_name="清单",
                        to="foi.destructionlist",
                    ),
                ),
                (
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="destruction_lines",
                        verbose_name="公开申请",
                        to="foi.application",
                    ),
                ),
                ("kept_until", models.DateField(verbose_name="保管至")),
                (
                    "verdict",
                    models.CharField(
                        max_length=20,
                        choices=[("destroy", "销毁"), ("extend", "延长保管"), ("permanent", "永久保管")],
                        blank=True,
                        verbose_name="鉴定意见",
                    ),
                ),
                ("new_until", models.DateField(null=True, blank=True, verbose_name="延长至")),
                ("reason", models.TextField(blank=True, verbose_name="鉴定理由")),
                (
                    "first_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("first_by_name", models.CharField(max_length=150, blank=True, verbose_name="鉴定人")),
                ("first_at", models.DateTimeField(null=True, blank=True, verbose_name="鉴定时间")),
                ("agreed", models.BooleanField(default=False, verbose_name="复核同意")),
                (
                    "second_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        null=True,
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("second_by_name", models.CharField(max_length=150, blank=True, verbose_name="复核人")),
                ("second_at", models.DateTimeField(null=True, blank=True, verbose_name="复核时间")),
                ("erased_at", models.DateTimeField(null=True, blank=True, verbose_name="销毁时间")),
                ("erased_files", models.PositiveIntegerField(default=0, verbose_name="销毁文件数")),
            ],
            options={
                "verbose_name": "销毁鉴定",
                "verbose_name_plural": "销毁鉴定",
                "ordering": ["list", "application"],
                "constraints": [
                    models.UniqueConstraint(fields=["list", "application"], name="destructionline_once"),
                    models.CheckConstraint(
                        condition=models.Q(verdict="") | ~models.Q(reason="") & models.Q(first_by__isnull=False),
                        name="destructionline_with_reason",
                    ),
                    models.CheckConstraint(
                        condition=~models.Q(verdict="extend") | models.Q(new_until__isnull=False),
                        name="destructionline_extended_until",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(agreed=False)
                        | models.Q(second_by__isnull=False)
                        & ~models.Q(second_by=models.F("first_by"))
                        & ~models.Q(verdict=""),
                        name="destructionline_two_persons",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(erased_at__isnull=True) | models.Q(agreed=True, verdict="destroy"),
                        name="destructionline_erased_when_agreed",
                    ),
                ],
                "indexes": [models.Index(fields=["application"], name="destructionline_of_case")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
