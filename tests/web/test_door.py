"""What is refused before the site is asked."""

import json
from http import HTTPStatus

import pytest

from winnow.web import door
from winnow.web.door import HOLD, PASSED, REFUSED, Door, Rate, Refusal


@pytest.fixture
def ask():
    asked = []

    def site(environ, start_response):
        asked.append(environ["PATH_INFO"])
        start_response("200 OK", [("Hold", environ[HOLD])] if HOLD in environ else [])
        return [b"well"]

    whole = Door(site)

    def ask(path="/tags", **more):
        heard = []
        environ = {
            "REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "REMOTE_ADDR": "192.0.2.7",
            "SERVER_NAME": "a.example", "SERVER_PORT": "80", **more,
        }  # fmt: skip
        n_before = len(asked)
        body = b"".join(whole(environ, lambda status, headers: heard.append((int(status[:3]), dict(headers)))))
        return *heard[0], body.decode(), len(asked) > n_before

    return ask


def test_what_is_ordinary_reaches_the_site(ask):
    assert ask() == (200, {}, "well", True)


@pytest.mark.parametrize("more", [{"path": "/" + "a" * 33_000}, {"QUERY_STRING": "q=" + "a" * 33_000}])
def test_an_address_that_is_too_long_is_414(ask, more):
    status, _, words, is_asked = ask(**more)
    assert (status, words, is_asked) == (414, "an address may have 32768 signs\n", False)


def test_headers_that_are_too_large_are_431(ask):
    assert ask(HTTP_COOKIE="a" * 40_000)[::3] == (431, False)
    assert ask(HTTP_COOKIE="a" * 30_000)[::3] == (200, True)


def test_a_call_is_refused_with_a_problem(ask):
    status, headers, body, _ = ask("/api/v1/tags", HTTP_X="a" * 40_000)
    assert (status, headers["Content-Type"], json.loads(body)["status"]) == (431, "application/problem+json", 431)


def test_what_could_not_be_taken_in_is_refused_for_whoever_took_it(ask):
    status, headers, words, is_asked = ask(**{REFUSED: Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "busy", retry_after=7)})
    assert (status, headers["Retry-After"], words, is_asked) == (503, "7", "busy\n", False)


def test_a_request_that_is_asked_about_twice_counts_once(ask, settings):
    settings.REQUESTS_A_MINUTE = 1
    assert [ask(**{PASSED: True})[0] for _ in range(3)] == [200] * 3
    assert [ask()[0] for _ in range(2)] == [200, 429]


def test_who_asks_often_is_to_wait_longer_and_longer_before_they_are_refused(ask, settings):
    settings.REQUESTS_A_MINUTE = 8
    holds = [ask()[1].get("Hold", 0.0) for _ in range(8)]
    assert holds[:4] == [0.0] * 4
    assert holds[4:] == pytest.approx([0.25, 0.5, 0.75, 1.0], abs=0.05)
    assert ask()[0] == 429


def test_a_flood_from_one_address_is_429_and_others_go_on(ask, settings):
    settings.REQUESTS_A_MINUTE = 3
    assert [ask()[0] for _ in range(4)] == [200, 200, 200, 429]
    assert ask()[1]["Retry-After"] == "10"
    assert ask(REMOTE_ADDR="192.0.2.8")[0] == 200


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "10.1.2.3", "172.18.0.2", "fd00::5", ""])
def test_a_proxy_that_nobody_told_of_is_not_taken_for_a_flood(ask, settings, address):
    settings.REQUESTS_A_MINUTE = 1
    assert [ask(REMOTE_ADDR=address)[0] for _ in range(5)] == [200] * 5


@pytest.mark.parametrize("address", ["10.1.2.3", "172.18.0.2", "fd00::5", "not one at all"])
def test_behind_a_proxy_that_is_known_neighbours_are_counted_as_everybody(ask, settings, address):
    settings.REQUESTS_A_MINUTE, settings.TRUSTED_PROXIES = 1, 1
    assert [ask(HTTP_X_FORWARDED_FOR=address)[0] for _ in range(2)] == [200, 429]


def test_pages_are_dearer_than_calls_and_what_belongs_to_a_page(ask, settings):
    settings.REQUESTS_A_MINUTE, settings.PAGES_A_MINUTE = 4, 2
    assert [ask(path)[0] for path in ("/tags", "/search", "/recent", "/api/v1/items")] == [200, 200, 429, 200]
    assert ask("/static/site.css")[0] == 429
    settings.PAGES_A_MINUTE = 0
    assert ask("/tags", REMOTE_ADDR="192.0.2.9")[0] == 200


def test_with_a_proxy_visitors_are_told_apart_and_none_without_limit(ask, settings):
    settings.REQUESTS_A_MINUTE, settings.TRUSTED_PROXIES = 1, 1
    told = ["192.0.2.1", "192.0.2.1", "192.0.2.2", "203.0.113.9, 192.0.2.1"]
    assert [ask(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR=one)[0] for one in told] == [200, 429, 200, 429]
    settings.REQUESTS_A_MINUTE = 0
    assert ask(REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="192.0.2.1")[0] == 200


def test_at_once_comes_a_twelfth_of_a_minute_or_a_handful():
    for most, burst in ((600, 50), (60, 30), (20, 20)):
        rate = Rate(lambda: 0.0)
        assert sum(rate.take("a", most) >= 0 for _ in range(700)) == burst


def test_a_rate_fills_again_and_forgets(monkeypatch):
    now = [0.0]
    rate = Rate(lambda: now[0])
    assert [rate.take("a", 2) for _ in range(3)] == [0.5, 0.0, -1.0]
    now[0] = 31.0
    assert [rate.take("a", 2) >= 0, rate.take("a", 2) >= 0] == [True, False]
    monkeypatch.setattr(door, "MAX_KNOWN", 2)
    for name in "bcd":
        rate.take(name, 2)
    assert len(rate._left) <= 3
