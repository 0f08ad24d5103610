"""Sessions whose table holds nobody's cookie."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from winnow.web.sessions import SessionStore, stored

pytestmark = pytest.mark.django_db


@pytest.fixture
def session():
    session = SessionStore()
    session["a"] = 1
    session.create()
    return session


def test_a_session_is_found_by_its_key(session):
    assert dict(SessionStore(session.session_key).items()) == {"a": 1}


def test_a06_the_table_holds_a_hash_of_the_key(session):
    row = Session.objects.get()
    assert row.session_key == stored(session.session_key) != session.session_key
    assert len(row.session_key) == 40


def test_a06_what_stands_in_the_table_opens_nothing(session):
    thief = SessionStore(Session.objects.get().session_key)
    assert (dict(thief.items()), thief.session_key) == ({}, None)


def test_it_exists_until_it_is_deleted(session):
    assert SessionStore().exists(session.session_key)
    SessionStore().delete(session.session_key)
    assert not SessionStore().exists(session.session_key)
    SessionStore().delete()


def test_what_is_saved_is_there_and_what_is_flushed_is_gone(session):
    session["b"] = 2
    session.save()
    assert SessionStore(session.session_key)["b"] == 2
    session.flush()
    assert Session.objects.count() == 0


def test_a04_a_new_key_keeps_the_content_and_kills_the_old_one(session):
    before = session.session_key
    session.cycle_key()
    assert dict(SessionStore(session.session_key).items()) == {"a": 1}
    assert dict(SessionStore(before).items()) == {}


def test_what_has_expired_is_nothing(session):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert dict(SessionStore(session.session_key).items()) == {}


@pytest.mark.parametrize("key", [None, "", "short", "x" * 5000, "' OR 1=1 --", "a\x00b-------"])
def test_a_key_that_is_none_opens_nothing(session, key):
    assert dict(SessionStore(key).items()) == {}


def test_o4_visits_outlive_a_change_of_keys_while_the_old_one_is_named(client, cast, settings):
    client.force_login(cast.reader)
    old, settings.SECRET_KEY = settings.SECRET_KEY, "another key of the site, long enough for anybody"
    settings.SECRET_KEY_FALLBACKS = [old]
    assert [client.get("/account").status_code for _ in range(2)] == [200, 200]
    settings.SECRET_KEY_FALLBACKS = []
    # The visit was signed anew meanwhile.
    assert client.get("/account").status_code == 200


def test_o4_without_the_old_key_everybody_is_out_and_nothing_breaks(client, cast, settings):
    client.force_login(cast.reader)
    settings.SECRET_KEY = "another key of the site, long enough for anybody"
    assert client.get("/account").status_code in (302, 303)
    assert client.get("/").status_code == 200
