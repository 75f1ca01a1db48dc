"""Triggers that keep runs of the gate as they were, and let an override be answered once and nothing else."""

from django.db import migrations

FORWARD = """
CREATE TRIGGER disclosure_gaterun_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON disclosure_gaterun
    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_append_only();

CREATE FUNCTION disclosure_override_answer_once() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.state = 'asked'
           AND (NEW.item_id, NEW.digest, NEW.key, NEW.issue, NEW.reason, NEW.asked_by_id, NEW.asked_at)
               IS NOT DISTINCT FROM
               (OLD.item_id, OLD.digest, OLD.key, OLD.issue, OLD.reason, OLD.asked_by_id, OLD.asked_at) THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '检查放行只能由第二人答复一次，不能修改、删除或清空（%）', TG_OP
        USING ERRCODE = 'insufficient_privilege', HINT = 'See docs/domain/gate.md.';
END;
$$;
CREATE TRIGGER disclosure_gateoverride_answer_once BEFORE UPDATE OR DELETE ON disclosure_gateoverride
    FOR EACH ROW EXECUTE FUNCTION disclosure_override_answer_once();
CREATE TRIGGER disclosure_gateoverride_no_truncate BEFORE TRUNCATE ON disclosure_gateoverride
    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_append_only();
"""

BACKWARD = """
DROP TRIGGER disclosure_gateoverride_no_truncate ON disclosure_gateoverride;
DROP TRIGGER disclosure_gateoverride_answer_once ON disclosure_gateoverride;
DROP FUNCTION disclosure_override_answer_once();
DROP TRIGGER disclosure_gaterun_append_only ON disclosure_gaterun;
"""


class Migration(migrations.Migration):
    """Checked: adds triggers only, touches no row."""

    dependencies = [("disclosure", "0003_gate")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
