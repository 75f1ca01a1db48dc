"""Triggers that let nothing become public that was not signed, checked and written to the audit chain, whoever writes.

The digest is computed anew from the content as it stands in the revision, by the same canonical form as
``domain.items.content`` (JSON, keys in order of code points, no spaces, NFC), so that a revision that carries a digest
of other content cannot be published either.
"""

from django.db import migrations

FORWARD = r"""
CREATE FUNCTION gk_canonical_json(value jsonb) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    CASE jsonb_typeof(value)
        WHEN 'object' THEN
            RETURN '{' || coalesce((
                SELECT string_agg(to_json(e.key)::text || ':' || gk_canonical_json(e.part), ',' ORDER BY e.key COLLATE "C")
                  FROM jsonb_each(value) AS e(key, part)), '') || '}';
        WHEN 'array' THEN
            RETURN '[' || coalesce((
                SELECT string_agg(gk_canonical_json(e.part), ',' ORDER BY e.place)
                  FROM jsonb_array_elements(value) WITH ORDINALITY AS e(part, place)), '') || ']';
        ELSE
            RETURN value::text;
    END CASE;
END;
$$;

CREATE FUNCTION gk_content_digest(content jsonb) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT encode(sha256(convert_to(
        'gongkai.item.v1' || chr(10) || normalize(gk_canonical_json(content), NFC), 'UTF8')), 'hex');
$$;

CREATE FUNCTION disclosure_publication_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    item disclosure_item;
    revision disclosure_revision;
    signed approvals_approval;
    run disclosure_gaterun;
    former integer;
BEGIN
    NEW.entered_at := clock_timestamp();
    -- Publications of one item come one after another.
    SELECT * INTO item FROM disclosure_item i WHERE i.id = NEW.item_id FOR NO KEY UPDATE;
    SELECT * INTO revision FROM disclosure_revision r WHERE r.id = NEW.revision_id;
    SELECT * INTO signed FROM approvals_approval a WHERE a.id = NEW.approval_id;
    SELECT * INTO run FROM disclosure_gaterun g WHERE g.id = NEW.gate_run_id;
    IF revision.item_id IS DISTINCT FROM NEW.item_id OR item.head_id IS DISTINCT FROM NEW.revision_id THEN
        RAISE EXCEPTION '所发布的不是这条信息的当前版本' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_revision';
    END IF;
    IF revision.digest IS DISTINCT FROM NEW.digest OR gk_content_digest(revision.content) IS DISTINCT FROM NEW.digest THEN
        RAISE EXCEPTION '所发布版本的内容与摘要值不一致' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_digest';
    END IF;
    IF item.attribute IS DISTINCT FROM 'proactive' OR revision.content ->> 'attribute' IS DISTINCT FROM 'proactive' THEN
        RAISE EXCEPTION '公开属性不是主动公开，不能发布'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_attribute';
    END IF;
    IF item.state IN ('archived', 'discarded') THEN
        RAISE EXCEPTION '已归档或已作废的信息不能发布' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_state';
    END IF;
    IF (NEW.unit_id, NEW.title, NEW.item_kind, NEW.doc_no, NEW.columns, NEW.files) IS DISTINCT FROM
       (item.unit_id, revision.content ->> 'title', revision.content ->> 'kind', revision.content ->> 'doc_no',
        revision.content -> 'columns',
        jsonb_path_query_array(revision.content, '$.attachments[*].sha256')
        || jsonb_path_query_array(revision.content, '$.body[*] ? (@.type == "image").value.sha256')) THEN
        RAISE EXCEPTION '发布记录中的单位、标题、种类、文号、栏目或文件与所发布版本不一致'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_copies';
    END IF;
    IF signed.target_type IS DISTINCT FROM 'disclosure.item' OR signed.target_id IS DISTINCT FROM NEW.item_id::text
       OR signed.purpose IS NOT DISTINCT FROM 'after_review' THEN
        RAISE EXCEPTION '所引用的审批不是这条信息的发布审批'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_approval';
    END IF;
    IF NOT coalesce(gk_approval_complete(NEW.approval_id, NEW.digest), false) THEN
        RAISE EXCEPTION '这一内容的审批没有签完（按签批记录重新计算）'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_approval_complete';
    END IF;
    -- Signed was the text as it lay there when the round began; what was edited and put back since was not. Under a round
    -- that something was released by, that very revision may come back after it was taken down, unless that was an error.
    IF revision.created_at > signed.opened_at OR EXISTS (
        SELECT 1 FROM disclosure_publication p LEFT JOIN disclosure_publicationend e ON e.publication_id = p.id
         WHERE p.approval_id = NEW.approval_id
           AND (p.revision_id <> NEW.revision_id OR e.kind IN ('error', 'merged'))) THEN
        RAISE EXCEPTION '这一轮审批已经用于先前的发布，或者早于所发布的版本，须重新送审'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_approval_used';
    END IF;
    SELECT coalesce(max(p.number), 0) INTO former FROM disclosure_publication p WHERE p.item_id = NEW.item_id;
    IF NEW.number IS DISTINCT FROM former + 1 THEN
        RAISE EXCEPTION '发布次序应为第 % 次', former + 1
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_number';
    END IF;
    -- Whoever has edited since the last publication stands among the authors, from whom the signers are kept apart.
    IF EXISTS (
        SELECT 1 FROM disclosure_revision r
         WHERE r.item_id = NEW.item_id AND r.number <= revision.number AND r.created_by_id IS NOT NULL
           AND r.number > coalesce((SELECT max(pr.number) FROM disclosure_publication p
                                      JOIN disclosure_revision pr ON pr.id = p.revision_id
                                     WHERE p.item_id = NEW.item_id AND pr.number < revision.number), 0)
           AND NOT signed.authors @> to_jsonb(r.created_by_id)) THEN
        RAISE EXCEPTION '有修改人没有列入审批的拟稿人和修改人'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_authors';
    END IF;
    IF run.item_id IS DISTINCT FROM NEW.item_id OR run.revision_id IS DISTINCT FROM NEW.revision_id
       OR run.digest IS DISTINCT FROM NEW.digest OR NOT coalesce(run.passed, false) THEN
        RAISE EXCEPTION '这一内容没有通过发布检查' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_gate';
    END IF;
    IF EXISTS (SELECT 1 FROM disclosure_publication p WHERE p.item_id = NEW.item_id
                  AND NOT EXISTS (SELECT 1 FROM disclosure_publicationend e WHERE e.publication_id = p.id)) THEN
        RAISE EXCEPTION '这条信息上一次的发布还没有终止' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_one_open';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER disclosure_publication_guarded BEFORE INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION disclosure_publication_guarded();

CREATE FUNCTION disclosure_publication_end_guarded() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended disclosure_publication;
BEGIN
    NEW.entered_at := clock_timestamp();
    SELECT * INTO ended FROM disclosure_publication p WHERE p.id = NEW.publication_id;
    PERFORM 1 FROM disclosure_item i WHERE i.id = ended.item_id FOR NO KEY UPDATE;
    IF EXISTS (SELECT 1 FROM disclosure_publicationend e WHERE e.publication_id = NEW.publication_id) THEN
        RAISE EXCEPTION '这次发布已经终止' USING ERRCODE = 'check_violation', CONSTRAINT = 'publicationend_once';
    END IF;
    IF NEW.redirect_to_id = ended.item_id THEN
        RAISE EXCEPTION '不能转往这条信息自身' USING ERRCODE = 'check_violation', CONSTRAINT = 'publicationend_redirect';
    END IF;
    RETURN NEW;
END;
$$;
CREATE TRIGGER disclosure_publication_end_guarded BEFORE INSERT ON disclosure_publicationend
    FOR EACH ROW EXECUTE FUNCTION disclosure_publication_end_guarded();

-- Asked at commit: what was published or ended stands in the audit chain, written in the same transaction.
CREATE FUNCTION disclosure_publication_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT 1 FROM audit_entry e
         WHERE e.target_type = 'disclosure.item' AND e.target_id = NEW.item_id::text
           AND e.action = 'disclosure.publication.make' AND e.details ->> 'publication' = NEW.id::text
           AND e.details ->> 'digest' = NEW.digest) THEN
        RAISE EXCEPTION '发布没有写入审计记录' USING ERRCODE = 'check_violation', CONSTRAINT = 'publication_on_record';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER disclosure_publication_on_record AFTER INSERT ON disclosure_publication
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disclosure_publication_on_record();

CREATE FUNCTION disclosure_publication_end_on_record() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ended disclosure_publication;
BEGIN
    SELECT * INTO ended FROM disclosure_publication p WHERE p.id = NEW.publication_id;
    IF NEW.kind = 'superseded' THEN
        IF NOT EXISTS (SELECT 1 FROM disclosure_publication p WHERE p.item_id = ended.item_id
                          AND p.number = ended.number + 1 AND p.published_at <= NEW.ended_at) THEN
            RAISE EXCEPTION '没有新的发布替换它，不能以此终止'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'publicationend_successor';
        END IF;
    ELSIF NOT EXISTS (
        SELECT 1 FROM audit_entry e
         WHERE e.target_type = 'disclosure.item' AND e.target_id = ended.item_id::text
           AND e.action = 'disclosure.publication.end' AND e.details ->> 'publication' = NEW.publication_id::text) THEN
        RAISE EXCEPTION '终止公开没有写入审计记录'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publicationend_on_record';
    END IF;
    RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER disclosure_publication_end_on_record AFTER INSERT ON disclosure_publicationend
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION disclosure_publication_end_on_record();
"""

BACKWARD = """
DROP TRIGGER disclosure_publication_end_on_record ON disclosure_publicationend;
DROP FUNCTION disclosure_publication_end_on_record();
DROP TRIGGER disclosure_publication_on_record ON disclosure_publication;
DROP FUNCTION disclosure_publication_on_record();
DROP TRIGGER disclosure_publication_end_guarded ON disclosure_publicationend;
DROP FUNCTION disclosure_publication_end_guarded();
DROP TRIGGER disclosure_publication_guarded ON disclosure_publication;
DROP FUNCTION disclosure_publication_guarded();
DROP FUNCTION gk_content_digest(jsonb);
DROP FUNCTION gk_canonical_json(jsonb);
"""


class Migration(migrations.Migration):
    """Checked: adds functions and triggers only, touches no row."""

    dependencies = [("disclosure", "0006_publishing"), ("audit", "0003_recorded_now"), ("approvals", "0002_triggers")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
