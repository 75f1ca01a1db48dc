import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('disclosure', '0004_gate_append_only'),
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='item',
            name='columns',
            field=models.JSONField(blank=True, default=list, verbose_name='栏目'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['created_by', '-changed_at'], name='item_created_by'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=django.contrib.postgres.indexes.GinIndex(fields=['columns'], name='item_columns', opclasses=['jsonb_path_ops']),
        ),
        migrations.CreateModel(
            name='EditingPresence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('seen_at', models.DateTimeField(verbose_name='最近编辑')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='disclosure.item')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '正在编辑',
                'verbose_name_plural': '正在编辑',
                'indexes': [models.Index(fields=['seen_at'], name='editingpresence_seen')],
                'constraints': [models.UniqueConstraint(fields=('item', 'user'), name='editingpresence_once')],
            },
        ),
        migrations.CreateModel(
            name='IndexScheme',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scheme', models.CharField(max_length=20, verbose_name='编制规则')),
                ('code', models.CharField(max_length=18, verbose_name='机构代码')),
                ('set_at', models.DateTimeField(verbose_name='设定时间')),
                ('set_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '索引号规则',
                'verbose_name_plural': '索引号规则',
                'constraints': [models.UniqueConstraint(fields=('scheme', 'code'), name='indexscheme_code_once'), models.CheckConstraint(condition=models.Q(models.Q(('scheme', ''), _negated=True), models.Q(('code', ''), _negated=True)), name='indexscheme_is_whole')],
            },
        ),
    ]
