"""Who reads: an account, or a signed cookie."""

from datetime import UTC, datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from winnow.core.readers import Reader
from winnow.web.reader import COOKIE, LIMITS, arrive, dump, is_full, load, move_in, reader_of, remember

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
FULL = Reader(
    voted=tuple(range(90_000_000, 90_000_200)),
    saved=tuple(range(80_000_000, 90_000_000, 71_003)),
    hidden=tuple(range(70_000_000, 80_000_000, 61_007)),
    read=tuple(range(60_000_000, 70_000_000, 51_011)),
    followed=tuple(f"{n:02}-" + "a-slug-that-is-as-long-as-slugs-may-be" * 2 for n in range(40)),
    visited_at=NOW,
    left_at=NOW - timedelta(days=1),
    is_learning=False,
    is_welcomed=True,
    news=2**40,
)


class Stranger:
    """Nobody who is signed in."""


@pytest.fixture
def request_of():
    """A request of a stranger with this cookie, or of an account."""

    def request_of(cookie=None, user=None):
        request = RequestFactory().get("/")
        request.user = user or Stranger()
        if cookie is not None:
            request.COOKIES[COOKIE] = cookie
        return request

    return request_of


@pytest.mark.parametrize(
    "reader", [Reader(), Reader(saved=(3, 1), followed=("mlops",), visited_at=NOW, is_learning=False)]
)
def test_a_cookie_holds_a_reader(reader):
    assert load(dump(reader)) == reader


def test_a_cookie_is_bounded_and_keeps_the_newest():
    value = dump(FULL)
    kept = load(value)
    assert len(COOKIE) + len(value) < 4_000
    assert kept.saved == FULL.saved[: LIMITS["saved"]]
    assert kept.followed == FULL.followed[-12:]
    assert (kept.left_at, kept.news, kept.is_learning) == (FULL.left_at, 2**40, False)


@pytest.mark.parametrize("value", ["", "x", "a:b:c", dump(FULL)[:-1], dump(FULL)[5:], "é" * 5000])
def test_what_we_did_not_sign_is_a_new_reader(value):
    assert load(value) == Reader()


def test_a_cookie_of_another_version_is_a_new_reader(monkeypatch):
    from django.core import signing

    for plain in ([1], {"saved": 3}, {"visited_at": "soon"}, {"left_at": 10**30}, {"left_at": "2026-99"}):
        assert load(signing.dumps(plain, salt="winnow.reader", compress=True)) == Reader()


def test_only_what_is_saved_on_purpose_can_be_full():
    assert is_full(FULL, "save")
    assert not is_full(Reader(saved=(1,)), "save")


def test_a_stranger_is_read_from_the_cookie_and_an_account_from_its_rows(request_of, cast):
    cookie = dump(Reader(saved=(7,)))
    assert reader_of(request_of(cookie)).saved == (7,)
    assert reader_of(request_of(cookie, cast.reader)) == Reader()


def test_the_first_visit_leaves_a_cookie_and_the_next_page_none(request_of):
    request, response = request_of(), HttpResponse()
    arrive(request)
    remember(request, response)
    cookie = response.cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 365 * 24 * 3600)
    again, quiet = request_of(cookie.value), HttpResponse()
    arrive(again)
    assert COOKIE not in remember(again, quiet).cookies


def test_over_https_the_cookie_goes_over_https_alone(request_of, settings):
    settings.SESSION_COOKIE_SECURE = True
    assert remember(request_of(), HttpResponse(), Reader(saved=(1,))).cookies[COOKIE]["secure"]


def test_coming_back_after_a_pause_moves_the_line(request_of):
    before = Reader(visited_at=NOW, saved=(1,))
    request, response = request_of(dump(before)), HttpResponse()
    assert arrive(request).left_at == NOW
    kept = load(remember(request, response).cookies[COOKIE].value)
    assert (kept.left_at, kept.saved) == (NOW, (1,))


def test_an_account_gets_no_cookie(request_of, cast):
    request = request_of(user=cast.reader)
    assert arrive(request).visited_at is not None
    assert COOKIE not in remember(request, HttpResponse(), Reader(saved=(1,))).cookies


def test_signing_in_takes_everything_along_and_ends_the_cookie(request_of, make_item, cast, tags):
    item = make_item(state="published")
    cookie = dump(Reader(saved=(item.pk,), followed=("mlops",), visited_at=NOW))
    response = move_in(request_of(cookie, cast.reader), HttpResponse())
    kept = reader_of(request_of(user=cast.reader))
    assert (kept.saved, kept.followed, kept.visited_at) == ((item.pk,), ("mlops",), NOW)
    assert response.cookies[COOKIE]["max-age"] == 0


@pytest.mark.parametrize("cookie", [None, "forged"])
def test_nothing_is_brought_along_where_nothing_was_kept(request_of, cast, cookie):
    move_in(request_of(cookie, cast.reader), HttpResponse())
    assert reader_of(request_of(user=cast.reader)) == Reader()
