"""Columns and topics in the order that editors give them, and pages that somebody else read before their author publishes."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

KEPT = (
    "website_id", "page_id", "kind", "path", "title", "content", "digest", "lists", "items",
    "prepared_by_id", "published_by_id", "published_at",
)  # fmt: skip


def keep(columns):
    """Return the function that lets a publication of a page be ended, once, and changed in no other way."""
    new, old = (", ".join(f"{row}.{name}" for name in columns) for row in ("NEW", "OLD"))
    return f"""
CREATE OR REPLACE FUNCTION portal_keep_page() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a publication of a page is never deleted';
    END IF;
    IF ({new}) IS DISTINCT FROM ({old}) OR OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'a publication of a page is only ever ended, once';
    END IF;
    RETURN NEW;
END;
$$;
"""


FORWARD = f"""{keep((*KEPT, "read_by_id"))}
CREATE FUNCTION portal_keep_reading() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'that a page was read is never changed or deleted';
END;
$$;
CREATE TRIGGER portal_keep BEFORE UPDATE OR DELETE ON portal_pagereading
    FOR EACH ROW EXECUTE FUNCTION portal_keep_reading();
CREATE TRIGGER portal_release AFTER INSERT OR UPDATE OR DELETE ON portal_pageorder
    FOR EACH STATEMENT EXECUTE FUNCTION portal_note_subject('websites');
"""
BACKWARD = f"""
DROP TRIGGER portal_release ON portal_pageorder;
DROP TRIGGER portal_keep ON portal_pagereading;
DROP FUNCTION portal_keep_reading();
{keep(KEPT)}
"""


class Migration(migrations.Migration):
    """Checked: two new tables and a column that may be empty; rewrites no row; the few publications of pages are looked through once."""

    dependencies = [("portal", "0007_page_changes"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]

    operations = [
        migrations.CreateModel(
            name="PageOrder",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("kind", models.CharField(choices=[("home", "首页"), ("column", "栏目页"), ("topic", "专题"), ("text", "说明页")], max_length=10, verbose_name="种类")),
                ("page_ids", models.JSONField(default=list, verbose_name="次序")),
                ("changed_at", models.DateTimeField(verbose_name="修改时间")),
                ("changed_by", models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
                ("website", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="orders", to="portal.website", verbose_name="网站")),
            ],
            options={"verbose_name": "页面次序", "verbose_name_plural": "页面次序", "ordering": ["website", "kind"]},
        ),
        migrations.CreateModel(
            name="PageReading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("page_id", models.BigIntegerField(verbose_name="页面")),
                ("digest", models.CharField(max_length=64, verbose_name="摘要值")),
                ("read_at", models.DateTimeField(verbose_name="审读时间")),
                ("read_by", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL)),
            ],
            options={"verbose_name": "页面审读", "verbose_name_plural": "页面审读", "ordering": ["-read_at", "-id"]},
        ),
        migrations.AddField(
            model_name="pagepublication",
            name="read_by",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name="pageorder",
            constraint=models.UniqueConstraint(fields=("website", "kind"), name="pageorder_once"),
        ),
        migrations.AddConstraint(
            model_name="pagereading",
            constraint=models.UniqueConstraint(fields=("page_id", "digest", "read_by"), name="pagereading_once"),
        ),
        migrations.AddConstraint(
            model_name="pagereading",
            constraint=models.CheckConstraint(condition=models.Q(("digest__regex", "^[0-9a-f]{64}$")), name="pagereading_digest_is_one"),
        ),
        migrations.AddConstraint(
            model_name="pagepublication",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("prepared_by__isnull", True),
                    ("published_by__isnull", True),
                    models.Q(("prepared_by", models.F("published_by")), _negated=True),
                    models.Q(("read_by__isnull", False), models.Q(("prepared_by", models.F("read_by")), _negated=True)),
                    _connector="OR",
                ),
                name="pagepublication_two_people",
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
