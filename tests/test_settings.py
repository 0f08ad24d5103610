"""What the environment makes of the settings."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as active
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from tests.databases import on_postgresql, on_sqlite
from tests.pseudo import write_catalogue

from winnow.catalogues import languages

ROOT = Path(__file__).parents[1]
SHOW = "import json, sys; from winnow import settings as s; print(json.dumps({n: getattr(s, n, None) for n in sys.argv[1:]}))"


@pytest.fixture
def read(tmp_path):
    """Settings as a process of its own reads them from this environment."""

    def read(*names, **env):
        done = subprocess.run(
            [sys.executable, "-c", SHOW, *names],
            env={"PYTHONPATH": str(ROOT / "src"), "WINNOW_HOME": str(tmp_path / "home"), "HOME": str(tmp_path), **env},
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        return list(json.loads(done.stdout).values())

    return read


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_a_process_frozen_within_a_transaction_does_not_hold_its_locks_for_ever():
    with connection.cursor() as cursor:
        cursor.execute("SHOW lock_timeout")
        assert cursor.fetchone() == ("20s",)


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_the_embedded_database_is_durable_and_keeps_its_word():
    pragmas = {}
    with connection.cursor() as cursor:
        for name in ("journal_mode", "synchronous", "foreign_keys"):
            cursor.execute(f"PRAGMA {name}")
            pragmas[name] = cursor.fetchone()[0]
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}


def test_nothing_is_shown_to_strangers():
    assert (active.DEBUG, active.X_FRAME_OPTIONS, active.SESSION_COOKIE_SAMESITE) == (False, "DENY", "Lax")
    assert set(active.CONTENT_SECURITY_POLICY["DIRECTIVES"]["default-src"]) == {"'none'"}


def test_the_host_of_the_site_is_allowed_and_its_cookies_are_safe_over_https(read):
    hosts, secure, hsts, origins = read(
        "ALLOWED_HOSTS", "SESSION_COOKIE_SECURE", "SECURE_HSTS_SECONDS", "CSRF_TRUSTED_ORIGINS",
        WINNOW_BASE_URL="https://winnow.example/", WINNOW_ALLOWED_HOSTS="a.example b.example",
    )  # fmt: skip
    assert hosts == ["127.0.0.1", "localhost", "[::1]", "winnow.example", "a.example", "b.example"]
    assert (secure, hsts, origins) == (True, 365 * 24 * 3600, ["https://winnow.example"])


def test_over_http_cookies_still_work(read):
    assert read("BASE_URL", "SESSION_COOKIE_SECURE") == ["http://127.0.0.1:8000", None]


def test_a_secret_is_the_home_s_own_and_stays(read):
    first, second, given = read("SECRET_KEY"), read("SECRET_KEY"), read("SECRET_KEY", WINNOW_SECRET_KEY="given")
    assert (first == second, len(first[0]) >= 64, given) == (True, True, ["given"])


def test_a_password_is_hashed_slowly_and_with_much_memory(read):
    assert read("PASSWORD_HASHERS") == [["django.contrib.auth.hashers.ScryptPasswordHasher"]]


def test_over_https_cookies_bear_names_that_no_other_host_can_set(read):
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE")
    assert read(*names, WINNOW_BASE_URL="https://winnow.example.org") == ["__Host-sessionid", "__Host-csrftoken", True]
    assert read(*names) == [None, None, None]


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("WINNOW_REVIEW_BLIND", "101", "give a whole number of at most 100"),
        ("WINNOW_TRUSTED_PROXIES", "-1", "give a whole number"),
        ("WINNOW_REJUDGED", "9" * 5000, "give a whole number"),
        ("WINNOW_REVIEW_PRACTICE", "true", "give yes or no"),
        ("WINNOW_LOG_LEVEL", "loud", "give DEBUG, INFO"),
        ("WINNOW_MAIL_TLS", "maybe", "give starttls"),
        ("WINNOW_BASE_URL", "winnow", "give the address"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(read, name, value, words):
    with pytest.raises(subprocess.CalledProcessError) as raised:
        read("BASE_URL", **{name: value})
    assert f"ImproperlyConfigured: {name}: {words}" in raised.value.stderr


def test_languages_are_those_whose_catalogues_are_there_and_a_broken_one_is_told(tmp_path):
    write_catalogue(tmp_path, "pt_BR", {("Recent", ""): "Recentes"})
    assert list(languages(tmp_path)) == ["pt-br"]
    write_catalogue(tmp_path, "de", {}).write_bytes(b"no catalogue")
    with pytest.raises(ImproperlyConfigured, match=r"de/LC_MESSAGES/django\.mo: .*; compile it anew with msgfmt"):
        languages(tmp_path)
