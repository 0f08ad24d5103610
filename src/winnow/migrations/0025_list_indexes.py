from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0024_value'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='item',
            name='item_recent',
        ),
        migrations.RemoveIndex(
            model_name='item',
            name='item_recent_in_tag',
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', '-dated_at', '-id', 'score'], name='item_recent_scored'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['tag', 'state', '-dated_at', '-id', 'score'], name='item_recent_in_tag_scored'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', '-admitted_at', '-id'], name='item_newest_of_state'),
        ),
    ]
