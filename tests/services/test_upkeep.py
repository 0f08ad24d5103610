"""What is forgotten, and what stays."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from winnow.models import Job, SignInLink
from winnow.services.invite import invite
from winnow.services.upkeep import AT_ONCE, KEPT, tidy

pytestmark = pytest.mark.django_db
LONG_AGO = KEPT + timedelta(days=1)


def job(kind, key, *, done=None, parked=None):
    now = timezone.now()
    ended = {"done_at": done and now - done, "parked_at": parked and now - parked}
    return Job.objects.create(kind=kind, key=key, run_at=now, **ended)


def keys():
    return sorted(Job.objects.values_list("key", flat=True))


def test_jobs_that_were_done_long_ago_are_forgotten():
    job("gather", "old", done=LONG_AGO)
    job("gather", "new", done=timedelta(days=1))
    job("gather", "waits")
    job("gather", "parked", parked=LONG_AGO)
    assert (tidy(), keys()) == (1, ["new", "parked", "waits"])
    assert tidy() == 0


def test_the_newest_of_a_kind_stays_for_its_time_says_when_the_next_is_due():
    job("drift", "first", done=LONG_AGO)
    job("drift", "last", done=LONG_AGO)
    job("learn", "only", done=LONG_AGO)
    tidy()
    assert keys() == ["last", "only"]


def test_much_is_forgotten_a_part_at_a_time():
    now = timezone.now()
    Job.objects.bulk_create(
        Job(kind="send", key=str(n), run_at=now, done_at=now - LONG_AGO) for n in range(AT_ONCE + 10)
    )
    assert [tidy() for _ in range(3)] == [AT_ONCE, 9, 0]
    assert Job.objects.count() == 1


def test_links_and_visits_that_have_ended_are_forgotten():
    invite(role="reader", name="ada")
    invite(role="reader", name="bo")
    old = SignInLink.objects.earliest("pk")
    SignInLink.objects.filter(pk=old.pk).update(expires_at=timezone.now() - LONG_AGO)
    for key, days in (("a", -1), ("b", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    assert tidy() == 2
    assert [link.account.name for link in SignInLink.objects.all()] == ["bo"]
    assert [visit.session_key for visit in Session.objects.all()] == ["b"]
