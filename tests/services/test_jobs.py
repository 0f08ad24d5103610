"""Lease, fencing token, back-off, parking."""

import random
import threading
import time
from datetime import timedelta
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.models import Event, Job
from winnow.services.jobs import (
    HEARTBEAT_SECONDS,
    LEASE,
    MAX_ATTEMPTS,
    PARKED_FOR,
    UNKNOWN_FOR,
    PutOffError,
    _can_skip_locked,
    _due,
    claim_job,
    enqueue,
    fail_job,
    finishing,
    heartbeat,
    is_worn_out,
    let_go,
    park_unknown,
    put_off,
    retry_parked,
)
from winnow.services.log import record_event

KINDS = ["explain"]


def claim(holder="a"):
    return claim_job(holder=holder, kinds=KINDS)


def let_the_lease_run_out(job):
    Job.objects.filter(pk=job.pk).update(lease_until=timezone.now() - timedelta(seconds=1))


@pytest.mark.django_db
def test_asking_twice_is_asking_once():
    assert enqueue("explain", "1")
    assert not enqueue("explain", "1")
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_what_is_done_can_be_asked_for_again():
    enqueue("explain", "1")
    with finishing(claim()):
        pass
    assert enqueue("explain", "1")


@pytest.mark.django_db
def test_a_claim_takes_the_lease_and_raises_the_token():
    enqueue("explain", "1")
    job = claim()
    assert (job.token, job.holder, job.n_attempts) == (1, "a", 1)
    assert timezone.now() < job.lease_until <= timezone.now() + LEASE
    assert claim("b") is None


@pytest.mark.django_db
def test_other_kinds_and_later_jobs_are_left_alone():
    enqueue("gather", "x")
    enqueue("explain", "later", run_at=timezone.now() + timedelta(hours=1))
    assert claim() is None


@pytest.mark.django_db
def test_what_a_killed_holder_held_is_free_again():
    enqueue("explain", "1")
    let_the_lease_run_out(claim("killed"))
    taken = claim("b")
    assert (taken.holder, taken.token, taken.n_attempts) == ("b", 2, 2)


@pytest.mark.django_db
def test_j2_a_frozen_holder_commits_nothing():
    enqueue("explain", "1")
    frozen = claim("frozen")
    let_the_lease_run_out(frozen)
    with finishing(claim("b")):
        record_event("effect.of.b")
    taken_over = rf"^job {frozen.pk} was taken over by another worker$"
    with pytest.raises(ConflictError, match=taken_over), finishing(frozen):
        record_event("effect.of.frozen")
    assert list(Event.objects.values_list("kind", flat=True)) == ["effect.of.b"]


@pytest.mark.django_db
def test_an_effect_that_fails_leaves_the_job_unfinished():
    enqueue("explain", "1")
    job = claim()
    with pytest.raises(ValueError, match="half-way"), finishing(job):
        _broken_effect()
    job.refresh_from_db()
    assert (job.done_at, Event.objects.count()) == (None, 0)


@pytest.mark.django_db
def test_a_failure_waits_longer_each_time_and_parks_in_the_end():
    enqueue("explain", "1")
    for attempt in range(1, MAX_ATTEMPTS + 1):
        Job.objects.update(run_at=timezone.now())
        job = claim()
        fail_job(job, "it broke")
        job.refresh_from_db()
        if attempt < MAX_ATTEMPTS:
            wait = (job.run_at - timezone.now()).total_seconds()
            assert 0.5 * 2**attempt - 1 <= wait <= 1.5 * 2**attempt
    assert (job.parked_at is not None, job.error, job.n_attempts) == (True, "it broke", MAX_ATTEMPTS)
    assert claim() is None


def beating():
    return [thread for thread in threading.enumerate() if thread.name.startswith("heartbeat-")]


