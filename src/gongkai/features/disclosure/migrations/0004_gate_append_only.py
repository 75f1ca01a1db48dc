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

-- A run does not say that it passed while it names what stops and two persons did not agree on; and what passed stands
-- in the audit chain, written in the same transaction, so that a row made by hand cannot let anything out unseen.
CREATE FUNCTION disclosure_gaterun_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT 1 FROM jsonb_array_elements(NEW.issues) AS issue
         WHERE (issue ->> 'stops')::boolean AND NOT (
               (issue ->> 'overridable')::boolean AND EXISTS (
                   SELECT 1 FROM disclosure_gateoverride o
                    WHERE o.item_id = NEW.item_id AND o.digest = NEW.digest AND o.key = issue ->> 'key'
                      AND o.state = 'agreed'))) THEN
        RAISE EXCEPTION '发布检查还有没处理的问题，不能记为通过'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gaterun_passed_rightly';
    END IF;
    IF NOT EXISTS (
        SELECT 1 FROM audit_entry e
         WHERE e.target_type = 'disclosure.item' AND e.target_id = NEW.item_id::text
           AND e.action = 'disclosure.gate.run' AND e.details ->> 'run' = NEW.id::text
           AND e.details ->> 'digest' = NEW.digest) THEN
        RAISE EXCEPTION '发布检查没有写入审计记录'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'gaterun_on_record';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER disclosure_gaterun_on_record AFTER INSERT ON disclosure_gaterun
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.passed) EXECUTE FUNCTION disclosure_gaterun_on_record();
"""

BACKWARD = """
DROP TRIGGER disclosure_gaterun_on_record ON disclosure_gaterun;
DROP FUNCTION disclosure_gaterun_on_record();
DROP TRIGGER disclosure_gateoverride_no_truncate ON disclosure_gateoverride;
DROP TRIGGER disclosure_gateoverride_answer_once ON disclosure_gateoverride;
DROP FUNCTION disclosure_override_answer_once();
DROP TRIGGER disclosure_gaterun_append_only ON disclosure_gaterun;
"""


class Migration(migrations.Migration):
    """Checked: adds triggers only, touches no row."""

    dependencies = [("disclosure", "0003_gate"), ("audit", "0003_recorded_now")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
