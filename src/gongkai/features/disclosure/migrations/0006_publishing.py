"""Approval, gate run, schedule and bundle of a publication; copies for lists; the database's own time."""

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """Checked: the columns without default are added while nothing could be published yet, so the table is empty."""

    dependencies = [
        ('approvals', '0002_triggers'),
        ('disclosure', '0005_items_editing'),
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='publication',
            name='approval',
            field=models.ForeignKey(default=0, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='approvals.approval'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publication',
            name='columns',
            field=models.JSONField(blank=True, default=list, verbose_name='栏目'),
        ),
        migrations.AddField(
            model_name='publication',
            name='doc_no',
            field=models.CharField(blank=True, max_length=100, verbose_name='文号'),
        ),
        migrations.AddField(
            model_name='publication',
            name='entered_at',
            field=models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), editable=False, verbose_name='入库时间'),
        ),
        migrations.AddField(
            model_name='publication',
            name='files',
            field=models.JSONField(blank=True, default=list, verbose_name='附件和图片的摘要值'),
        ),
        migrations.AddField(
            model_name='publication',
            name='gate_run',
            field=models.ForeignKey(default=0, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disclosure.gaterun'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publication',
            name='item_kind',
            field=models.CharField(default='', max_length=40, verbose_name='信息种类'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publication',
            name='kind',
            field=models.CharField(choices=[('first', '首次发布'), ('correction', '更正发布'), ('again', '再次发布')], default='', max_length=20, verbose_name='发布类别'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publication',
            name='title',
            field=models.CharField(default='', max_length=300, verbose_name='标题'),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='publicationend',
            name='entered_at',
            field=models.DateTimeField(db_default=models.Func(function='clock_timestamp', output_field=models.DateTimeField()), editable=False, verbose_name='入库时间'),
        ),
        migrations.CreateModel(
            name='Bundle',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=300, verbose_name='名称')),
                ('state', models.CharField(choices=[('assembling', '组合中'), ('scheduled', '定时待发'), ('published', '已发布'), ('dissolved', '已解散')], default='assembling', max_length=20, verbose_name='状态')),
                ('published_at', models.DateTimeField(blank=True, null=True, verbose_name='发布时间')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('changed_at', models.DateTimeField(verbose_name='最后修改')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='单位')),
            ],
            options={
                'verbose_name': '同步发布组合',
                'verbose_name_plural': '同步发布组合',
                'ordering': ['-changed_at', '-id'],
            },
        ),
        migrations.AddField(
            model_name='publication',
            name='bundle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='disclosure.bundle'),
        ),
        migrations.CreateModel(
            name='BundleMember',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('document', '文件'), ('interpretation', '解读'), ('guide', '办事'), ('other', '其他')], default='other', max_length=20, verbose_name='作用')),
                ('order', models.PositiveIntegerField(default=0, verbose_name='次序')),
                ('open', models.BooleanField(default=True, verbose_name='组合未发布')),
                ('added_at', models.DateTimeField(verbose_name='加入时间')),
                ('added_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('bundle', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='members', to='disclosure.bundle')),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bundle_members', to='disclosure.item')),
                ('needs', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='needed_by', to='disclosure.bundlemember')),
            ],
            options={
                'verbose_name': '组合成员',
                'verbose_name_plural': '组合成员',
                'ordering': ['bundle', 'order', 'id'],
            },
        ),
        migrations.CreateModel(
            name='Schedule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('action', models.CharField(choices=[('publish', '定时发布'), ('unpublish', '定时下架')], max_length=20, verbose_name='动作')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='摘要值')),
                ('due_at', models.DateTimeField(verbose_name='时间')),
                ('state', models.CharField(choices=[('waiting', '等待'), ('done', '已执行'), ('failed', '未能执行'), ('canceled', '已取消')], default='waiting', max_length=20, verbose_name='状态')),
                ('set_at', models.DateTimeField(verbose_name='设定时间')),
                ('settled_at', models.DateTimeField(blank=True, null=True, verbose_name='执行、失败或取消的时间')),
                ('reasons', models.JSONField(blank=True, default=list, verbose_name='原因')),
                ('late_seconds', models.FloatField(blank=True, null=True, verbose_name='晚了多少秒')),
                ('alarmed_at', models.DateTimeField(blank=True, null=True, verbose_name='告警时间')),
                ('bundle', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='disclosure.bundle')),
                ('item', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='schedules', to='disclosure.item')),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('settled_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '定时任务',
                'verbose_name_plural': '定时任务',
                'ordering': ['due_at', 'id'],
            },
        ),
        migrations.AddField(
            model_name='publication',
            name='schedule',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='publications', to='disclosure.schedule'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['unit', '-published_at', '-id'], name='publication_of_unit'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(fields=['item_kind', '-published_at', '-id'], name='publication_of_kind'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=models.Index(condition=models.Q(('doc_no', ''), _negated=True), fields=['doc_no'], name='publication_doc_no'),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=django.contrib.postgres.indexes.GinIndex(fields=['columns'], name='publication_columns', opclasses=['jsonb_ops']),
        ),
        migrations.AddIndex(
            model_name='publication',
            index=django.contrib.postgres.indexes.GinIndex(fields=['files'], name='publication_files', opclasses=['jsonb_ops']),
        ),
        migrations.AddIndex(
            model_name='bundle',
            index=models.Index(fields=['unit', 'state', '-changed_at'], name='bundle_unit_state'),
        ),
        migrations.AddConstraint(
            model_name='bundle',
            constraint=models.CheckConstraint(condition=models.Q(('title', ''), _negated=True), name='bundle_has_title'),
        ),
        migrations.AddConstraint(
            model_name='bundle',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('published_at__isnull', False), ('state', 'published')), models.Q(models.Q(('state', 'published'), _negated=True), ('published_at__isnull', True)), _connector='OR'), name='bundle_published_has_time'),
        ),
        migrations.AddConstraint(
            model_name='bundlemember',
            constraint=models.UniqueConstraint(fields=('bundle', 'item'), name='bundlemember_once'),
        ),
        migrations.AddConstraint(
            model_name='bundlemember',
            constraint=models.UniqueConstraint(condition=models.Q(('open', True)), fields=('item',), name='bundlemember_one_open_bundle'),
        ),
        migrations.AddIndex(
            model_name='schedule',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['due_at', 'id'], name='schedule_waiting'),
        ),
        migrations.AddIndex(
            model_name='schedule',
            index=models.Index(condition=models.Q(('alarmed_at__isnull', False)), fields=['-due_at'], name='schedule_alarmed'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('bundle__isnull', True), ('item__isnull', False)), models.Q(('bundle__isnull', False), ('item__isnull', True)), _connector='OR'), name='schedule_of_item_or_bundle'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('settled_at__isnull', True), ('state', 'waiting')), models.Q(models.Q(('state', 'waiting'), _negated=True), ('settled_at__isnull', False)), _connector='OR'), name='schedule_settled_has_time'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['failed']), _negated=True), models.Q(('reasons', []), _negated=True), _connector='OR'), name='schedule_failed_has_reason'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('item', 'action'), name='schedule_one_waiting_of_item'),
        ),
        migrations.AddConstraint(
            model_name='schedule',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'waiting')), fields=('bundle', 'action'), name='schedule_one_waiting_of_bundle'),
        ),
    ]