def work_beside_a_heartbeat(job):
    """Some work in a thread of its own, so that a heartbeat that does not end holds nobody up."""
    seen = []

    def work():
        with heartbeat(job):
            seen.extend((thread.name, thread.daemon) for thread in beating())
            time.sleep(0.1)

    worker = threading.Thread(target=work, daemon=True)
    worker.start()
    worker.join(10)
    return seen, worker.is_alive()


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_ends_with_the_work_and_closes_what_it_opened(monkeypatch):
    monkeypatch.setattr("winnow.services.jobs.HEARTBEAT_SECONDS", 0.02)
    closed = closings_in_heartbeats(monkeypatch)
    enqueue("explain", "1")
    job = claim()
    # Nothing that hangs may keep the process from ending: the heartbeat is no reason to stay.
    assert work_beside_a_heartbeat(job) == ([(f"heartbeat-{job.pk}", True)], False)
    assert (beating(), closed) == ([], [f"heartbeat-{job.pk}"])


def closings_in_heartbeats(monkeypatch):
    """The names of the heartbeats that close a connection from now on, once for each time."""
    closed, close = [], BaseDatabaseWrapper.close

    def noted(wrapper):
        if threading.current_thread() in beating():
            closed.append(threading.current_thread().name)
        close(wrapper)

    monkeypatch.setattr(BaseDatabaseWrapper, "close", noted)
    return closed


@pytest.mark.django_db(transaction=True)
def test_the_heartbeat_keeps_the_lease_alive(monkeypatch):
    monkeypatch.setattr("winnow.services.jobs.HEARTBEAT_SECONDS", 0.02)
    enqueue("explain", "1")
    job = claim()
    let_the_lease_run_out(job)
    with heartbeat(job):
        _wait_until(lambda: Job.objects.get(pk=job.pk).lease_until > timezone.now())
    assert Job.objects.get(pk=job.pk).lease_until > timezone.now()


@pytest.mark.django_db(transaction=True)
def test_eight_workers_at_once_claim_each_job_once(at_once):
    for n in range(5):
        enqueue("explain", str(n))
    claims = at_once([partial(claim, f"worker-{n}") for n in range(8)])
    taken = [job for job in claims if job is not None]
    assert len({job.key for job in taken}) == len(taken)
    assert {job.key: job.holder for job in taken} == dict(Job.objects.exclude(holder="").values_list("key", "holder"))
    assert set(Job.objects.values_list("token", flat=True)) <= {0, 1}
    # Nobody goes away empty-handed because two looked at the same: five were there for eight.
    assert len(taken) == 5


@pytest.mark.django_db(transaction=True)
def test_asked_for_by_eight_at_once_it_is_asked_for_once(at_once):
    asked = at_once([partial(enqueue, "explain", "1")] * 8)
    assert (sorted(asked), Job.objects.count()) == ([False] * 7 + [True], 1)


def test_a_database_that_is_away_for_a_moment_does_not_end_the_heartbeat(transactional_db, monkeypatch):
    monkeypatch.setattr("winnow.services.jobs.HEARTBEAT_SECONDS", 0.02)
    closed = closings_in_heartbeats(monkeypatch)
    enqueue("explain", "1")
    job = claim()
    let_the_lease_run_out(job)
    with heartbeat(job):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE winnow_job RENAME TO lost")
            time.sleep(0.2)
            cursor.execute("ALTER TABLE lost RENAME TO winnow_job")
        let_the_lease_run_out(job)
        _wait_until(lambda: Job.objects.get(pk=job.pk).lease_until > timezone.now())
    # After a failed beat the next one asks on a new connection, and the last one is closed too.
    assert len(closed) >= 2


@pytest.mark.django_db
def test_what_a_failure_says_and_who_held_the_job_fit_their_columns():
    enqueue("explain", "1")
    job = claim("host" * 100)
    n_holder = len(job.holder)
    fail_job(job, "broke\x00 at " + "length " * 200)
    job.refresh_from_db()
    assert job.error.startswith("broke at length")
    assert "\x00" not in job.error
    lengths = [Job._meta.get_field(name).max_length for name in ("error", "holder")]
    assert [len(job.error), n_holder] == lengths


def _wait_until(is_true, seconds=10):
    until = time.monotonic() + seconds
    while not is_true():
        assert time.monotonic() < until
        time.sleep(0.01)


