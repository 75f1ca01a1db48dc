"""Triggers that make revisions, decisions, publications and their ends append-only, for whoever writes."""

from django.db import migrations

TABLES = (
    "disclosure_revision",
    "disclosure_attributedecision",
    "disclosure_publication",
    "disclosure_publicationend",
)

FORWARD = """
CREATE FUNCTION disclosure_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '版本、属性认定和发布记录只能追加，不能修改、删除或清空（% %）', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege',
              HINT = 'What was signed and published stays as it was; see docs/domain/publication.md.';
END;
$$;
""" + "".join(
    f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table}\n"
    "    FOR EACH STATEMENT EXECUTE FUNCTION disclosure_append_only();\n"
    for table in TABLES
)

BACKWARD = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in TABLES)
    + "DROP FUNCTION disclosure_append_only();"
)


class Migration(migrations.Migration):
    """Checked: adds triggers only, touches no row."""

    dependencies = [("disclosure", "0001_initial")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
