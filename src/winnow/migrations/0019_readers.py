
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def score_by_places(apps, schema_editor):
    """Until its next vote or reading, an Item that was here before is scored by the places where it turned up."""
    works = apps.get_model("winnow", "Item").objects.using(schema_editor.connection.alias)
    copies = works.exclude(duplicate_of=None).order_by().values("duplicate_of").annotate(n=models.Count("pk"))
    for row in copies.iterator():
        heat = {"places": row["n"]}
        works.filter(pk=row["duplicate_of"]).update(score=1 + row["n"], heat=heat)


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0018_recall'),
    ]

    operations = [
        migrations.CreateModel(
            name='FollowedTag',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='Mark',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('vote', 'Vote'), ('save', 'Save'), ('hide', 'Hide'), ('read', 'Read')], max_length=4)),
                ('voice', models.CharField(max_length=80)),
                ('is_new', models.BooleanField(default=False)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name='ReaderState',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='reader_state', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('visited_at', models.DateTimeField(null=True)),
                ('left_at', models.DateTimeField(null=True)),
                ('shows_name', models.BooleanField(default=False)),
                ('is_learning', models.BooleanField(default=True)),
                ('is_welcomed', models.BooleanField(default=False)),
                ('news', models.BigIntegerField(default=0)),
            ],
        ),
        migrations.AddField(
            model_name='item',
            name='heat',
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name='item',
            name='score',
            field=models.FloatField(default=1),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['state', '-score', '-id'], name='item_best'),
        ),
        migrations.AddIndex(
            model_name='item',
            index=models.Index(fields=['source', '-id'], name='item_newest_of_source'),
        ),
        migrations.AddField(
            model_name='followedtag',
            name='account',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followed_tags', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='followedtag',
            name='tag',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='followers', to='winnow.tag'),
        ),
        migrations.AddField(
            model_name='mark',
            name='account',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='marks', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddField(
            model_name='mark',
            name='item',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='marks', to='winnow.item'),
        ),
        migrations.AddField(
            model_name='mark',
            name='origin',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='winnow.item'),
        ),
        migrations.AddConstraint(
            model_name='followedtag',
            constraint=models.UniqueConstraint(fields=('account', 'tag'), name='tag_followed_once'),
        ),
        migrations.AddIndex(
            model_name='mark',
            index=models.Index(fields=['account', 'kind', '-id'], name='mark_of_reader'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.UniqueConstraint(fields=('item', 'kind', 'voice'), name='mark_once'),
        ),
        migrations.AddConstraint(
            model_name='mark',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ['vote', 'save', 'hide', 'read'])), name='mark_of_a_kind'),
        ),
        migrations.RunPython(score_by_places, migrations.RunPython.noop),
    ]