def _broken_effect():
    record_event("effect")
    raise ValueError("half-way")


@pytest.mark.django_db
def test_work_that_is_put_off_is_due_later_and_was_not_tried():
    enqueue("send", "1")
    job = claim_job(holder="a", kinds=["send"])
    until = timezone.now() + timedelta(minutes=5)
    put_off(job, PutOffError("not just now", until=until))
    job.refresh_from_db()
    assert (job.n_attempts, job.run_at, job.lease_until, job.error) == (0, until, None, "not just now")
    assert claim_job(holder="b", kinds=["send"]) is None


@pytest.mark.django_db
def test_a_kind_has_its_own_patience():
    enqueue("send", "1")
    enqueue("explain", "1")
    Job.objects.update(n_attempts=MAX_ATTEMPTS)
    sends, explains = claim_job(holder="a", kinds=["send"]), claim_job(holder="a", kinds=["explain"])
    assert (fail_job(sends, "no"), fail_job(explains, "no")) == (False, True)


def test_work_that_is_put_off_says_why_and_five_failures_are_the_end():
    until = timezone.now()
    told = PutOffError("the far side asked to wait", until=until)
    assert (str(told), told.until, MAX_ATTEMPTS) == ("the far side asked to wait", until, 5)


@pytest.mark.django_db
def test_what_was_due_first_is_done_first_with_what_it_needs():
    now = timezone.now()
    enqueue("explain", "later", run_at=now - timedelta(minutes=1))
    enqueue("explain", "sooner", payload={"n": 1}, run_at=now - timedelta(minutes=2))
    jobs = [claim(), claim()]
    assert [(job.key, job.payload) for job in jobs] == [("sooner", {"n": 1}), ("later", {})]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "n_attempts", "seconds"),
    [("explain", 1, 2), ("explain", 4, 16), ("send", 1, 16), ("send", 3, 64), ("send", 17, 3600)],
)
@pytest.mark.parametrize("chance", [0, 1])
def test_a_pause_doubles_up_to_an_hour_give_or_take_half(monkeypatch, kind, n_attempts, seconds, chance):
    monkeypatch.setattr(random, "uniform", lambda low, high: (low, high)[chance])
    enqueue(kind, "1")
    Job.objects.update(n_attempts=n_attempts - 1)
    job = claim_job(holder="a", kinds=[kind])
    before = timezone.now()
    assert not fail_job(job, "no")
    job.refresh_from_db()
    pause = (0.5, 1.5)[chance] * seconds
    assert 0 <= (job.run_at - before).total_seconds() - pause < 0.5


@pytest.mark.django_db
def test_eighteen_failures_to_send_are_the_end():
    enqueue("send", "1")
    Job.objects.update(n_attempts=17)
    assert fail_job(claim_job(holder="a", kinds=["send"]), "no")


@pytest.mark.django_db
def test_a_failed_job_is_another_workers_when_it_is_due():
    enqueue("explain", "1")
    fail_job(claim(), "no")
    Job.objects.update(run_at=timezone.now())
    assert claim("b").holder == "b"


def test_two_beats_may_be_lost_before_a_lease_is():
    assert timedelta(seconds=3 * HEARTBEAT_SECONDS) == LEASE


@pytest.mark.django_db
def test_rows_that_others_are_taking_are_passed_over_where_the_database_can():
    assert _can_skip_locked() is (connection.vendor == "postgresql")


@pytest.mark.django_db
def test_j7_a_clock_that_is_put_forward_frees_a_lease_and_the_first_holder_commits_nothing():
    enqueue("explain", "1")
    first = claim("a")
    # An hour later by the clock, though a moment by any other.
    Job.objects.update(lease_until=first.lease_until - timedelta(hours=1))
    second = claim("b")
    with finishing(second):
        record_event("second")
    with pytest.raises(ConflictError), finishing(first):
        record_event("first")
    assert [event.kind for event in Event.objects.all()] == ["second"]


