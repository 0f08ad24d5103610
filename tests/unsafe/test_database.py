"""An unsafe database."""

import pytest

from winnow.unsafe import database

SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "winnow",
    "USER": "winnow",
    "PASSWORD": "x1-y2",
    "OPTIONS": {},
}


def server(host, **told):
    return {"DATABASES": {"default": {**SERVER, "HOST": host, **told}}}


def embedded(path):
    return {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {}}}}


@pytest.mark.parametrize(
    ("number", "told", "fault"),
    [
        ("E017", server("db.example.org"), "db.example.org would be spoken to without TLS"),
        ("E018", server("", OPTIONS={"options": "-c synchronous_commit=off"}), "may be lost"),
        ("E021", embedded("/nowhere/at/all/winnow.sqlite3"), "no folder /nowhere/at/all"),
        ("E032", server("db", PASSWORD="changeme"), "among the first"),
    ],
)
def test_o5_an_unsafe_database_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize(
    "told",
    [
        server("db.example.org", OPTIONS={"sslmode": "verify-full"}),
        server("/var/run/postgresql", PASSWORD="secret"),
        server("127.0.0.1", PASSWORD="secret"),
    ],
    ids=str,
)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []


def test_an_embedded_database_on_a_network_disk_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(database, "_mounts", lambda: f"disk / ext4 rw 0 0\nserver:/a {tmp_path} nfs4 rw 0 0\n")
    assert refused(embedded(tmp_path / "a.sqlite3"))[0][0] == "E019"
    assert refused(embedded("/winnow.sqlite3")) == []


def test_an_embedded_database_that_others_may_write_is_refused(refused, tmp_path):
    file = tmp_path / "a.sqlite3"
    file.touch()
    file.chmod(0o666)
    assert refused(embedded(file)) == [("E020", f"others on this machine may write {file}")]
    file.chmod(0o644)
    tmp_path.chmod(0o777)
    assert refused(embedded(file)) == [("E020", f"others on this machine may write {tmp_path}")]
