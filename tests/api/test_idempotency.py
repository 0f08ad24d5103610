"""The same key gives the same answer, whoever asks again and however often at once."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from winnow.models import Item, Report, StoredAnswer
from winnow.services.invite import issue_token

NEW = {"url": "https://arxiv.org/abs/1706.03762", "title": "Attention Is All You Need", "description": "Transformers."}


def ask(caller, body=NEW, key="k1", path="/items"):
    return caller.post(path, body, HTTP_IDEMPOTENCY_KEY=key)


def test_the_kept_answer_is_given_though_the_world_has_moved_on(api):
    caller = api.as_token("submit")
    first = ask(caller)
    Item.objects.update(state="removed")
    again = ask(caller)
    assert (again.status_code, again.json()) == (first.status_code, first.json()) == (201, first.json())


def test_without_a_key_each_call_is_answered_anew(api):
    caller = api.as_token("submit")
    statuses = [caller.post("/items", NEW).status_code for _ in range(2)]
    assert (statuses, StoredAnswer.objects.count()) == ([201, 200], 0)


def test_another_key_is_another_call(api):
    caller = api.as_token("submit")
    assert [ask(caller, key=key).status_code for key in ("a", "b")] == [201, 200]


def test_keys_of_one_token_are_no_other_token_s(api):
    assert [ask(api.as_token("submit")).status_code for _ in range(2)] == [201, 200]
    assert StoredAnswer.objects.count() == 2


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({**NEW, "title": "Other"}, "/items"),
        ({**NEW, "description": NEW["description"] + " "}, "/items"),
        ({}, "/items/1/reports"),
    ],
)
def test_a_key_used_for_another_request_is_refused_and_does_nothing(api, make_item, body, path):
    make_item(state="published")
    caller = api.as_token("submit", "report")
    ask(caller)
    answer = ask(caller, body, path=path)
    assert (answer.status_code, "take a new one" in answer.json()["detail"]) == (422, True)
    assert (Item.objects.count(), Report.objects.count()) == (2, 0)


def test_a_call_that_was_refused_keeps_no_answer_and_may_be_mended(api):
    caller = api.as_token("submit")
    assert ask(caller, {**NEW, "url": "nonsense"}).status_code == 422
    assert (ask(caller).status_code, StoredAnswer.objects.count()) == (201, 1)


@pytest.mark.parametrize("key", ["x" * 201, "a\tb", "caf\xe9\x00"])
def test_a_key_that_cannot_be_kept_is_refused(api, key):
    answer = ask(api.as_token("submit"), key=key)
    assert (answer.status_code, answer.json()["detail"].startswith("Idempotency-Key: at most")) == (422, True)
    assert Item.objects.count() == 0


def test_reports_keep_their_answers_too(api, make_item):
    item = make_item(state="published")
    caller = api.as_token("report")
    first, again = (ask(caller, {"note": "why"}, path=f"/items/{item.pk}/reports") for _ in range(2))
    assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())


@pytest.mark.django_db(transaction=True)
def test_the_same_call_eight_times_at_once_is_done_once_and_answered_alike(tags):
    header = {"HTTP_AUTHORIZATION": f"Bearer {issue_token(name='t', scopes=['submit']).token}"}
    start = threading.Barrier(8)

    def call(_):
        start.wait()
        try:
            answer = Client().post("/api/v1/items", NEW, "application/json", HTTP_IDEMPOTENCY_KEY="k", **header)
            return answer.status_code, answer.content
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(call, range(8)))
    assert (len(answers), StoredAnswer.objects.count()) == (1, 1)
    assert Item.objects.exclude(state="duplicate").count() == 1
