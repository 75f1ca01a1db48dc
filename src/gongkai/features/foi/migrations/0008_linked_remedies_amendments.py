"""Links between applications, the course of reconsiderations and suits, and requests to amend one's own record."""

import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import gongkai.kernel.sealed.fields

TRIGGERS = """
CREATE TRIGGER foi_remedystep_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_remedystep
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
CREATE TRIGGER foi_amendmentevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_amendmentevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
"""
NO_TRIGGERS = """
DROP TRIGGER foi_remedystep_append_only ON foi_remedystep;
DROP TRIGGER foi_amendmentevent_append_only ON foi_amendmentevent;
"""
KEY = ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"))
CHANNELS = [
    ("in_person", "当面"),
    ("registered_mail", "挂号信等签收邮寄"),
    ("ordinary_mail", "平常信函"),
    ("sent_to_wrong_unit", "误寄其他单位或者个人"),
    ("online", "网络"),
    ("fax", "传真"),
    ("email", "电子邮件"),
    ("oral", "口头"),
]
REMEDIES = [
    ("reconsideration", "行政复议"),
    ("lawsuit_direct", "行政诉讼（未经复议直接起诉）"),
    ("lawsuit_after", "行政诉讼（复议后起诉）"),
]
OUTCOMES = [("pending", "尚未审结"), ("upheld", "结果维持"), ("corrected", "结果纠正"), ("other", "其他结果")]
STAGES = [
    ("new", "未提出"),
    ("received", "已收到"),
    ("evidence_wait", "等待补充证据"),
    ("checking", "核实中"),
    ("decided", "已决定"),
    ("told", "已告知"),
    ("archived", "已归档"),
    ("withdrawn", "已撤回"),
]
RESULTS = [
    ("amended", "予以更正"),
    ("transferred", "转送有权更正的行政机关"),
    ("directed", "告知向有权更正的行政机关提出"),
    ("refused", "不予更正"),
]


def person():
    """Who entered or added something; empty for visitors and jobs."""
    return models.ForeignKey(
        blank=True,
        null=True,
        on_delete=django.db.models.deletion.PROTECT,
        related_name="+",
        to=settings.AUTH_USER_MODEL,
    )


def belongs(to, name, label):
    """The row that this one belongs to."""
    return models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name=name, to=to, verbose_name=label)


