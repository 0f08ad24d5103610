"""The page about the API is drawn from its description."""

from winnow.api.docs import calls


def call_of(method, path):
    return next(call for call in calls() if (call.method, call.path) == (method, f"/api/v1{path}"))


def test_a_call_is_told_with_summary_token_and_body():
    call = call_of("POST", "/items")
    assert (call.summary, call.scope) == ("Add a work", True)
    assert call.body == '{"url", "title", "description"?, "tag"?}'


def test_a_call_that_reads_has_parameters_and_needs_no_token():
    call = call_of("GET", "/items")
    assert [parameter["name"] for parameter in call.parameters] == ["tag", "sort", "q", "after"]
    assert (call.scope, call.body) == (False, "")


def test_every_call_says_what_it_does():
    assert [call.path for call in calls() if not (call.summary and call.description)] == []


def test_the_page_shows_every_body_and_loads_nothing_from_elsewhere(client, tags):
    html = client.get("/api/docs").content.decode()
    for call in calls():
        assert call.body.replace('"', "&quot;") in html
    assert "//cdn" not in html
    assert "<script>" not in html
