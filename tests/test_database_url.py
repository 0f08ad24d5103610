"""What Django is told of a database."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from winnow.database_url import POSTGRESQL_LIMITS, database_of
from winnow.home import home


def test_the_embedded_database_of_the_home_is_the_default():
    entry = database_of("")
    assert (entry["ENGINE"], entry["NAME"]) == ("winnow.embedded_sqlite3", str(home() / "winnow.sqlite3"))


@pytest.mark.parametrize(
    ("url", "path"), [("sqlite:////srv/a.sqlite3", "//srv/a.sqlite3"), ("sqlite:///srv/a%20b.db", "/srv/a b.db")]
)
def test_another_file_can_be_named(url, path):
    assert database_of(url)["NAME"] == str(Path(path))


def test_postgresql_is_taken_apart_with_its_escapes():
    entry = database_of("postgresql://ada:p%40ss%2Fword@db.example:6432/winnow")
    fields = {name: entry[name] for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")}
    assert fields == {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "winnow",
        "USER": "ada",
        "PASSWORD": "p@ss/word",
        "HOST": "db.example",
        "PORT": "6432",
    }


def test_postgresql_without_port_and_password_asks_the_driver():
    entry = database_of("postgres:///winnow")
    assert [entry[name] for name in ("NAME", "USER", "PASSWORD", "HOST", "PORT")] == ["winnow", "", "", "", ""]


def test_postgresql_has_the_patience_of_the_embedded_database_unless_told_otherwise():
    assert database_of("postgresql:///winnow")["OPTIONS"] == {"options": POSTGRESQL_LIMITS}
    assert database_of("postgresql:///winnow?options=-c%20lock_timeout%3D1s")["OPTIONS"] == {
        "options": "-c lock_timeout=1s"
    }


def test_what_the_driver_is_told_reaches_it():
    entry = database_of("postgresql://ada@/winnow?host=/run/Postgres&sslmode=verify-full&sslrootcert=%2Fa%20b")
    assert (entry["HOST"], entry["USER"]) == ("/run/Postgres", "ada")
    assert entry["OPTIONS"]["sslmode"] == "verify-full"
    assert entry["OPTIONS"]["sslrootcert"] == "/a b"


@pytest.mark.parametrize("url", ["postgresql://h:port/w", "postgresql://h:99999/w", "oracle://h/w", "winnow"])
def test_an_address_that_is_none_is_named(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL: "):
        database_of(url)