@pytest.mark.django_db
@pytest.mark.parametrize("jump", [timedelta(hours=1), timedelta(days=1)])
def test_j7_a_clock_that_is_put_back_freezes_no_lease(jump):
    enqueue("explain", "1")
    killed = claim("a")
    assert claim("b") is None
    Job.objects.update(lease_until=killed.lease_until + jump)
    assert claim("b").holder == "b"


@pytest.mark.django_db
def test_j4_what_kills_each_of_five_workers_is_known_by_the_sixth():
    enqueue("explain", "1")
    for _ in range(MAX_ATTEMPTS):
        job = claim()
        assert not is_worn_out(job)
        let_the_lease_run_out(job)
    sixth = claim()
    assert is_worn_out(sixth)
    assert fail_job(sixth, "it killed them")
    assert claim() is None


@pytest.mark.django_db
def test_j3_a_job_that_is_given_back_is_free_at_once_and_was_not_tried():
    enqueue("explain", "1")
    let_go(claim("a"))
    again = claim("b")
    assert (again.holder, again.n_attempts, again.token) == ("b", 1, 2)


@pytest.mark.django_db
def test_j5_work_that_nobody_here_knows_is_parked_with_its_reason_once_it_waited_for_a_newer_worker():
    now = timezone.now()
    for kind, waits in (("juggle", UNKNOWN_FOR), ("dance", timedelta(0)), ("explain", UNKNOWN_FOR)):
        enqueue(kind, "1", run_at=now - waits)
    assert park_unknown(KINDS) == 1
    parked = Job.objects.get(parked_at__isnull=False)
    assert (parked.kind, parked.error) == ("juggle", "this version knows no work of that kind")


@pytest.mark.django_db
def test_j6_work_that_was_asked_for_in_vain_does_not_exist():
    with transaction.atomic():
        enqueue("explain", "1")
        transaction.set_rollback(True)
    assert claim() is None


@pytest.mark.django_db
def test_j8_the_next_of_a_million_jobs_is_read_off_an_index_without_sorting():
    Job.objects.bulk_create(Job(kind="explain", key=str(n), run_at=timezone.now()) for n in range(500))
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # So few rows are sorted faster than looked up; what counts is that the index can serve.
            cursor.execute("SET LOCAL enable_sort = off")
    plan = _due(timezone.now(), KINDS).order_by("run_at", "id")[:1].explain()
    index, sorting = {"postgresql": ("job_next", "Sort"), "sqlite": ("job_due", "TEMP B-TREE")}[connection.vendor]
    assert (index in plan, sorting in plan) == (True, False)


def parked(kind, key, *, ago=timedelta(0)):
    now = timezone.now()
    ended = {"run_at": now - ago, "parked_at": now - ago, "n_attempts": MAX_ATTEMPTS, "error": "no", "holder": "a"}
    return Job.objects.create(kind=kind, key=key, **ended)


@pytest.mark.django_db
def test_j4_what_is_parked_is_tried_as_often_again_as_if_nobody_had_tried_it():
    parked("explain", "1")
    parked("juggle", "1")
    assert not enqueue("explain", "1")
    assert (retry_parked(), retry_parked()) == (2, 0)
    for _ in range(MAX_ATTEMPTS - 1):
        assert not fail_job(claim(), "no")
        Job.objects.update(run_at=timezone.now())
    assert fail_job(claim(), "no")
    # What nobody here knows waits once more for a worker that does.
    assert park_unknown(KINDS) == 0


@pytest.mark.django_db
def test_j4_of_some_kinds_what_has_been_parked_for_long_is_tried_anew_and_the_rest_stays():
    parked("gather", "long", ago=PARKED_FOR)
    parked("gather", "just now")
    parked("explain", "1", ago=PARKED_FOR)
    Job.objects.create(kind="gather", key="done", run_at=timezone.now(), done_at=timezone.now())
    assert retry_parked(["gather"], after=PARKED_FOR) == 1
    tried = Job.objects.get(key="long")
    assert (tried.parked_at, tried.n_attempts, tried.error) == (None, 0, "no")
    assert set(Job.objects.filter(parked_at__isnull=False).values_list("key", flat=True)) == {"just now", "1"}
