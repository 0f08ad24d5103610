"""Below /api/ every error is a problem of RFC 9457 that says what to do."""

import json

import pytest
from django.db import connection

from winnow.api.problems import PROBLEM, problem

KEYS = {"type", "title", "status", "detail"}


def test_a_problem_has_the_members_of_the_standard():
    response = problem(409, "take another", errors=[{"field": "ä"}])
    assert (response.status_code, response["Content-Type"]) == (409, "application/problem+json")
    assert json.loads(response.content) == {
        "type": "about:blank",
        "title": "Conflict",
        "status": 409,
        "detail": "take another",
        "errors": [{"field": "ä"}],
    }


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("get", "/api/v1/nothing", 404),
        ("get", "/api/", 404),
        ("get", "/api/v2/items", 404),
        ("put", "/api/v1/items", 405),
        ("get", "/api/v1/items/999", 404),
        ("get", "/api/v1/tags/cooking", 404),
        ("get", "/api/v1/items?after=x", 422),
        ("post", "/api/v1/classify", 401),
    ],
)
def test_every_error_is_a_problem_with_advice(client, tags, method, path, status):
    response = getattr(client, method)(path, content_type="application/json")
    body = response.json()
    assert (response.status_code, response["Content-Type"], body["status"]) == (status, PROBLEM, status)
    assert (set(body) >= KEYS, len(body["detail"]) > 10) == (True, True)


def test_a_405_says_which_methods_there_are(client, tags):
    response = client.delete("/api/v1/items")
    assert {method.strip() for method in response["Allow"].split(",")} == {"GET", "POST"}


def test_pages_elsewhere_stay_pages(client, tags):
    response = client.get("/nowhere")
    assert (response.status_code, response["Content-Type"]) == (404, "text/html; charset=utf-8")


def test_the_page_about_the_api_is_no_error(client, tags):
    assert client.get("/api/docs")["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_body_that_is_no_json_is_refused_at_the_door(client, tags, kind):
    response = client.post("/api/v1/items", "a=1", kind)
    assert (response.status_code, response["Content-Type"]) == (415, PROBLEM)


def test_a_body_that_states_its_charset_is_json(client, tags):
    assert client.post("/api/v1/items", "{}", "application/json; charset=utf-8").status_code == 401


@pytest.mark.parametrize(("size", "status"), [(2_000_000, 401), (2_000_001, 413)])
def test_a_body_that_is_too_large_is_refused_before_it_is_read(client, tags, size, status):
    response = client.generic("POST", "/api/v1/items", b" " * size, "application/json")
    assert (response.status_code, response.json()["status"]) == (status, status)


def test_a_database_that_is_away_is_503_and_says_when_to_come_back(client, tags):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE winnow_item RENAME TO lost")
    response = client.get("/api/v1/items")
    assert (response.status_code, response["Content-Type"], response["Retry-After"]) == (503, PROBLEM, "5")
    assert "winnow_item" not in response.json()["detail"]


def test_an_error_of_our_own_is_a_problem_too_and_tells_no_secret(client, tags, monkeypatch):
    monkeypatch.setattr("winnow.api.items.published_items", None)
    client.raise_request_exception = False
    response = client.get("/api/v1/items")
    assert (response.status_code, response["Content-Type"]) == (500, PROBLEM)
    assert "NoneType" not in response.content.decode()
