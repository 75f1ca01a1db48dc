"""Requests for amendment are kept, held and destroyed by the same review; their events lose their texts by it alone."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q

FORWARD = """
CREATE FUNCTION foi_amendment_destruction_agreed(wanted bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT 1 FROM foi_destructionline AS line
        WHERE line.amendment_id = wanted AND line.verdict = 'destroy' AND line.agreed
          AND line.second_by_id <> line.first_by_id AND line.erased_at IS NULL
    ) AND NOT EXISTS (
        SELECT 1 FROM foi_casehold AS hold WHERE hold.amendment_id = wanted AND hold.lifted_at IS NULL
    )
$$;
CREATE FUNCTION foi_amendmentevent_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.id, NEW.amendment_id, NEW.number, NEW.verb, NEW."on", NEW.by_id, NEW.by_name, NEW.at)
        IS NOT DISTINCT FROM (OLD.id, OLD.amendment_id, OLD.number, OLD.verb, OLD."on", OLD.by_id, OLD.by_name, OLD.at)
        AND foi_erasure_only(OLD.data, NEW.data) AND foi_amendment_destruction_agreed(OLD.amendment_id) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '更正申请的办理事件只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'Only a destruction that two persons agreed on takes texts away; see docs/adr/0019-destruction.md.';
END;
$$;
DROP TRIGGER foi_amendmentevent_append_only ON foi_amendmentevent;
CREATE TRIGGER foi_amendmentevent_append_only BEFORE DELETE OR TRUNCATE ON foi_amendmentevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
CREATE TRIGGER foi_amendmentevent_erasure_only BEFORE UPDATE ON foi_amendmentevent
    FOR EACH ROW EXECUTE FUNCTION foi_amendmentevent_guard();
"""
BACKWARD = """
DROP TRIGGER foi_amendmentevent_erasure_only ON foi_amendmentevent;
DROP TRIGGER foi_amendmentevent_append_only ON foi_amendmentevent;
CREATE TRIGGER foi_amendmentevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_amendmentevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
DROP FUNCTION foi_amendmentevent_guard();
DROP FUNCTION foi_amendment_destruction_agreed(bigint);
"""
OF_ONE = Q(("amendment__isnull", True), ("application__isnull", False)) | Q(
    ("amendment__isnull", False), ("application__isnull", True)
)


def of_case(model, name):
    """Let a table be about an application or a request for amendment."""
    return [
        migrations.AlterField(
            model_name=model,
            name="application",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name=name,
                to="foi.application",
                verbose_name="公开申请",
            ),
        ),
        migrations.AddField(
            model_name=model,
            name="amendment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name=name,
                to="foi.amendmentrequest",
                verbose_name="更正申请",
            ),
        ),
        migrations.AddConstraint(
            model_name=model, constraint=models.CheckConstraint(condition=OF_ONE, name=f"{model}_of_one")
        ),
    ]


class Migration(migrations.Migration):
    dependencies = [("files", "0001_initial"), ("foi", "0011_application_channel")]

    operations = [
        *of_case("casehold", "holds"),
        *of_case("retentionterm", "terms"),
        *of_case("destructionline", "destruction_lines"),
        migrations.AddIndex(
            model_name="casehold",
            index=models.Index(
                condition=models.Q(("lifted_at__isnull", True)), fields=["amendment"], name="casehold_of_amendment"
            ),
        ),
        migrations.AddConstraint(
            model_name="destructionline",
            constraint=models.UniqueConstraint(fields=["list", "amendment"], name="destructionline_amendment_once"),
        ),
        migrations.AlterField(
            model_name="amendmentpaper",
            name="file",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="files.storedfile",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
