import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0025_list_indexes'),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(blank=True, max_length=200)),
                ('says', models.CharField(max_length=500)),
                ('remedy', models.CharField(max_length=500)),
                ('n', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField(auto_now_add=True)),
                ('seen_at', models.DateTimeField()),
                ('closed_at', models.DateTimeField(null=True)),
            ],
            options={
                'indexes': [models.Index(fields=['closed_at', '-id'], name='alert_newest')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('closed_at__isnull', True)), fields=('kind', 'subject'), name='one_open_alert')],
            },
        ),
        migrations.CreateModel(
            name='DriftCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('measure', models.CharField(max_length=20)),
                ('begins', models.DateTimeField()),
                ('ends', models.DateTimeField()),
                ('n_before', models.PositiveIntegerField()),
                ('n_now', models.PositiveIntegerField()),
                ('statistic', models.FloatField()),
                ('p_value', models.FloatField()),
                ('alpha', models.FloatField()),
                ('n_permutations', models.PositiveIntegerField()),
                ('is_alarm', models.BooleanField()),
                ('says', models.CharField(max_length=300)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('source', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='drift_checks', to='winnow.source')),
            ],
            options={
                'indexes': [models.Index(fields=['measure', 'source', '-id'], name='drift_newest')],
            },
        ),
        migrations.CreateModel(
            name='TagBurn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tag', models.CharField(max_length=60)),
                ('wrong', models.PositiveIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('allowed', models.FloatField()),
                ('threshold', models.FloatField(null=True)),
                ('created_at', models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ('label', models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='winnow.label')),
                ('model_version', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='burns', to='winnow.modelversion')),
            ],
            options={
                'indexes': [models.Index(fields=['model_version', '-id'], name='burns_of_a_model')],
            },
        ),
    ]
