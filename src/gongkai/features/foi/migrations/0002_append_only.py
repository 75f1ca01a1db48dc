"""A trigger that keeps the events of cases as they were written, for whoever writes."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION foi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '公开申请的办理事件只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'What happened to an application stays on record; see docs/domain/foi-cases.md.';
END;
$$;
CREATE TRIGGER foi_caseevent_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON foi_caseevent
    FOR EACH STATEMENT EXECUTE FUNCTION foi_append_only();
"""
BACKWARD = "DROP TRIGGER foi_caseevent_append_only ON foi_caseevent;\nDROP FUNCTION foi_append_only();"


class Migration(migrations.Migration):
    """Adds a trigger only, touches no row."""

    dependencies = [("foi", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
