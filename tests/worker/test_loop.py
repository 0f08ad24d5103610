"""The worker does what is due, and survives what is wrong."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.conftest import rss, works
from tests.services.experiments_cast import begun, counted

from winnow.models import Bucket, Experiment, Item, Job, Prediction, ReviewTask, Source
from winnow.services.jobs import MAX_ATTEMPTS, enqueue
from winnow.worker.loop import run_worker

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
