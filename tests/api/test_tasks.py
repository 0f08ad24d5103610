"""Tasks over the API: claim, answer, once and twice."""

import pytest

from winnow.models import Account, Item, Label, ReviewTask
from winnow.services.review import open_task

Reason = ReviewTask.Reason


@pytest.fixture
def reviewer(api):
    return api.as_token("review")


@pytest.fixture
def queue(make_item):
    return [
        open_task(item=make_item(state="in_review", confidence=0.61), reason=Reason.LOW_CONFIDENCE) for _ in range(10)
    ]


def claim(who, **headers):
    answer = who.post("/tasks/claim", {}, **headers)
    assert answer.status_code == 200
    return answer.json()["task"]


def test_where_nothing_waits_the_task_is_null(reviewer):
    assert reviewer.post("/tasks/claim", {}).json() == {"task": None}


def test_a_claimed_task_says_what_it_is_about(reviewer, queue):
    task = claim(reviewer)
    assert (task["id"], task["reason"], task["likely_tag"], task["confidence"]) == (
        queue[0].pk,
        "low_confidence",
        "mlops",
        0.61,
    )
    assert set(task["item"]) == {"id", "url", "site", "title", "description", "dated_at"}
    assert task["lease_until"]


def test_ten_tasks_claimed_and_answered_twice_with_their_key_are_ten_answers(reviewer, queue):
    seen = []
    for n in range(10):
        key = {"HTTP_IDEMPOTENCY_KEY": f"claim-{n}"}
        task = claim(reviewer, **key)
        assert claim(reviewer, **key) == task
        body, key = {"tag": "mlops", "note": "n"}, {"HTTP_IDEMPOTENCY_KEY": f"label-{n}"}
        first = reviewer.post(f"/tasks/{task['id']}/label", body, **key)
        again = reviewer.post(f"/tasks/{task['id']}/label", body, **key)
        assert (first.status_code, first.json()) == (again.status_code, again.json())
        assert first.json()["counts"] is True
        seen.append(task["id"])
    assert sorted(seen) == [task.pk for task in queue]
    assert (Label.objects.count(), Item.objects.filter(state="published").count()) == (10, 10)
    assert claim(reviewer) is None


def test_who_claims_again_without_a_key_gets_the_same(reviewer, queue):
    first, again = claim(reviewer), claim(reviewer)
    assert first["id"] == again["id"]


def test_two_programs_get_two_tasks(api, queue):
    one, other = api.as_token("review"), api.as_token("review")
    assert claim(one)["id"] != claim(other)["id"]
    assert Account.objects.filter(name__startswith="program test").count() == 2


@pytest.mark.parametrize("tag", [None, "not-ml"])
def test_not_machine_learning(reviewer, queue, tag):
    task = claim(reviewer)
    answer = reviewer.post(f"/tasks/{task['id']}/label", {"tag": tag}).json()
    assert (answer["tag"], answer["counts"]) == (None, True)
    assert Item.objects.get(pk=task["item"]["id"]).state == "rejected"


def test_cannot_tell_leaves_it_to_others(api, reviewer, queue):
    task = claim(reviewer)
    assert reviewer.post(f"/tasks/{task['id']}/label", {"tag": "unsure"}).json()["counts"] is False
    assert claim(reviewer)["id"] != task["id"]
    assert claim(api.as_token("review"))["id"] == task["id"]


def test_who_never_claimed_it_may_not_answer(reviewer, queue):
    answer = reviewer.post(f"/tasks/{queue[3].pk}/label", {"tag": "mlops"})
    assert (answer.status_code, Label.objects.count()) == (409, 0)
    assert "claim this task before" in answer.json()["detail"]


def test_too_late_is_a_further_opinion(api, reviewer, queue):
    task = claim(reviewer)
    other = api.as_token("review")
    ReviewTask.objects.filter(pk=task["id"]).update(lease_until=None)
    assert claim(other)["id"] == task["id"]
    late = reviewer.post(f"/tasks/{task['id']}/label", {"tag": "other"})
    assert (late.status_code, late.json()["counts"]) == (200, False)
    assert other.post(f"/tasks/{task['id']}/label", {"tag": "mlops"}).json()["counts"] is True


def test_answered_twice_without_a_key_is_a_conflict(reviewer, queue):
    task = claim(reviewer)
    assert reviewer.post(f"/tasks/{task['id']}/label", {"tag": "mlops"}).status_code == 200
    assert reviewer.post(f"/tasks/{task['id']}/label", {"tag": "mlops"}).status_code == 409
    assert Label.objects.count() == 1


@pytest.mark.parametrize("reason", ["audit", "gold"])
def test_l09_a_blind_task_looks_like_any_other_blind_task(reviewer, make_item, reason):
    item = make_item(state="published", tag="mlops", confidence=0.9)
    ReviewTask.objects.create(item=item, reason=reason, is_blind=True)
    task = claim(reviewer)
    assert (task["reason"], task["likely_tag"], task["confidence"]) == ("blind", None, None)
    assert "mlops" not in str(task)


@pytest.mark.parametrize(
    ("body", "status"),
    [({}, 422), ({"tag": "rockets"}, 422), ({"tag": "mlops", "sure": True}, 422), ({"tag": ""}, 422)],
)
def test_an_answer_that_is_none_is_refused(reviewer, queue, body, status):
    task = claim(reviewer)
    assert reviewer.post(f"/tasks/{task['id']}/label", body).status_code == status
    assert Label.objects.count() == 0


def test_a_task_that_is_not_there(reviewer):
    assert reviewer.post("/tasks/987654/label", {"tag": "mlops"}).status_code == 404


@pytest.mark.parametrize("scope", ["classify", "submit", "report"])
def test_other_tokens_may_not(api, scope):
    assert api.as_token(scope).post("/tasks/claim", {}).status_code == 403
    assert api.post("/tasks/claim", {}).status_code == 401
