"""What is well, what is not, and how to mend it."""

import os
import shutil
import sqlite3
from contextlib import closing

import pytest
from django.db import connection
from django.utils import timezone
from tests.databases import on_sqlite

from winnow.models import Job, ModelVersion, Source
from winnow.queries.metrics import metrics
from winnow.services import doctor
from winnow.services.deploy import version_of
from winnow.services.doctor import MOST_PARKED, Finding, examine
from winnow.services.train import train_model

SUBJECTS = ["configuration", "database", "disk", "network", "encoder", "model", "sources", "jobs", "mail", "mirror"]


def findings():
    return {finding.subject: finding for finding in examine()}


def ailing():
    return [subject for subject, finding in findings().items() if not finding.is_well]


def test_everything_is_looked_at_in_order(champion):
    found = list(examine())
    assert [finding.subject for finding in found] == SUBJECTS
    assert [(finding.is_well, finding.remedy) for finding in found] == [(True, "")] * len(SUBJECTS)


def test_without_a_model_that_alone_is_wrong_and_the_remedy_is_a_command(tags):
    assert ailing() == ["model"]
    assert "winnow train best" in findings()["model"].remedy


def test_the_model_that_serves_is_named(champion):
    assert findings()["model"].found.startswith("v6-1 serves")


def test_a_model_that_is_gone_is_a_finding_and_not_the_end(own_folder):
    shutil.rmtree(own_folder)
    assert ailing() == ["model"]
    assert str(own_folder) in findings()["model"].found


def test_a_model_in_whose_place_the_one_before_it_serves_is_a_finding(own_folder, champion, labelled, let_serve):
    old = version_of(train_model("dummy", data=[labelled]).model)
    let_serve(old, role="champion", reason="the old one")
    let_serve(ModelVersion.objects.get(pk=champion.pk), role="champion", reason="the new one")
    shutil.rmtree(own_folder)
    finding = findings()["model"]
    assert (finding.is_well, finding.found) == (
        False,
        f"{champion.ref} cannot be loaded, and {old.ref} serves in its place",
    )


@pytest.mark.usefixtures("champion", "other_encoder")
def test_a_model_of_another_encoder_is_found():
    assert ailing() == ["model"]
    assert "another encoder" in findings()["model"].found


def test_every_failing_source_in_use_is_named_with_its_fault(champion):
    fields = {"kind": "feed", "n_failures": 3, "error_message": "status 503"}
    Source.objects.create(name="down", address="https://down.example/", **fields)
    Source.objects.create(name="off", address="https://off.example/", is_active=False, **fields)
    Source.objects.create(name="well", kind="feed", address="https://well.example/")
    assert findings()["sources"] == Finding(
        "sources",
        is_well=False,
        found="down failed 3 times: status 503",
        remedy="correct its address, or `winnow sources off down`",
    )


def parked(kind, key, error):
    now = timezone.now()
    return Job.objects.create(kind=kind, key=key, error=error, run_at=now, parked_at=now)


def test_j4_parked_jobs_are_named_with_their_reason_and_the_way_back(champion):
    parked("explain", "1", "ValueError: it broke")
    parked("backup", "", "")
    Job.objects.create(kind="explain", key="2", run_at=timezone.now())
    found = [finding for finding in examine() if finding.subject == "jobs"]
    assert [finding.found for finding in found] == [
        "backup is parked: nobody said why",
        "explain 1 is parked: ValueError: it broke",
    ]
    assert {(finding.is_well, "`winnow work --retry-parked`" in finding.remedy) for finding in found} == {(False, True)}


def test_of_very_many_parked_jobs_the_last_are_named_and_the_others_counted(champion):
    for n in range(MOST_PARKED + 3):
        parked("explain", str(n), "no")
    found = [finding.found for finding in examine() if finding.subject == "jobs"]
    assert (len(found), found[0][:10], found[-1]) == (MOST_PARKED + 1, "explain 12", "3 more are parked")


def test_with_no_job_parked_all_is_well(champion):
    assert (findings()["jobs"].is_well, findings()["jobs"].found) == (True, "none is parked")


@pytest.mark.parametrize(
    ("setting", "is_well", "word"),
    [("", True, "public addresses"), ("10.0.0.0/8", True, "10.0.0.0/8"), ("nonsense/99", False, "nonsense/99")],
)
def test_the_door_to_the_network_is_described(champion, settings, setting, is_well, word):
    settings.EGRESS_ALLOW = setting
    finding = findings()["network"]
    assert (finding.is_well, word in finding.found) == (is_well, True)


