"""The description says what may go wrong."""

import pytest

from winnow.api.app import api
from winnow.api.problems import PROBLEM


@pytest.fixture(scope="module")
def calls():
    paths = api.get_openapi_schema()["paths"]
    return {
        (method, path.removeprefix("/api/v1")): call
        for path, methods in paths.items()
        for method, call in methods.items()
    }


def statuses(call):
    return {int(status) for status in call["responses"]}


def test_every_error_is_described_as_a_problem(calls):
    for call in calls.values():
        for status, response in call["responses"].items():
            if int(status) >= 400:
                assert response["content"][PROBLEM]["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert response["description"]


@pytest.mark.parametrize(
    ("call", "errors"),
    [
        (("get", "/items"), {400, 414, 422, 429, 431, 503}),
        (("get", "/items/{item_id}"), {400, 404, 414, 422, 429, 431, 503}),
        (("post", "/classify"), {400, 401, 403, 408, 411, 413, 414, 415, 422, 429, 431, 503}),
        (("post", "/items/{item_id}/reports"), {400, 401, 403, 404, 408, 409, 411, 413, 414, 415, 422, 429, 431, 503}),
    ],
)
def test_a_call_names_the_errors_that_it_can_meet(calls, call, errors):
    assert {status for status in statuses(calls[call]) if status >= 400} == errors


def test_calls_that_are_kept_by_a_key_say_so(calls):
    with_key = {call for call, told in calls.items() if any(p["in"] == "header" for p in told.get("parameters", []))}
    assert with_key == {
        ("post", "/items"),
        ("post", "/items/{item_id}/reports"),
        ("post", "/tasks/claim"),
        ("post", "/tasks/{task_id}/label"),
    }


def test_the_problem_is_described_once_and_whole():
    schema = api.get_openapi_schema()["components"]["schemas"]["Problem"]
    assert schema["required"] == ["type", "title", "status", "detail"]
