"""Find the ended cases of a unit by their channel without walking through all of them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("foi", "0010_after"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["unit", "channel", "closed_on", "id"], name="application_channel"),
        ),
    ]
