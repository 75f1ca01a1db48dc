import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('foi', '0004_letters_of_an_office'),
        ('tokens', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='HandOver',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='标识')),
                ('sender_no', models.CharField(max_length=64, verbose_name='发送方编号')),
                ('digest', models.CharField(max_length=64, verbose_name='内容摘要值')),
                ('handed_at', models.DateTimeField(verbose_name='移交时间')),
                ('application', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='hand_over', to='foi.application', verbose_name='公开申请')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tokens.connectedsystem', verbose_name='移交系统')),
                ('token', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tokens.accesstoken', verbose_name='访问令牌')),
            ],
            options={
                'verbose_name': '接口移交',
                'verbose_name_plural': '接口移交',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['system', 'id'], name='handover_of_system')],
                'constraints': [models.UniqueConstraint(fields=('system', 'sender_no'), name='handover_number_once'), models.CheckConstraint(condition=models.Q(('sender_no', ''), _negated=True), name='handover_has_a_number')],
            },
        ),
    ]
