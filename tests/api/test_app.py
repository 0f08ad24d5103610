"""The API as a whole."""

import pytest
from django.conf import settings

from winnow.api.app import api as the_api
from winnow.models import Item
from winnow.services import encode

CALLS = {
    ("post", "/classify"), ("get", "/items"), ("post", "/items"), ("get", "/items/check"), ("get", "/items/{item_id}"),
    ("post", "/items/{item_id}/reports"), ("post", "/tasks/claim"), ("post", "/tasks/{task_id}/label"), ("get", "/tags"), ("get", "/tags/{slug}"), ("get", "/healthz"), ("get", "/readyz"), ("get", "/metrics"),
}  # fmt: skip


def test_the_description_names_every_call(api):
    paths = api.get("/openapi.json").json()["paths"]
    found = {(method, path.removeprefix("/api/v1")) for path, methods in paths.items() for method in methods}
    assert found == CALLS


def test_writing_calls_declare_their_token():
    schema = the_api.get_openapi_schema()
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            assert bool(call.get("security")) is (method == "post" or path.endswith("/metrics")), path


@pytest.mark.parametrize(
    ("method", "path", "status"), [("get", "/nothing", 404), ("delete", "/items", 405), ("get", "/classify", 405)]
)
def test_what_is_not_there_is_a_problem(client, db, method, path, status):
    answer = getattr(client, method)(f"/api/v1{path}")
    assert (answer.status_code, answer["Content-Type"], answer.json()["status"]) == (
        status,
        "application/problem+json",
        status,
    )


def test_the_docs_page_lists_the_calls(client, db):
    page = client.get("/api/docs")
    assert page.status_code == 200
    for _, path in CALLS:
        assert f"/api/v1{path}" in page.content.decode()


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "[::1", "x" * 300])
def test_h10_a_host_that_is_not_ours_is_a_problem(client, host):
    answer = client.get("/api/v1/items", headers={"host": host})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")


@pytest.mark.parametrize("path", ["/items", "/tags", "/healthz", "/openapi.json"])
def test_head_is_answered_as_get_is(client, tags, path):
    asked, got = client.head(f"/api/v1{path}"), client.get(f"/api/v1{path}")
    assert (asked.status_code, asked["Content-Type"]) == (200, got["Content-Type"])


@pytest.mark.parametrize("method", ["put", "delete", "options"])
def test_the_docs_page_is_only_read(client, db, method):
    assert getattr(client, method)("/api/docs").status_code == 405


def test_a_body_that_is_missing_is_named(api):
    assert api.as_token("classify").post("/classify", b"").json()["errors"] == [
        {"field": "body", "reason": "Field required"}
    ]


def test_a_body_that_is_no_json_is_told_why(api):
    answer = api.as_token("classify").post("/classify", b'{"items": [], "items": []}')
    assert answer.json()["detail"] == "Cannot parse request body: the same key stands twice in one object"


def test_a_part_that_is_away_is_503_and_stores_nothing(api, monkeypatch, tmp_path):
    encode.encoder.cache_clear()
    monkeypatch.setattr(settings, "ENCODER", str(tmp_path / "nowhere"))
    answer = api.as_token("submit").post("/items", {"url": "https://example.org/x", "title": "Serving models"})
    encode.encoder.cache_clear()
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert Item.objects.count() == 0
