
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0029_experiments'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='job',
            index=models.Index(condition=models.Q(('done_at', None), ('parked_at', None)), fields=['run_at', 'id'], name='job_next'),
        ),
    ]
