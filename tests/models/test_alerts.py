"""Alerts: one open of a kind and subject."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.models import Alert

pytestmark = pytest.mark.django_db


def make(**others):
    now = timezone.now()
    return Alert.objects.create(
        **({"kind": "away", "subject": "v5-1", "says": "s", "remedy": "r", "seen_at": now} | others)
    )


def test_two_open_ones_of_a_kind_and_subject_are_refused():
    make()
    with pytest.raises(IntegrityError), transaction.atomic():
        make()
    make(kind="drift")
    make(subject="v5-2")


def test_a_closed_one_makes_room():
    make(closed_at=timezone.now())
    make(closed_at=timezone.now())
    assert str(make()) == "away v5-1"
