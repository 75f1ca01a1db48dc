import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('orgs', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ConnectedSystem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, unique=True, verbose_name='系统名称')),
                ('contact', models.CharField(max_length=120, verbose_name='联系人和电话')),
                ('created_at', models.DateTimeField(verbose_name='建立时间')),
                ('created_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('unit', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.unit', verbose_name='限定单位')),
            ],
            options={
                'verbose_name': '接入系统',
                'verbose_name_plural': '接入系统',
                'ordering': ['name'],
                'constraints': [models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='connectedsystem_has_a_name')],
            },
        ),
        migrations.CreateModel(
            name='AccessToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=12, unique=True, verbose_name='令牌编号')),
                ('digest', models.CharField(max_length=64, unique=True, verbose_name='摘要值')),
                ('scopes', models.JSONField(default=list, verbose_name='权限范围')),
                ('networks', models.JSONField(default=list, verbose_name='允许的来源地址')),
                ('until_on', models.DateField(verbose_name='有效期至')),
                ('issued_at', models.DateTimeField(verbose_name='签发时间')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='最近使用')),
                ('last_used_from', models.CharField(blank=True, max_length=45, verbose_name='最近来源')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='吊销时间')),
                ('revoked_reason', models.CharField(blank=True, max_length=200, verbose_name='吊销理由')),
                ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tokens', to='tokens.connectedsystem', verbose_name='接入系统')),
            ],
            options={
                'verbose_name': '访问令牌',
                'verbose_name_plural': '访问令牌',
                'ordering': ['system_id', '-issued_at', '-id'],
                'constraints': [models.CheckConstraint(condition=models.Q(('scopes', []), _negated=True), name='accesstoken_is_for_something'), models.CheckConstraint(condition=models.Q(('revoked_at__isnull', True), models.Q(('revoked_reason', ''), _negated=True), _connector='OR'), name='accesstoken_revoked_with_reason')],
            },
        ),
    ]
