"""Jobs."""

from django.utils import timezone

from winnow.models import Job


def ask(kind="gather", key="a", **fields):
    return Job.objects.create(kind=kind, key=key, run_at=timezone.now(), **fields)


def test_the_same_work_is_unfinished_once(refused):
    job = ask()
    assert refused(ask)
    assert not refused(lambda: ask(key="b"))
    assert not refused(lambda: ask(kind="explain"))
    Job.objects.filter(pk=job.pk).update(done_at=timezone.now())
    assert not refused(ask)


def test_what_is_parked_is_unfinished_still(refused):
    ask(parked_at=timezone.now())
    assert refused(ask)


def test_a_finished_job_cannot_be_opened_beside_another(refused):
    done = ask(done_at=timezone.now())
    ask()
    assert refused(lambda: Job.objects.filter(pk=done.pk).update(done_at=None))


def test_a_token_never_falls_below_nought(refused):
    job = ask()
    assert refused(lambda: Job.objects.filter(pk=job.pk).update(token=-1))
