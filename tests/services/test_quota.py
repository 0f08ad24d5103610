"""Newcomers are slowed, not locked out."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import TooManyError
from winnow.models import Account, Bucket
from winnow.services.quota import standing, take_report, take_submission


def how_many(take, n, **who):
    done = 0
    for _ in range(n):
        try:
            take(**who)
        except TooManyError:
            continue
        done += 1
    return done


@pytest.fixture
def old_reader(cast):
    Account.objects.filter(pk=cast.reader.pk).update(created_at=timezone.now() - timedelta(days=8))
    cast.reader.refresh_from_db()
    return cast.reader


def test_who_stands_where(cast, old_reader):
    newcomer = Account.objects.create(name="new", role="reader")
    assert [standing("", newcomer), standing("", old_reader), standing("", cast.reviewer)] == ["new", "known", "known"]
    assert [standing("anonymous:1", None), standing("token:1", None), standing("", None)] == ["new", "program", "new"]


def test_l01_a_thousand_reports_in_a_minute_are_not_taken(cast, old_reader):
    assert how_many(take_report, 1000, voice="account:1", account=old_reader) == 60
    assert how_many(take_report, 100, voice="anonymous:1", account=None) == 15


def test_a_newcomer_submits_five_works_an_hour_and_goes_on_later(cast):
    assert how_many(take_submission, 30, voice="", account=cast.reader) == 5
    Bucket.objects.filter(ends_at__lt=timezone.now() + timedelta(hours=2)).update(ends_at=timezone.now())
    assert how_many(take_submission, 30, voice="", account=cast.reader) == 5


def test_all_tokens_of_an_account_are_one_voice(cast):
    assert how_many(take_report, 20, voice="token:1", account=cast.reader) == 15
    assert how_many(take_report, 20, voice="token:2", account=cast.reader) == 0


def test_tokens_of_the_command_line_are_not_slowed(db):
    assert how_many(take_report, 300, voice="token:1", account=None) == 300
    assert how_many(take_submission, 300, voice="token:1", account=None) == 300
