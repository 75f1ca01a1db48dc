from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('approvals', '0002_triggers'),
    ]

    operations = [
        # Counted by kernel.throttle now.
        migrations.DeleteModel(name='TokenFailure'),
    ]
