"""Without a token 401, with the wrong scope 403, on every writing call."""

import pytest

from winnow.models import ApiToken, Item, Scope

CALLS = {"/classify": Scope.CLASSIFY, "/items": Scope.SUBMIT, "/items/1/reports": Scope.REPORT}


@pytest.mark.parametrize("path", CALLS)
def test_without_a_token_401(api, path):
    answer = api.post(path, {})
    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")
    assert answer["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize("header", ["Bearer nonsense", "Bearer ", "Basic abc", "nonsense", "Bearer wnw_" + "x" * 5000])
def test_with_a_token_that_is_none_401(api, header):
    api.headers = {"HTTP_AUTHORIZATION": header}
    assert api.post("/classify", {"items": []}).status_code == 401


@pytest.mark.parametrize(("path", "scope"), CALLS.items())
def test_a07_every_other_scope_is_403(api, path, scope):
    for other in set(Scope) - {scope}:
        assert api.as_token(other).post(path, {}).status_code == 403
    assert Item.objects.count() == 0


def test_a05_a_revoked_token_dies_at_once(api):
    caller = api.as_token("classify")
    assert caller.post("/classify", {"items": []}).status_code == 200
    ApiToken.objects.update(revoked_at="2026-01-01T00:00:00Z")
    assert caller.post("/classify", {"items": []}).status_code == 401


def test_a_session_is_no_token(api, client, cast):
    client.force_login(cast.operator)
    assert api.post("/items", {}).status_code == 401
