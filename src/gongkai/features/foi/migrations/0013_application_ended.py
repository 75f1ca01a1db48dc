"""Look through the numbers of ended cases in the index alone; open cases have an index of their own."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foi", "0012_retention_of_amendments"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(
                fields=["unit", "closed_on", "id"],
                include=["register_no"],
                condition=models.Q(("closed_on__isnull", False)),
                name="application_ended",
            ),
        ),
        migrations.RemoveIndex(model_name="application", name="application_closed"),
    ]
