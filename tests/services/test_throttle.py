"""Counts that hold for all processes, end by themselves, and tell no names."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from winnow.core.errors import TooManyError
from winnow.models import Bucket
from winnow.services.throttle import Limit, drop_ended, give_back, take

LIMIT = Limit("test", 3, 60)


def tries(n, voice="ada", limit=LIMIT):
    """How many of `n` tries are let through."""
    done = 0
    for _ in range(n):
        try:
            take(limit, voice, "too often")
        except TooManyError:
            continue
        done += 1
    return done


def test_so_many_tries_and_no_more(db):
    assert tries(10) == 3


def test_every_voice_and_every_thing_has_its_own_count(db):
    tries(10)
    assert (tries(10, "bob"), tries(10, "ada", Limit("other", 2, 60))) == (3, 2)


def test_a_refusal_says_when_to_come_back(db):
    tries(3)
    with pytest.raises(TooManyError, match="too often") as refused:
        take(LIMIT, "ada", "too often")
    assert 0 < refused.value.retry_after <= 61


def test_refused_tries_do_not_keep_the_count_alive(db):
    tries(10)
    bucket = Bucket.objects.get()
    tries(10)
    assert Bucket.objects.get().ends_at == bucket.ends_at


def test_a_count_begins_anew_when_its_time_is_over(db):
    tries(10)
    Bucket.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert tries(10) == 3


def test_what_turned_out_well_is_given_back(db):
    tries(3)
    give_back(LIMIT, "ada")
    assert tries(10) == 1


def test_nothing_is_given_back_below_zero(db):
    give_back(LIMIT, "ada")
    tries(1)
    for _ in range(5):
        give_back(LIMIT, "ada")
    assert tries(10) == 3


def test_a_row_tells_neither_name_nor_address(db):
    take(LIMIT, "ada 192.0.2.7", "too often")
    key = Bucket.objects.get().key
    assert (len(key), "ada" in key, "192.0.2.7" in key) == (64, False, False)


def test_what_has_ended_can_be_dropped(db):
    tries(1)
    tries(1, "bob")
    Bucket.objects.filter(pk=Bucket.objects.first().pk).update(ends_at=timezone.now())
    assert (drop_ended(), Bucket.objects.count()) == (1, 1)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_time_are_all_counted():
    done = []

    def work():
        try:
            done.append(tries(5))
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 3


def test_a_limit_is_what_the_operator_set_under_its_name(db, settings):
    limit = Limit("mail of tests", 1, 60)
    settings.LIMITS = {"mail-of-tests": 2}
    take(limit, "a", "too often")
    take(limit, "a", "too often")
    with pytest.raises(TooManyError):
        take(limit, "a", "too often")
