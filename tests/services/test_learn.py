"""What people answered comes back as a proof by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.loop_cast import rows

from winnow.core.intervals import sample_size
from winnow.ml.asking import risk_of
from winnow.models import Audit, Certification, Job, ReviewTask
from winnow.services import learn
from winnow.services.classify import champion as what_serves
from winnow.services.classify import classify_admitted
from winnow.services.learn import BEARABLE_ERRORS, is_due, learn_from_answers
from winnow.services.recertify import certificate_of

WANTED = sample_size(BEARABLE_ERRORS, 0.9, risk_of(0.1, []))


@pytest.fixture
def provisional(champion, make_item):
    """Works decided by a champion that only its own training certifies."""
    for title, description, _ in rows(20):
        make_item(title, description=description)
    classify_admitted()
    return champion


def open_audits():
    return list(ReviewTask.objects.filter(reason="audit", closed_at=None).order_by("pk"))


def ran(hours_ago):
    """The last learning was so long ago."""
    Job.objects.filter(kind=learn.KIND).delete()
    at = timezone.now() - timedelta(hours=hours_ago)
    Job.objects.create(kind=learn.KIND, key="", run_at=at, done_at=at)


def test_a_provisional_certificate_stays_until_its_own_audits_can_prove_anything(provisional, people):
    before = what_serves().policy
    for _ in range(2):
        learn_from_answers(seed=1)
        assert len(open_audits()) == WANTED
    people(open_audits()[:-1])
    learn_from_answers(seed=1)
    assert (what_serves().policy, Certification.objects.count()) == (before, 0)
    people(open_audits())
    learn_from_answers(seed=1)
    policy = what_serves().policy
    assert (policy.is_provisional, policy.certificate.n) == (False, WANTED)
    assert certificate_of(Certification.objects.get()).k == 0


def test_a_week_later_some_of_what_it_publishes_are_drawn_again(provisional, people, settings):
    settings.AUDIT_PUBLISHED = 5
    learn_from_answers(seed=1)
    people(open_audits())
    learn_from_answers(seed=1)
    assert open_audits() == []
    Audit.objects.update(drawn_at=timezone.now() - timedelta(days=8))
    learn_from_answers(seed=2)
    assert 0 < len(open_audits()) <= 5
    n_open = len(open_audits())
    learn_from_answers(seed=3)
    assert len(open_audits()) == n_open


def test_without_a_model_there_is_nothing_to_learn(db):
    learn_from_answers(seed=1)
    assert (is_due(), ReviewTask.objects.count()) == (False, 0)


def test_it_is_due_at_first_then_when_audits_were_answered_and_after_a_week(provisional, people):
    assert is_due()
    ran(hours_ago=1)
    assert not is_due()
    learn_from_answers(seed=1)
    people(open_audits()[:1])
    ran(hours_ago=0)
    assert not is_due()
    Job.objects.update(done_at=timezone.now() - timedelta(hours=1))
    people(open_audits()[:1])
    assert is_due()
    ran(hours_ago=24 * 8)
    assert is_due()
