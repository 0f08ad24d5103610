"""The short way of `POST /classify` answers as the long way does, and no longer than that lets it."""

import io
import json
import time

import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from winnow.api import quick
from winnow.api.quick import (
    FRESH_SECONDS,
    IN_LOOP,
    MOST_BYTES,
    MOST_BYTES_IN_LOOP,
    RENEWS,
    NeedsThread,
    QuickClassify,
)
from winnow.models import ApiToken, Scope
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.invite import issue_token
from winnow.services.train import train_model

LUNGS = {"items": [{"title": "Segmentation of lungs", "description": "A network outlines objects in images."}]}
# Each is refused, or said better, by the long way.
UNUSUAL = [
    b"",
    b"{",
    b"[]",
    b'{"items": [{"title": "a"}], "more": 1}',
    b'{"items": [{"title": ""}]}',
    b'{"items": [{"title": "a", "title": "b"}]}',
    b'{"items": [{"title": "\\ud800"}]}',
    b'{"items": NaN}',
    b"\xff",
    b"[" * 5_000,
]


@pytest.fixture
def token(db):
    """A living token that may classify."""
    return issue_token(name="t", scopes=[Scope.CLASSIFY]).token


@pytest.fixture
def ways(champion):
    """The short way around the long one, and the long one alone."""
    return QuickClassify(WSGIHandler()), WSGIHandler()


@pytest.fixture(autouse=True)
def _known_for_long(monkeypatch):
    """However slow the machine: tests of what is old say so."""
    monkeypatch.setattr(quick, "FRESH_SECONDS", 60.0)
    monkeypatch.setattr(quick, "RENEW_SECONDS", 60.0)


@pytest.fixture(autouse=True)
def _one_transaction():
    """The connection stays that of the test from one request to the next, as Django's own client has it."""
    request_started.disconnect(close_old_connections)
    request_finished.disconnect(close_old_connections)
    yield
    request_started.connect(close_old_connections)
    request_finished.connect(close_old_connections)


def ask(application, token, body=LUNGS, **more):
    """Status, heads and body of an answer."""
    body = body if isinstance(body, bytes) else json.dumps(body).encode()
    begun = []
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": quick.PATH,
        "QUERY_STRING": "",
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "HTTP_HOST": "testserver",
        "HTTP_AUTHORIZATION": f"Bearer {token}",
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(body),
        "wsgi.errors": io.StringIO(),
    } | more
    parts = application(environ, lambda status, headers, _error=None: begun.append((status, headers)))
    content = b"".join(parts)
    status, headers = begun[0]
    return status, sorted(headers), content


def test_the_second_call_asks_the_database_nothing_and_is_the_same_in_every_byte(ways, token):
    short, long = ways
    first = ask(short, token)
    with CaptureQueriesContext(connection) as asked:
        second = ask(short, token, HTTP_X_REQUEST_ID="another-number")
    assert (first[0], len(asked)) == ("200 OK", 0)
    assert first == second == ask(long, token)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    st.lists(st.fixed_dictionaries({"title": st.text(max_size=60)}, optional={"description": st.text()}), max_size=4)
)
def test_any_texts_are_answered_as_by_the_long_way(ways, token, items):
    ask(ways[0], token)
    (status, _, content), (long_status, _, long_content) = (ask(way, token, {"items": items}) for way in ways)
    assert (status, content) == (long_status, long_content)


@pytest.mark.parametrize("body", UNUSUAL, ids=range(len(UNUSUAL)))
def test_what_is_unusual_goes_the_long_way(ways, token, body):
    short, long = ways
    ask(short, token)
    answer = ask(short, token, body)
    assert answer == ask(long, token, body)
    assert answer[0] != "200 OK"


