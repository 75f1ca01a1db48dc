"""Triggers of sites and pages: what was published of a page stays as it is, and the release learns of every change."""

from django.db import migrations

AT_ONCE = "TIMESTAMPTZ '1970-01-01 00:00:00+00'"

FORWARD = f"""
CREATE FUNCTION portal_keep_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a publication of a page is never deleted';
    END IF;
    IF (NEW.website_id, NEW.page_id, NEW.kind, NEW.path, NEW.title, NEW.content, NEW.digest, NEW.lists, NEW.items,
        NEW.prepared_by_id, NEW.published_by_id, NEW.published_at)
       IS DISTINCT FROM
       (OLD.website_id, OLD.page_id, OLD.kind, OLD.path, OLD.title, OLD.content, OLD.digest, OLD.lists, OLD.items,
        OLD.prepared_by_id, OLD.published_by_id, OLD.published_at) OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a publication of a page is only ever ended, once';
    END IF;
    RETURN NEW;
END;
$$;

CREATE FUNCTION portal_note_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO portal_releasechange (subject, key, due_at) VALUES ('page', NEW.id::text, {AT_ONCE});
    RETURN NULL;
END;
$$;

CREATE TRIGGER portal_keep BEFORE UPDATE OR DELETE ON portal_pagepublication
    FOR EACH ROW EXECUTE FUNCTION portal_keep_page();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE ON portal_pagepublication
    FOR EACH ROW EXECUTE FUNCTION portal_note_page();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON portal_shareditem
    FOR EACH STATEMENT EXECUTE FUNCTION portal_note_subject('websites');
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON portal_website
    FOR EACH STATEMENT EXECUTE FUNCTION portal_note_subject('websites');
"""
BACKWARD = """
DROP TRIGGER portal_release ON portal_website;
DROP TRIGGER portal_release ON portal_shareditem;
DROP TRIGGER portal_release ON portal_pagepublication;
DROP TRIGGER portal_keep ON portal_pagepublication;
DROP FUNCTION portal_note_page();
DROP FUNCTION portal_keep_page();
"""


class Migration(migrations.Migration):
    """Checked: adds functions and triggers only, touches no row."""

    dependencies = [("portal", "0006_site_pages")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
