from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name='RateCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40, verbose_name='事项')),
                ('place', models.CharField(max_length=64, verbose_name='来处标识')),
                ('count', models.PositiveIntegerField(verbose_name='次数')),
                ('until', models.DateTimeField(db_index=True, verbose_name='计到')),
            ],
            options={
                'verbose_name': '访问频率计数',
                'verbose_name_plural': '访问频率计数',
                'constraints': [models.UniqueConstraint(fields=('kind', 'place'), name='throttle_once_a_place')],
            },
        ),
        # Counting must wait for no disk; after a crash the table is empty, which only begins the counts anew.
        migrations.RunSQL(
            'ALTER TABLE throttle_ratecount SET UNLOGGED',
            'ALTER TABLE throttle_ratecount SET LOGGED',
        ),
    ]
