"""The worker does what is due, and survives what is wrong."""

import os
import signal
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone
from tests.services.conftest import rss, works
from tests.services.experiments_cast import begun, counted

from winnow.models import Bucket, Experiment, Item, Job, Prediction, ReviewTask, Source
from winnow.services.jobs import MAX_ATTEMPTS, PARKED_FOR, enqueue
from winnow.worker import loop
from winnow.worker.handlers import HANDLERS
from winnow.worker.loop import run_worker
from winnow.worker.schedule import RECURRING, SCHEDULED

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def learnt(db, request):
    """Nothing to learn is due, so that a test sees the jobs that it is about."""
    if "test_what_people_say" not in request.node.name:
        now = timezone.now()
        Job.objects.create(kind="learn", key="", run_at=now, done_at=now)


@pytest.fixture
def due_source(tmp_path, champion):
    path = tmp_path / "f.xml"
    path.write_text(rss(*works(3)))
    return Source.objects.create(name="due", kind="file", address=str(path), next_fetch_at=timezone.now())


def test_a_due_source_is_read_and_its_decisions_are_explained(due_source):
    assert run_worker(once=True) == 4
    assert Item.objects.count() == 3
    assert Prediction.objects.filter(words__isnull=True).count() == 0
    assert not Job.objects.filter(done_at=None).exclude(kind="resolve").exists()


def test_with_nothing_due_it_rests(champion):
    assert run_worker(once=True) == 0


def test_a_source_that_is_switched_off_is_left_alone(due_source):
    Source.objects.update(is_active=False)
    assert run_worker(once=True) == 0
    assert Item.objects.count() == 0


def test_one_broken_source_does_not_stop_the_other(due_source, tmp_path):
    Source.objects.create(
        name="broken",
        kind="file",
        address=str(tmp_path / "gone.xml"),
        next_fetch_at=timezone.now() - timedelta(hours=1),
    )
    run_worker(once=True)
    assert Item.objects.count() == 3
    broken = Source.objects.get(name="broken")
    assert (broken.n_failures, bool(broken.error_message)) == (1, True)


def test_j4_a_job_that_always_fails_is_parked_and_others_flow(due_source):
    enqueue("explain", "not a number")
    for _ in range(MAX_ATTEMPTS):
        Job.objects.filter(done_at=None).update(run_at=timezone.now())
        run_worker(once=True)
    parked = Job.objects.get(parked_at__isnull=False)
    assert (parked.key, parked.n_attempts, "ValueError" in parked.error) == ("not a number", MAX_ATTEMPTS, True)
    assert Item.objects.count() == 3


def test_what_was_admitted_and_left_is_decided(champion, make_item):
    left = make_item("Neural segmentation of livers in scans")
    run_worker(once=True)
    left.refresh_from_db()
    assert left.state in ("published", "in_review")


def test_explaining_what_is_gone_is_done(champion):
    enqueue("explain", "999")
    run_worker(once=True)
    assert Job.objects.exclude(kind="learn").get().done_at is not None


def test_counts_that_have_ended_are_swept_when_there_is_nothing_else_to_do(champion):
    now = timezone.now()
    Bucket.objects.create(key="ended", ends_at=now - timedelta(seconds=1))
    Bucket.objects.create(key="running", ends_at=now + timedelta(hours=1))
    run_worker(once=True)
    assert [bucket.key for bucket in Bucket.objects.all()] == ["running"]


def test_a_few_withheld_works_a_week_are_drawn(make_item):
    for _ in range(9):
        make_item(state="rejected")
    for _ in range(2):
        run_worker(once=True)
    assert ReviewTask.objects.filter(reason="withheld_audit").count() == 6


def test_what_people_say_is_learnt_from_without_being_asked_for(due_source):
    run_worker(once=True)
    assert Job.objects.get(kind="learn").done_at is not None
    assert run_worker(once=True) == 0


def test_an_experiment_that_harms_is_stopped_by_the_worker(tags):
    counted(begun(), variant={"report": 100})
    run_worker(once=True)
    assert Experiment.objects.get().is_harmful


@pytest.fixture
def signals():
    """The handlers of this process as they were, at the end."""
    names = (signal.SIGTERM, signal.SIGINT, signal.SIGALRM, signal.SIGHUP)
    before = {name: signal.getsignal(name) for name in names}
    yield
    for name, handler in before.items():
        signal.signal(name, handler)


def told_to_end(seconds):
    """Work during which the worker is told to stop, and which takes so long."""

    def work(_key):
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(seconds)

    return work


@pytest.mark.usefixtures("champion", "signals")
def test_j3_told_to_stop_it_ends_the_job_that_is_under_way(monkeypatch):
    monkeypatch.setitem(HANDLERS, "short", told_to_end(0.05))
    enqueue("short", "")
    assert run_worker() == 1
    assert Job.objects.get(kind="short").done_at is not None