def test_a_disk_with_little_room_is_named(champion, settings, monkeypatch):
    monkeypatch.setattr(doctor, "LEAST_FREE_BYTES", 2**80)
    finding = findings()["disk"]
    assert (finding.is_well, str(settings.HOME) in finding.remedy) == (False, True)


@pytest.fixture
def without_jobs(transactional_db, champion):
    """The table of jobs is away; outside a transaction, which PostgreSQL would give up at the first error."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE winnow_job RENAME TO lost")
        yield
        cursor.execute("ALTER TABLE lost RENAME TO winnow_job")


def test_a_database_that_lost_a_table_is_a_finding_and_not_the_end(without_jobs):
    assert list(findings()) == SUBJECTS
    assert ailing() == ["jobs"]
    assert "winnow_job" in findings()["jobs"].found
    assert findings()["jobs"].remedy


def test_a_configuration_that_cannot_work_is_found_with_its_hint(champion, settings):
    settings.STATIC_URL = "static"
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if "Session" not in name]
    settings.TEMPLATES = []
    finding = findings()["configuration"]
    assert (finding.is_well, bool(finding.remedy)) == (False, True)


def test_a_source_without_its_credentials_is_named_once_with_a_remedy(champion):
    Source.objects.create(
        name="ada", kind="x", address="https://api.x.com/2/users/7/tweets", n_failures=3, error_code="no_credentials"
    )
    (finding,) = [one for one in doctor.examine() if one.subject == "sources"]
    assert finding.found.startswith("ada: X needs WINNOW_X_TOKEN")
    assert (finding.is_well, finding.remedy) == (False, "set them, or `winnow sources off ada`")


@pytest.mark.parametrize(
    ("told", "words"),
    [({}, "none is sent"), ({"host": "mail.test", "port": 25, "tls": "none"}, "through mail.test:25 (none)")],
)
def test_it_says_where_mail_goes(db, settings, told, words):
    settings.MAIL_RELAY = told
    (finding,) = [finding for finding in examine() if finding.subject == "mail"]
    assert (finding.is_well, words in finding.found) == (True, True)


def test_the_copy_of_the_registry_is_named(db, settings):
    settings.MLFLOW_URI = "http://mlflow.test:5000"
    assert findings()["mirror"].found == "the registry is copied to MLflow each hour"


@on_sqlite
@pytest.mark.django_db(transaction=True)
def test_d5_a_log_that_grows_while_somebody_reads_on_and_on_is_found_and_writers_go_on(champion, monkeypatch):
    monkeypatch.setattr(doctor, "MOST_LOG_BYTES", 200_000)
    _empty_the_log()
    assert "database" not in ailing()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM winnow_job").fetchone()
        for n in range(100):
            Job.objects.create(kind="explain", key=str(n), run_at=timezone.now(), payload={"text": "x" * 3000})
        assert metrics_by_name()["winnow_database_log_bytes"][()] > 200_000
        found = [finding for finding in doctor.examine() if finding.subject == "database" and not finding.is_well]
        assert ["has grown" in finding.found for finding in found] == [True]
        assert reader.execute("SELECT count(*) FROM winnow_job").fetchone()[0] < Job.objects.count()
    _empty_the_log()
    assert "database" not in ailing()


def _empty_the_log():
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def metrics_by_name():
    return {metric.name: metric.values for metric in metrics()}


@pytest.mark.skipif(os.getuid() != 0, reason="only root gives files away")
def test_d9_what_another_user_left_in_the_home_is_named_and_how_to_get_it_back(champion, settings, tmp_path):
    settings.HOME = tmp_path
    left = tmp_path / "left"
    left.touch()
    assert [finding.is_well for finding in doctor.examine() if finding.subject == "disk"] == [True]
    os.chown(left, 12_345, 12_345)
    (_, found) = [finding for finding in doctor.examine() if finding.subject == "disk"]
    assert (str(left) in found.found, found.remedy) == (True, f"chown -R 0:0 {tmp_path}")


def test_a_site_behind_tls_must_know_how_many_proxies_it_may_believe(tags, settings):
    settings.BASE_URL = "https://winnow.example.org"
    assert findings()["network"].remedy == "set WINNOW_TRUSTED_PROXIES=1"
    settings.TRUSTED_PROXIES = 1
    assert findings()["network"].is_well
