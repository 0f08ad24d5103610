"""Around the site: numbers of requests, counts, and a log without secrets."""

import json
import logging

import pytest

from winnow.logs import Json
from winnow.services.traffic import exposition
from winnow.urls import urlpatterns
from winnow.web.measured import AREAS, Measured, area_of


def site(_environ, start_response):
    logging.getLogger("winnow.tried").warning("within, password=hunter2")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"well"]


@pytest.fixture
def ask():
    def ask(path, **head):
        heard = []
        environ = {"PATH_INFO": path, "REQUEST_METHOD": "GET", **head}
        body = b"".join(Measured(site)(environ, lambda status, headers: heard.append((status, dict(headers)))))
        return body, *heard[0]

    return ask


def test_a_number_that_is_given_is_kept_and_one_that_could_forge_a_log_is_not(ask):
    assert ask("/", HTTP_X_REQUEST_ID="abc-12345")[2]["X-Request-ID"] == "abc-12345"
    made = ask("/", HTTP_X_REQUEST_ID="x\nWARNING all is well")[2]["X-Request-ID"]
    assert (len(made), made.isalnum()) == (32, True)


def test_what_is_logged_within_bears_the_number_and_no_secret(ask):
    lines, handler = [], logging.StreamHandler()
    handler.setFormatter(Json())
    handler.emit = lambda record: lines.append(json.loads(handler.format(record)))
    logger = logging.getLogger("winnow.tried")
    logger.addHandler(handler)
    ask("/sign-in/abcdefghijkl", HTTP_X_REQUEST_ID="abc-12345")
    logger.removeHandler(handler)
    (line,) = lines
    assert (line["request_id"], line["message"], line["level"]) == ("abc-12345", "within, password=***", "WARNING")


def test_the_line_of_a_request_names_no_path(ask, caplog):
    caplog.set_level("INFO", "winnow.requests")
    ask("/sign-in/abcdefghijkl")
    (record,) = caplog.records[-1:]
    told = {key: value for key, value in record.told.items() if key != "milliseconds"}
    assert told == {"area": "sign-in", "method": "GET", "status": 200}
    assert "abcdefghijkl" not in record.getMessage()


@pytest.mark.parametrize(
    ("path", "area"),
    [
        ("", "front"),
        ("/", "front"),
        ("/t/mlops", "t"),
        ("/api/v1/items", "api"),
        ("/wp-login.php", "other"),
        ("//", "other"),
    ],
)
def test_areas_are_few_whatever_is_asked(path, area):
    assert area_of(path) == area


def test_every_page_of_several_has_an_area():
    firsts = {str(one.pattern).partition("/") for one in urlpatterns}
    several = {first for first, slash, _ in firsts if slash and "<" not in first}
    assert several <= AREAS


@pytest.mark.django_db
def test_requests_are_counted_by_area_method_and_status(ask):
    ask("/t/mlops", REQUEST_METHOD="BREW")
    assert 'winnow_requests_total{area="t",method="other",status="200"}' in exposition().decode()
