"""Each configuration that is refused, by its number; and the same without the fault, which is not."""

import os
import re
import time
from pathlib import Path

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from winnow import home, unsafe

ROOT = Path(__file__).parents[1]
RELAY = {"host": "", "port": 587, "user": "", "password": "", "tls": "starttls", "folder": None}
SERVER = {
    "ENGINE": "django.db.backends.postgresql",
    "NAME": "winnow",
    "USER": "winnow",
    "PASSWORD": "x1-y2",
    "OPTIONS": {},
}


def relay(**told):
    return {"MAIL_RELAY": RELAY | told}


def server(host, **told):
    return {"DATABASES": {"default": {**SERVER, "HOST": host, **told}}}


def embedded(path):
    return {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(path), "OPTIONS": {}}}}


REFUSED = [
    ("E004", {"SECRET_KEY": "short"}, "can be guessed"),
    ("E004", {"SECRET_KEY": "abc" * 20}, "can be guessed"),
    ("E004", {"SECRET_KEY_FALLBACKS": ["short"]}, "can be guessed"),
    ("E005", {"ALLOWED_HOSTS": ["a.example", "*"]}, "with *"),
    ("E006", {"ALLOWED_HOSTS": ["https://a.example"]}, "'https://a.example' is no name"),
    ("E006", {"ALLOWED_HOSTS": ["a.example:8000"]}, "'a.example:8000' is no name"),
    ("E007", {"BASE_URL": "http://winnow.example.org"}, "in the clear"),
    ("E007", {"BASE_URL": "http://8.8.8.8:8000"}, "in the clear"),
    ("E008", {"BASE_URL": "https://ada:pw@winnow.example.org"}, "more than"),
    ("E008", {"BASE_URL": "https://winnow.example.org/below"}, "more than"),
    ("E010", {"EGRESS_ALLOW": "nonsense"}, "'nonsense' is neither"),
    ("E011", {"EGRESS_ALLOW": "192.0.0.0/3"}, "192.0.0.0/3 takes the guard"),
    ("E011", {"EGRESS_ALLOW": "fe80::/10"}, "fe80::/10 takes the guard"),
    ("E012", {"EGRESS_ALLOW": "169.254.0.0/16"}, "opens 169.254.169.254"),
    ("E012", {"EGRESS_ALLOW": "100.100.100.200:80"}, "opens 100.100.100.200"),
    ("E013", relay(host="mail.example.org", tls="none"), "to mail.example.org in the clear"),
    ("E014", relay(host="mail.example.org", user="ada"), "one half"),
    ("E015", {"MAIL_FROM": "winnow"}, "no address of mail"),
    ("E015", {"MAIL_FROM": "a@b.example\nBcc: c@d.example"}, "no address of mail"),
    ("E033", {"ALERT_MAIL": ("ada",)}, "'ada' is no address of mail"),
    ("E016", relay(host="mail.example.org", folder=Path("/srv/mail")), "would stay in the folder"),
    ("E017", server("db.example.org"), "db.example.org would be spoken to without TLS"),
    ("E018", server("", OPTIONS={"options": "-c synchronous_commit=off"}), "may be lost"),
    ("E021", embedded("/nowhere/at/all/winnow.sqlite3"), "no folder /nowhere/at/all"),
    ("E022", {"TAXONOMY": Path("/nowhere.toml")}, "no file /nowhere.toml"),
    ("E026", {"REVIEW_SHARES": {"audit": 4, "whim": 1}}, "'whim' is no reason"),
    ("E027", {"CREDENTIALS": {"WINNOW_REDDIT_CLIENT_ID": "a", "WINNOW_REDDIT_CLIENT_SECRET": ""}}, "one half"),
    ("E029", {"HOME": ROOT / "src" / "winnow" / "static"}, "static files anybody may read"),
    ("E030", {"DEBUG": True}, "to strangers"),
    ("E031", {"MIDDLEWARE": list(unsafe.PROTECTORS[1:])}, f"{unsafe.PROTECTORS[0]} is missing"),
    ("E032", server("db", PASSWORD="changeme"), "among the first"),
]
WELL = [
    {},
    {"ALLOWED_HOSTS": ["a.example", ".b.example", "[::1]", "10.0.0.1", "web"]},
    {"BASE_URL": "https://winnow.example.org:8443"},
    {"BASE_URL": "http://winnow.lan"},
    {"BASE_URL": "http://192.168.3.4:8000"},
    {"BASE_URL": "http://web:8000"},
    {"EGRESS_ALLOW": "10.0.0.0/8, feeds.lan:8080, [::1]:8080"},
    relay(host="localhost", tls="none"),
    relay(host="mail.example.org", user="ada", password="x"),
    relay(folder=Path("/srv/mail")),
    {"MAIL_FROM": "Winnow <winnow@example.org>"},
    server("db.example.org", OPTIONS={"sslmode": "verify-full"}),
    server("/var/run/postgresql", PASSWORD="secret"),
    server("127.0.0.1", PASSWORD="secret"),
    {"REVIEW_SHARES": {"audit": 0}},
]


