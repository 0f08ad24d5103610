"""Counts of what was tried."""

from django.utils import timezone

from winnow.models import Bucket


def test_one_thing_has_one_count(db, refused):
    Bucket.objects.create(key="a", ends_at=timezone.now())
    assert refused(lambda: Bucket.objects.create(key="a", ends_at=timezone.now()))
    assert not refused(lambda: Bucket.objects.create(key="b", ends_at=timezone.now()))


def test_the_first_try_counts(db):
    assert Bucket.objects.create(key="a", ends_at=timezone.now()).n == 1
