
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0023_rollout'),
    ]

    operations = [
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('what', models.CharField(max_length=30)),
                ('n', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='ItemViews',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='views', serialize=False, to='winnow.item')),
                ('n', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name='TagOpinion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_right', models.BooleanField()),
                ('voice', models.CharField(max_length=80)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['source', 'state'], name='item_of_source_by_state'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', 'likely_tag'], name='item_waiting_by_tag'),
        ),
        migrations.AddConstraint(
            model_name='daycount',
            constraint=models.UniqueConstraint(fields=('day', 'what'), name='one_count_a_day'),
        ),
        migrations.AddField(
            model_name='tagopinion',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='opinions', to='winnow.item'),
        ),
        migrations.AddField(
            model_name='tagopinion',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='opinions', to='winnow.tag'),
        ),
        migrations.AddConstraint(
            model_name='tagopinion',
            constraint=models.UniqueConstraint(fields=('item', 'voice'), name='opinion_once'),
        ),
    ]
