"""The group 工作人员, whose members may enter the back office; posts put people into it."""

from __future__ import annotations

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def create_staff_group(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="wagtailadmin", codename="access_admin"
    )
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name="工作人员")
    group.permissions.add(permission)


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("wagtailadmin", "0001_create_admin_access_permissions"),
    ]

    operations = [migrations.RunPython(create_staff_group, migrations.RunPython.noop)]
