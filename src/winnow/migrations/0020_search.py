import django.db.models.deletion
import winnow.models.search
from django.conf import settings
from django.db import migrations, models


def await_words(apps, schema_editor):
    """Works that are here get entries of version 0, which the worker makes anew, some at a time."""
    empty = "''::tsvector" if schema_editor.connection.vendor == "postgresql" else "''"
    schema_editor.execute(
        "INSERT INTO winnow_searchentry (item_id, words, tag, source_id, kind, version, is_counted)"
        f" SELECT id, {empty}, '', NULL, '', 0, %s FROM winnow_item WHERE state NOT IN ('admitted', 'removed')",
        [False],
    )


class Migration(migrations.Migration):

    dependencies = [
        ('winnow', '0019_readers'),
    ]

    operations = [
        migrations.CreateModel(
            name='SearchWord',
            fields=[
                ('word', models.CharField(max_length=40, primary_key=True, serialize=False)),
                ('n', models.BigIntegerField(default=0)),
                ('is_listed', models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name='PrivateFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_sha256', models.CharField(max_length=64, unique=True)),
                ('last4', models.CharField(max_length=4)),
                ('tags', models.JSONField(default=list)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='private_feeds', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='search_entry', serialize=False, to='winnow.item')),
                ('tag', models.CharField(blank=True, max_length=60)),
                ('source_id', models.BigIntegerField(null=True)),
                ('kind', models.CharField(blank=True, max_length=10)),
                ('version', models.PositiveSmallIntegerField(default=0)),
                ('is_counted', models.BooleanField(default=False)),
                ('words', winnow.models.search.WordsField()),
            ],
            options={
                'indexes': [models.Index(fields=['item', 'tag', 'source_id', 'kind'], name='search_entry_facets'), models.Index(fields=['version', 'item'], name='search_entry_version'), models.Index(condition=models.Q(('is_counted', False)), fields=['item'], name='search_entry_uncounted')],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('q', models.CharField(max_length=500)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_searches', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'q'), name='saved_search_once')],
            },
        ),
        migrations.CreateModel(
            name='SearchSlip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.BigIntegerField()),
                ('word', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='slips', to='winnow.searchword')),
            ],
            options={
                'indexes': [models.Index(fields=['code', 'word'], name='search_slip_code')],
            },
        ),
        migrations.RunPython(await_words, migrations.RunPython.noop),
    ]
