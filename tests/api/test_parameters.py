"""What stands behind the question mark."""

import pytest


@pytest.mark.parametrize(
    "query",
    [
        "author__password__startswith=a", "order=submitted_by__password", "submitted_by__name=ada", "limit=1000000000",
        "page=-1", "page=1000000000000000000", "offset=9999999999999", "fields=vector", "Tag=mlops", "tag[]=mlops", "=x",
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/items", "/items/check", "/tags", "/healthz"])
def test_a11_a12_what_a_call_does_not_know_is_refused_by_name(api, path, query):
    answer = api.client.get(f"/api/v1{path}?{query}")
    name = query.split("=")[0]
    assert (answer.status_code, answer.json()["errors"]) == (422, [{"field": name, "reason": "unknown"}])


def test_the_refusal_says_what_there_is(api):
    assert (
        api.get("/items", order="x").json()["detail"] == "order: not a parameter; this call takes tag, sort, q, after"
    )
    assert api.get("/tags", order="x").json()["detail"] == "order: not a parameter; this call takes none"


def test_a_parameter_that_stands_twice_is_refused(api):
    answer = api.client.get("/api/v1/items?q=a&q=b")
    assert (answer.status_code, answer.json()["detail"]) == (422, "q: stands twice")


def test_a_writing_call_takes_none(api):
    answer = api.as_token("submit").client.post("/api/v1/items?tag=mlops", "{}", "application/json")
    assert answer.status_code == 422


def test_known_ones_reach_their_call(api, make_item):
    make_item("Serving", state="published")
    assert len(api.get("/items", q="serving", tag="mlops", sort="popular", after="").json()["items"]) == 1


@pytest.mark.parametrize("after", ["x", "WyJ4IiwxXQ", "eyJhIjoxfQ", "W251bGwsMV0", "9" * 300, "%00", "../../etc"])
def test_a12_a_cursor_that_was_tampered_with_is_422(api, make_item, after):
    make_item(state="published")
    answer = api.client.get(f"/api/v1/items?after={after}")
    assert (answer.status_code, "cursor" in answer.json()["detail"]) == (422, True)


def test_pages_pass_over_what_they_do_not_know(client, tags):
    assert client.get("/recent?utm_source=x").status_code == 200