class Migration(migrations.Migration):
    """Adds tables and their triggers only, touches no row."""

    dependencies = [("foi", "0007_campaigns")]

    operations = [
        migrations.CreateModel(
            name="CaseLink",
            fields=[
                KEY,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("split", "拆分"),
                            ("moved", "移送"),
                            ("merged", "并案"),
                            ("repeats", "重复申请"),
                        ],
                        max_length=20,
                        verbose_name="关系",
                    ),
                ),
                ("on", models.DateField(verbose_name="日期")),
                ("made_at", models.DateTimeField(verbose_name="建立时间")),
                ("source", belongs("foi.application", "links_on", "原申请")),
                ("target", belongs("foi.application", "links_back", "关联的申请")),
            ],
            options={
                "verbose_name": "申请的关联",
                "verbose_name_plural": "申请的关联",
                "ordering": ["id"],
                "constraints": [
                    models.UniqueConstraint(fields=("source", "target"), name="caselink_once"),
                    models.CheckConstraint(
                        condition=models.Q(("source", models.F("target")), _negated=True), name="caselink_to_another"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseRemedy",
            fields=[
                KEY,
                ("number", models.PositiveSmallIntegerField(verbose_name="序号")),
                ("kind", models.CharField(choices=REMEDIES, max_length=20, verbose_name="类别")),
                ("ref", models.CharField(blank=True, max_length=200, verbose_name="案号")),
                ("filed_on", models.DateField(verbose_name="提起日期")),
                ("organ", models.CharField(blank=True, max_length=120, verbose_name="复议机关或者法院")),
                (
                    "procedure",
                    models.CharField(
                        blank=True,
                        choices=[("ordinary", "普通程序"), ("simple", "简易程序")],
                        max_length=20,
                        verbose_name="程序",
                    ),
                ),
                ("notified_on", models.DateField(blank=True, null=True, verbose_name="收到副本日期")),
                ("answer_due_on", models.DateField(blank=True, null=True, verbose_name="答复举证期限")),
                ("provisional", models.BooleanField(default=False, verbose_name="期限待确定")),
                ("answered_on", models.DateField(blank=True, null=True, verbose_name="提交答复日期")),
                ("hearing_on", models.DateField(blank=True, null=True, verbose_name="最近一次听证、开庭日期")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="审结日期")),
                (
                    "outcome",
                    models.CharField(choices=OUTCOMES, default="pending", max_length=20, verbose_name="结果"),
                ),
                ("redo_due_on", models.DateField(blank=True, null=True, verbose_name="履行期限")),
                ("redone_on", models.DateField(blank=True, null=True, verbose_name="履行日期")),
                ("step_count", models.PositiveIntegerField(default=0, verbose_name="步骤数")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                ("application", belongs("foi.application", "remedies", "公开申请")),
            ],
            options={
                "verbose_name": "复议诉讼",
                "verbose_name_plural": "复议诉讼",
                "ordering": ["application_id", "number"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("answered_on__isnull", True)),
                        fields=["answer_due_on"],
                        name="caseremedy_to_answer",
                    ),
                    models.Index(
                        condition=models.Q(("redone_on__isnull", True)),
                        fields=["redo_due_on"],
                        name="caseremedy_to_redo",
                    ),
                    models.Index(fields=["filed_on", "outcome"], name="caseremedy_filed"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("application", "number"), name="caseremedy_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("outcome", "pending"), ("decided_on__isnull", False), _connector="OR"),
                        name="caseremedy_decided_on_a_day",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RemedyStep",
            fields=[
                KEY,
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("kind", models.CharField(max_length=40, verbose_name="步骤")),
                ("on", models.DateField(verbose_name="发生日期")),
                ("data", models.JSONField(verbose_name="内容")),
                ("by_name", models.CharField(max_length=150, verbose_name="录入人")),
                ("at", models.DateTimeField(verbose_name="录入时间")),
                ("by", person()),
                ("remedy", belongs("foi.caseremedy", "steps", "复议诉讼")),
            ],
            options={
                "verbose_name": "复议诉讼步骤",
                "verbose_name_plural": "复议诉讼步骤",
                "ordering": ["remedy_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("remedy", "number"), name="remedystep_number_once"),
                    models.CheckConstraint(condition=models.Q(("number__gte", 1)), name="remedystep_number_positive"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentRequest",
            fields=[
                KEY,
                ("uid", models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name="编号")),
                ("register_no", models.CharField(max_length=60, verbose_name="登记编号")),
                ("query_code", gongkai.kernel.sealed.fields.SealedTextField(row="uid", verbose_name="查询码")),
                (
                    "query_digest",
                    gongkai.kernel.sealed.fields.DigestField(blank=True, db_index=True, default="", of="query_code"),
                ),
                ("channel", models.CharField(choices=CHANNELS, max_length=30, verbose_name="渠道")),
                ("record", models.CharField(max_length=200, verbose_name="记录名称")),
                ("wrong", gongkai.kernel.sealed.fields.SealedTextField(row="uid", verbose_name="记录中不准确的内容")),
                ("wanted", gongkai.kernel.sealed.fields.SealedTextField(row="uid", verbose_name="应当怎样记录")),
                ("started_on", models.DateField(verbose_name="提出日期")),
                ("created_at", models.DateTimeField(verbose_name="录入时间")),
                ("stage", models.CharField(choices=STAGES, max_length=20, verbose_name="阶段")),
                ("event_count", models.PositiveIntegerField(default=0, verbose_name="事件数")),
                ("received_on", models.DateField(blank=True, null=True, verbose_name="收到日期")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="办理期限")),
                ("provisional", models.BooleanField(default=False, verbose_name="期限待确定")),
                ("outcome", models.CharField(blank=True, choices=RESULTS, max_length=20, verbose_name="处理结果")),
                ("organ", models.CharField(blank=True, max_length=120, verbose_name="有权更正的机关")),
                ("decided_on", models.DateField(blank=True, null=True, verbose_name="处理日期")),
                ("told_on", models.DateField(blank=True, null=True, verbose_name="告知日期")),
                ("changed_at", models.DateTimeField(verbose_name="更新时间")),
                (
                    "applicant",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="amendment",
                        to="foi.applicant",
                        verbose_name="申请人",
                    ),
                ),
                ("created_by", person()),
                (
                    "handed_from",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="handed_to",
                        to="foi.amendmentrequest",
                        verbose_name="转送自",
                    ),
                ),
                ("unit", belongs("orgs.unit", "+", "受理单位")),
            ],
            options={
                "verbose_name": "更正申请",
                "verbose_name_plural": "更正申请",
                "ordering": ["-created_at", "-id"],
                "indexes": [models.Index(fields=["unit", "stage", "due_on", "id"], name="amendmentrequest_board")],
                "constraints": [
                    models.UniqueConstraint(fields=("unit", "register_no"), name="amendmentrequest_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("register_no", ""), _negated=True), models.Q(("record", ""), _negated=True)
                        ),
                        name="amendmentrequest_names_record",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("stage__in", [code for code, _ in STAGES])),
                        name="amendmentrequest_stage_known",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentEvent",
            fields=[
                KEY,
                ("number", models.PositiveIntegerField(verbose_name="序号")),
                ("verb", models.CharField(max_length=40, verbose_name="步骤")),
                ("on", models.DateField(verbose_name="发生日期")),
                ("data", models.JSONField(verbose_name="内容")),
                ("by_name", models.CharField(max_length=150, verbose_name="录入人")),
                ("at", models.DateTimeField(verbose_name="录入时间")),
                ("amendment", belongs("foi.amendmentrequest", "events", "更正申请")),
                ("by", person()),
            ],
            options={
                "verbose_name": "更正申请的办理事件",
                "verbose_name_plural": "更正申请的办理事件",
                "ordering": ["amendment_id", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("amendment", "number"), name="amendmentevent_number_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="amendmentevent_number_positive"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AmendmentPaper",
            fields=[
                KEY,
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("identity", "身份证明"),
                            ("proof", "证据材料"),
                            ("letter", "文书"),
                            ("other", "其他材料"),
                        ],
                        max_length=20,
                        verbose_name="类别",
                    ),
                ),
                ("title", models.CharField(max_length=200, verbose_name="名称")),
                ("sealed", models.BooleanField(default=False, verbose_name="加密保存")),
                ("letter", models.CharField(blank=True, max_length=60, verbose_name="文书种类")),
                ("letter_no", models.CharField(blank=True, max_length=120, verbose_name="文号")),
                ("added_by_name", models.CharField(max_length=150, verbose_name="添加人")),
                ("added_at", models.DateTimeField(verbose_name="添加时间")),
                ("added_by", person()),
                ("amendment", belongs("foi.amendmentrequest", "papers", "更正申请")),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "verbose_name": "更正申请的材料",
                "verbose_name_plural": "更正申请的材料",
                "ordering": ["amendment_id", "added_at", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("title", ""), _negated=True), name="amendmentpaper_has_a_title"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("kind__in", ["identity", "proof"]), _negated=True),
                            ("sealed", True),
                            _connector="OR",
                        ),
                        name="amendmentpaper_proofs_sealed",
                    ),
                ],
            },
        ),
        migrations.RunSQL(TRIGGERS, NO_TRIGGERS),
    ]
