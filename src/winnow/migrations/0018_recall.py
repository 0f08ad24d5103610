
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0013_submissions'),
    ]

    operations = [
        migrations.CreateModel(
            name='RecallDraw',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('reported', 'Reported'), ('nearest', 'Nearest'), ('unsure', 'Unsure'), ('random', 'Random')], max_length=10)),
                ('probability', models.FloatField()),
                ('drawn_at', models.DateTimeField(auto_now_add=True)),
                ('item', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recall_draws', to='winnow.item')),
                ('tag', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='recall_draws', to='winnow.tag')),
                ('task', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='recall_draws', to='winnow.reviewtask')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tag', 'item'), name='recalled_once_per_tag'), models.CheckConstraint(condition=models.Q(('probability__gt', 0), ('probability__lte', 1)), name='recall_draw_has_probability')],
            },
        ),
    ]
