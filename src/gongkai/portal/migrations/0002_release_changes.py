"""Triggers that note, in the transaction of a change itself, what the static release has to render anew."""

from django.db import migrations

# Statements that may change many pages at once: only the subject is noted.
SUBJECTS = {
    "audit_anchor": "anchors",
    "disclosure_directorycolumn": "columns",
    "orgs_unit": "units",
    "orgs_unitname": "units",
    "orgs_unitlineage": "lineage",
    "workplans_workplan": "plans",
    "workplans_workitem": "plans",
    "workplans_workitemunit": "plans",
    "workplans_ledgerentry": "plans",
}
AT_ONCE = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"
"""Due whatever moment is asked about: the change holds since it was committed."""

FUNCTIONS = f"""
CREATE FUNCTION portal_note_subject() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_releasechange (subject, key, due_at) VALUES (TG_ARGV[0], '', {AT_ONCE});
    RETURN NULL;
END;
$$;

CREATE FUNCTION portal_note_publication() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_releasechange (subject, key, due_at) VALUES ('item', NEW.item_id::text, NEW.published_at);
    RETURN NULL;
END;
$$;

CREATE FUNCTION portal_note_end() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_releasechange (subject, key, due_at)
        SELECT 'item', p.item_id::text, NEW.ended_at FROM disclosure_publication p WHERE p.id = NEW.publication_id;
    RETURN NULL;
END;
$$;

CREATE FUNCTION portal_note_item() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        INSERT INTO portal_releasechange (subject, key, due_at) VALUES ('item', OLD.item_id::text, {AT_ONCE});
    END IF;
    IF TG_OP <> 'DELETE' THEN
        INSERT INTO portal_releasechange (subject, key, due_at) VALUES ('item', NEW.item_id::text, {AT_ONCE});
    END IF;
    RETURN NULL;
END;
$$;

CREATE FUNCTION portal_note_banner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_releasechange (subject, key, due_at)
        SELECT 'display', '', due FROM unnest(ARRAY[{AT_ONCE}, NEW.starts_at, NEW.expires_at]) AS due;
    RETURN NULL;
END;
$$;

CREATE TRIGGER portal_release AFTER INSERT ON disclosure_publication
    FOR EACH ROW EXECUTE FUNCTION portal_note_publication();
CREATE TRIGGER portal_release AFTER INSERT ON disclosure_publicationend
    FOR EACH ROW EXECUTE FUNCTION portal_note_end();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON disclosure_validityreview
    FOR EACH ROW EXECUTE FUNCTION portal_note_item();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON disclosure_bundlemember
    FOR EACH ROW EXECUTE FUNCTION portal_note_item();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE ON disclosure_banner
    FOR EACH ROW EXECUTE FUNCTION portal_note_banner();
"""
ROWS = (
    "disclosure_publication",
    "disclosure_publicationend",
    "disclosure_validityreview",
    "disclosure_bundlemember",
    "disclosure_banner",
)
FORWARD = FUNCTIONS + "".join(
    f"CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON {table}\n"
    f"    FOR EACH STATEMENT EXECUTE FUNCTION portal_note_subject('{subject}');\n"
    for table, subject in SUBJECTS.items()
)
BACKWARD = "".join(f"DROP TRIGGER portal_release ON {table};\n" for table in (*ROWS, *SUBJECTS)) + "".join(
    f"DROP FUNCTION portal_note_{name}();\n" for name in ("subject", "publication", "end", "item", "banner")
)


class Migration(migrations.Migration):
    """Checked: adds functions and triggers only, touches no row."""

    dependencies = [
        ("portal", "0001_release"),
        ("audit", "__first__"),
        ("orgs", "__first__"),
        ("workplans", "__first__"),
        ("disclosure", "0009_intake"),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