@pytest.mark.parametrize(
    "more",
    [
        {"QUERY_STRING": "a=1"},
        {"REQUEST_METHOD": "PUT"},
        {"CONTENT_TYPE": "text/plain"},
        {"HTTP_HOST": "elsewhere.test"},
        {"HTTP_AUTHORIZATION": "Bearer wnw_made-up"},
        {"HTTP_TRANSFER_ENCODING": "chunked"},
        {"PATH_INFO": "/api/v1/classify/"},
    ],
)
def test_another_head_is_not_known(ways, token, more):
    short, long = ways
    ask(short, token)
    assert ask(short, token, **more) == ask(long, token, **more)
    assert not ask(short, token, **more)[0].startswith("200")


def test_a_large_body_goes_the_long_way(ways, token):
    short, _ = ways
    body = {"items": [{"title": "a", "description": "x" * MOST_BYTES}]}
    ask(short, token)
    with CaptureQueriesContext(connection) as asked:
        assert ask(short, token, body)[0] == "200 OK"
    assert len(asked) > 0


def test_a_revoked_token_is_refused_as_soon_as_what_was_known_is_old(ways, token, monkeypatch):
    monkeypatch.setattr(quick, "FRESH_SECONDS", FRESH_SECONDS)
    short, _ = ways
    ask(short, token)
    ApiToken.objects.all().delete()
    time.sleep(FRESH_SECONDS)
    assert ask(short, token)[0].startswith("401")


def test_what_was_known_of_many_heads_is_let_go(ways, token, monkeypatch):
    monkeypatch.setattr(quick, "MOST_KNOWN", 2)
    short, _ = ways
    for number in range(5):
        ask(short, token, HTTP_USER_AGENT=str(number))
    assert len(short._passed) <= 2


@pytest.fixture
def linear(ways, token, let_serve, labelled):
    """The short way with a model that reads no vectors, known to it."""
    import_file(labelled)
    freeze_dataset(holds_out=False)
    let_serve(version_of(train_model("linear", is_measured=False).model), "champion")
    ask(ways[0], token)
    return ways[0]


def test_in_the_loop_a_known_head_is_answered_without_a_query(linear, ways, token):
    with CaptureQueriesContext(connection) as asked:
        answer = ask(linear, token, **{IN_LOOP: True})
    assert (len(asked), answer) == (0, ask(ways[1], token))


@pytest.mark.parametrize(
    ("body", "more"),
    [(LUNGS, {"HTTP_USER_AGENT": "new"}), (b"{", {}), ({"items": [{"title": "a" * MOST_BYTES_IN_LOOP}]}, {})],
    ids=["unknown", "unusual", "large"],
)
def test_in_the_loop_nothing_is_waited_for(linear, token, body, more):
    with CaptureQueriesContext(connection) as asked, pytest.raises(NeedsThread):
        ask(linear, token, body, **more, **{IN_LOOP: True})
    assert len(asked) == 0


def test_in_the_loop_no_encoder_is_asked(ways, token):
    ask(ways[0], token)
    with pytest.raises(NeedsThread):
        ask(ways[0], token, **{IN_LOOP: True})


def test_in_the_loop_a_model_that_was_away_is_not_asked_since_its_return_is_told_of(linear, token, monkeypatch):
    monkeypatch.setattr(quick, "is_at_fault", lambda: True)
    with pytest.raises(NeedsThread):
        ask(linear, token, **{IN_LOOP: True})


def test_before_what_is_known_is_old_one_asks_again_and_the_others_need_not(linear, ways, token, monkeypatch):
    monkeypatch.setattr(quick, "RENEW_SECONDS", 0.0)
    ask(linear, token, HTTP_USER_AGENT="new")
    with pytest.raises(NeedsThread):
        ask(linear, token, HTTP_USER_AGENT="new", **{IN_LOOP: True})
    assert ask(linear, token, HTTP_USER_AGENT="new", **{IN_LOOP: True}) == ask(ways[1], token)
    with CaptureQueriesContext(connection) as asked:
        ask(linear, token, HTTP_USER_AGENT="new", **{RENEWS: True})
    assert len(asked) > 0


def test_without_a_model_nothing_is_known(db, token):
    short = QuickClassify(WSGIHandler())
    assert ask(short, token)[0] == "200 OK"
    assert short._passed == {}
