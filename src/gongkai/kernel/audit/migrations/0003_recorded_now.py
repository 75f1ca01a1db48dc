"""The moment of recording is the database's: a row that claims another one is refused."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION audit_recorded_now() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF abs(extract(epoch FROM clock_timestamp() - NEW.recorded_at)) > 300 THEN
        RAISE EXCEPTION '审计记录的入库时间必须是数据库的当前时间，不能另行指定（第 % 条）', NEW.sequence
            USING ERRCODE = 'insufficient_privilege';
    END IF;
    RETURN NEW;
END;
$$;

CREATE TRIGGER audit_entry_recorded_now BEFORE INSERT ON audit_entry
    FOR EACH ROW EXECUTE FUNCTION audit_recorded_now();
"""

BACKWARD = """
DROP TRIGGER audit_entry_recorded_now ON audit_entry;
DROP FUNCTION audit_recorded_now();
"""


class Migration(migrations.Migration):
    """Checked: adds a trigger only, touches no row."""

    dependencies = [("audit", "0002_append_only")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