@pytest.fixture
def refused(settings, monkeypatch):
    def refused(told=()):
        for name, value in dict(told).items():
            if name == "DATABASES":
                # The entry alone: nobody connects to it, and Django warns of exchanging all of them.
                monkeypatch.setitem(settings.DATABASES, "default", value["default"])
            else:
                setattr(settings, name, value)
        return [(found.id.removeprefix("winnow."), found.fault) for found in unsafe.unsafe()]

    return refused


@pytest.mark.parametrize(("number", "told", "fault"), REFUSED)
def test_o5_what_is_unsafe_is_refused_by_name(refused, number, told, fault):
    ((found, said),) = refused(told)
    assert (found, fault in said) == (number, True)


@pytest.mark.parametrize("told", WELL, ids=str)
def test_what_is_safe_is_not(refused, told):
    assert refused(told) == []


def test_a_home_in_which_others_may_write_is_refused(refused, tmp_path):
    tmp_path.chmod(0o770)
    assert [number for number, _ in refused({"HOME": tmp_path})] == ["E002"]


def test_a_secret_that_others_may_read_is_refused(refused, tmp_path):
    (tmp_path / "secret_key").write_text("x")
    (tmp_path / "secret_key").chmod(0o640)
    assert [number for number, _ in refused({"HOME": tmp_path})] == ["E003"]


def test_an_embedded_database_on_a_network_disk_is_refused(refused, tmp_path, monkeypatch):
    monkeypatch.setattr(unsafe, "_mounts", lambda: f"disk / ext4 rw 0 0\nserver:/a {tmp_path} nfs4 rw 0 0\n")
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


def test_a_setting_that_is_said_twice_is_refused(refused, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("x")
    monkeypatch.setenv("WINNOW_X_TOKEN_FILE", str(tmp_path / "token"))
    assert refused() == []
    monkeypatch.setenv("WINNOW_X_TOKEN", "y")
    assert refused() == [("E023", "WINNOW_X_TOKEN and WINNOW_X_TOKEN_FILE are both given")]


def test_a_secret_that_others_may_exchange_is_refused(refused, tmp_path, monkeypatch):
    (tmp_path / "token").write_text("x")
    (tmp_path / "token").chmod(0o666)
    monkeypatch.setenv("WINNOW_X_TOKEN_FILE", str(tmp_path / "token"))
    assert [number for number, _ in refused()] == ["E024"]


def test_a_misspelt_setting_is_refused_with_the_one_that_was_meant(refused, monkeypatch):
    monkeypatch.setenv("WINNOW_TRUSTED_PROXY", "1")
    monkeypatch.setenv("WINNOW_SOMETHING_OF_ANOTHER_PROGRAM", "1")
    assert refused() == [("E025", "there is no WINNOW_TRUSTED_PROXY; WINNOW_TRUSTED_PROXIES perhaps")]


def test_a_clock_that_is_behind_the_release_is_refused(refused, monkeypatch):
    monkeypatch.setattr(time, "time", lambda: 86_400.0)
    assert [number for number, _ in refused()] == ["E028"]


def test_a_process_does_not_start_and_names_all_that_is_wrong(settings):
    settings.DEBUG, settings.ALLOWED_HOSTS = True, ["*"]
    with pytest.raises(ImproperlyConfigured) as raised:
        unsafe.refuse_unsafe()
    assert re.findall(r"\((winnow\.\w+)\)", str(raised.value)) == ["winnow.E005", "winnow.E030"]


def test_the_doctor_hears_of_it_with_the_remedy(settings):
    settings.DEBUG = True
    ((found, remedy),) = [(message.id, message.hint) for message in run_checks()]
    assert (found, remedy.startswith("take it out")) == ("winnow.E030", True)


def test_each_is_tried_here_and_stands_in_the_reference():
    text = Path(__file__).read_text()
    assert [id_ for id_ in unsafe.LOOKS if f'"{id_.removeprefix("winnow.")}"' not in text] == []
    listed = re.findall(r"^\| `(winnow\.E\d+)` \|", (ROOT / "docs/reference/refusals.md").read_text(), re.MULTILINE)
    assert listed == ["winnow.E001", *unsafe.LOOKS]


def test_the_names_that_are_known_are_those_that_are_read():
    listed = set(re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.MULTILINE))
    assert listed <= home.ASKED
    assert not any(os.environ.get(f"{name}_FILE") for name in listed)
