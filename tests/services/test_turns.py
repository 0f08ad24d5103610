"""Where two at once would both act, the second waits and then sees what the first did."""

import pytest
from django.db import OperationalError, connection, transaction
from tests.databases import on_postgresql, on_sqlite

from winnow.models import Event
from winnow.services.log import record_event
from winnow.services.turns import take_turn, turn_of_session

pytestmark = pytest.mark.django_db(transaction=True)


def unless_there(verb):
    """What needs a turn: look, and leap where nothing is."""
    with transaction.atomic():
        take_turn(verb)
        if not Event.objects.exists():
            record_event("leapt")
            return True
        return False


def test_of_two_that_would_leap_one_does(meanwhile):
    assert meanwhile(lambda: unless_there("leap"), lambda: unless_there("leap")) == (True, False)


def test_where_the_first_fell_the_second_leaps(meanwhile):
    assert meanwhile(lambda: unless_there("leap"), lambda: unless_there("leap"), commits=False) == (True, True)
    assert Event.objects.count() == 1


def test_many_at_once_leap_once(at_once):
    assert sum(at_once([lambda: unless_there("leap")] * 8)) == 1


@on_postgresql
def test_other_verbs_do_not_wait(at_once):
    with transaction.atomic():
        take_turn("leap")
        assert at_once([lambda: unless_there("look")]) == [True]


@on_postgresql
def test_who_waits_too_long_is_told(at_once):
    def impatient():
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '50ms'")
        return unless_there("leap")

    with transaction.atomic():
        take_turn("leap")
        (answer,) = at_once([impatient])
    assert isinstance(answer, OperationalError)


@on_postgresql
def test_a_turn_of_a_session_outlives_transactions_and_ends_with_its_block(meanwhile, at_once):
    with turn_of_session("leap"):
        with transaction.atomic():
            record_event("within")
        assert not _is_free(at_once)
    assert _is_free(at_once)


@on_postgresql
def test_a_turn_of_a_session_ends_with_what_fails_within(at_once):
    with pytest.raises(ValueError, match="fell"), turn_of_session("leap"):
        raise ValueError("fell")
    assert _is_free(at_once)


def _is_free(at_once):
    def look():
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '50ms'")
            take_turn("leap")

    (answer,) = at_once([look])
    return answer is None


@on_sqlite
def test_the_embedded_database_is_asked_nothing(django_assert_num_queries):
    with django_assert_num_queries(0), turn_of_session("leap"):
        take_turn("leap")