@pytest.mark.usefixtures("champion", "signals")
def test_j3_a_long_job_is_given_back_when_the_time_to_stop_is_over(monkeypatch):
    monkeypatch.setattr(loop, "DRAIN_SECONDS", 0.1)
    monkeypatch.setitem(HANDLERS, "long", told_to_end(30))
    enqueue("long", "")
    began = time.monotonic()
    assert run_worker() == 0
    assert time.monotonic() - began < 10
    job = Job.objects.get(kind="long")
    assert (job.done_at, job.lease_until, job.n_attempts) == (None, None, 0)


@pytest.mark.usefixtures("champion")
def test_j4_a_job_that_killed_five_workers_is_parked_and_not_run_again():
    enqueue("explain", "1")
    Job.objects.filter(kind="explain").update(n_attempts=MAX_ATTEMPTS, lease_until=timezone.now() - timedelta(days=1))
    run_worker(once=True)
    job = Job.objects.get(kind="explain")
    assert (job.parked_at is not None, job.error) == (True, "whoever took it died before the end, each time")


def test_j4_a_source_whose_reading_was_parked_is_read_again_after_an_hour_and_other_jobs_stay_parked(due_source):
    long_ago = timezone.now() - PARKED_FOR
    for kind, key in (("gather", due_source.name), ("explain", "not a number")):
        enqueue(kind, key)
        Job.objects.filter(kind=kind).update(n_attempts=MAX_ATTEMPTS, parked_at=long_ago + timedelta(minutes=1))
    run_worker(once=True)
    assert Item.objects.count() == 0
    Job.objects.filter(done_at=None).update(parked_at=long_ago)
    run_worker(once=True)
    assert (Item.objects.count(), Job.objects.get(kind="gather").done_at is not None) == (3, True)
    assert Job.objects.get(key="not a number").parked_at == long_ago


def test_what_is_asked_for_by_schedule_is_what_comes_back():
    assert set(SCHEDULED) | {"gather", "digest", "answers"} == RECURRING <= set(HANDLERS)


@pytest.mark.usefixtures("champion")
def test_j5_a_job_of_a_kind_or_with_a_key_that_it_does_not_know_does_not_end_the_worker(make_item):
    long_ago = timezone.now() - timedelta(days=1)
    enqueue("kind of an older version", "", run_at=long_ago, payload={"of": ["another", "shape"]})
    enqueue("gather", "a source that is gone", run_at=long_ago)
    run_worker(once=True)
    assert Job.objects.get(kind="kind of an older version").error == "this version knows no work of that kind"
    assert Job.objects.get(kind="gather").done_at is not None


def test_j9_what_another_worker_has_done_meanwhile_is_not_done_again(due_source, monkeypatch):
    """Two schedulers found the same slot due; the second asks for it when the first has done it already."""
    run_worker(once=True)
    read = Source.objects.get().next_fetch_at
    done = []
    monkeypatch.setitem(SCHEDULED, "slot", lambda: not done)
    monkeypatch.setitem(HANDLERS, "slot", done.append)
    for _ in range(2):
        for kind, key in (("slot", "once"), ("gather", due_source.name)):
            enqueue(kind, key)
        run_worker(once=True)
    assert done == ["once"]
    assert Source.objects.get().next_fetch_at == read


def test_j9_after_hours_without_a_worker_a_source_is_read_once(due_source):
    Source.objects.update(next_fetch_at=timezone.now() - timedelta(hours=3))
    run_worker(once=True)
    run_worker(once=True)
    assert Job.objects.filter(kind="gather").count() == 1


def look_at(path):
    return lambda: bool(list(path.iterdir()))


@pytest.mark.usefixtures("champion")
def test_a_look_that_fails_is_told_once_and_stops_neither_the_others_nor_the_worker(monkeypatch, tmp_path, caplog):
    done, away = [], tmp_path / "away"
    monkeypatch.setitem(SCHEDULED, "broken", look_at(away))
    monkeypatch.setitem(SCHEDULED, "slot", lambda: not done)
    monkeypatch.setitem(HANDLERS, "slot", done.append)
    assert run_worker(once=True) == 1
    assert run_worker(once=True) == 0
    assert done == [""]
    (told,) = [record for record in caplog.records if record.name == "winnow.worker.schedule"]
    assert told.getMessage() == "nobody can tell whether it is time for a job (broken)"
    assert str(away) in str(told.exc_info[1])
    away.mkdir()
    run_worker(once=True)
    away.rmdir()
    run_worker(once=True)
    assert [record.name for record in caplog.records].count("winnow.worker.schedule") == 2


def ask_a_table_that_is_lost():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM lost")
    return True


@pytest.mark.usefixtures("champion")
def test_a_database_that_does_not_answer_a_look_is_waited_for_and_nothing_is_done(monkeypatch, caplog):
    monkeypatch.setitem(SCHEDULED, "lost", ask_a_table_that_is_lost)
    enqueue("explain", "999")
    assert run_worker(once=True) == 0
    assert Job.objects.get(kind="explain").n_attempts == 0
    assert [record.getMessage() for record in caplog.records] == ["the database did not answer"]
