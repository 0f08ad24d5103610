"""A home is made usable by whoever comes first, and whoever was killed there leaves nothing undone."""

import pysqlite3
import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from winnow.core.errors import InputError
from winnow.models import Event, Source, Tag
from winnow.services import doctor, ready
from winnow.services.ready import ensure_ready, is_ready, warm

N_SOURCES = ready.DATA.joinpath("sources.toml").read_text().count("[[sources]]")

pytestmark = pytest.mark.django_db


def test_an_empty_home_gets_the_approved_list_and_the_starter_sources_switched_off():
    ensure_ready()
    assert list(Tag.objects.values_list("slug", flat=True)) == [
        "natural-language-processing",
        "computer-vision",
        "mlops",
        "other",
    ]
    assert (Source.objects.count(), Source.objects.filter(is_active=True).count()) == (N_SOURCES, 0)


def test_the_second_time_it_does_nothing(django_assert_num_queries):
    ensure_ready()
    Source.objects.all().delete()
    with django_assert_num_queries(2):
        ensure_ready()
    assert (Source.objects.count(), Event.objects.filter(kind="taxonomy.applied").count()) == (0, 1)


def test_what_a_run_that_died_half_way_left_undone_is_done_by_the_next(monkeypatch, tmp_path):
    data = ready.DATA
    monkeypatch.setattr(ready, "DATA", tmp_path)
    with pytest.raises(FileNotFoundError):
        ensure_ready()
    monkeypatch.setattr(ready, "DATA", data)
    ensure_ready()
    assert (Tag.objects.count(), Source.objects.count()) == (4, N_SOURCES)


def test_a_taxonomy_that_is_mended_is_applied_by_the_next_run(settings, tmp_path):
    settings.TAXONOMY = tmp_path / "mine.toml"
    settings.TAXONOMY.write_text("[[tags]]\n")
    with pytest.raises(InputError):
        ensure_ready()
    settings.TAXONOMY.write_text('[[tags]]\nslug = "a"\nname = "A"\nshort = "A"\ndescription = "d"\n' * 2)
    with pytest.raises(InputError):
        ensure_ready()
    del settings.TAXONOMY
    settings.TAXONOMY = ready.DATA / "taxonomy.toml"
    ensure_ready()
    assert (Tag.objects.count(), Source.objects.count()) == (4, N_SOURCES)


def test_a_database_without_the_newest_migration_is_not_ready():
    assert is_ready()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'winnow'")
    assert not is_ready()


def test_a_database_without_any_table_is_not_ready_and_no_error():
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE django_migrations RENAME TO lost")
    assert not is_ready()


@pytest.mark.django_db(transaction=True)
def test_warming_loads_what_serves_and_ends(champion, monkeypatch):
    from winnow.services import deploy

    monkeypatch.setattr(deploy, "_loaded", {})
    thread = warm()
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert deploy._loaded["champion"].ref == champion.ref


@pytest.mark.django_db(transaction=True)
def test_warming_where_nothing_serves_is_no_error(tags):
    thread = warm()
    thread.join(timeout=60)
    assert not thread.is_alive()


def test_a_sqlite_that_can_corrupt_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(pysqlite3.dbapi2, "sqlite_version_info", (3, 40, 1))
    with pytest.raises(ImproperlyConfigured, match=r"3\.40\.1 .*make setup"):
        ensure_ready()


def test_a_database_of_a_newer_version_is_refused_in_words():
    ensure_ready()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('winnow', '9999_later', CURRENT_TIMESTAMP)"
        )
    with pytest.raises(ImproperlyConfigured, match=r"newer version of Winnow .9999_later.*Install that version"):
        ensure_ready()
    assert is_ready()
    assert "newer version" in {finding.subject: finding.found for finding in doctor.examine()}["database"]
