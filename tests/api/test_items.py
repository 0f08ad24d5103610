"""Lists, one item, is it here, add, report."""

import base64
from datetime import datetime, timedelta

import pytest

from winnow.models import Item, Report, ReviewTask, Scope, StoredAnswer
from winnow.services.invite import issue_token

INJECTIONS = [
    "' OR '1'='1' --", '"; DROP TABLE winnow_item; --', "*)(uid=*))(|(uid=*", "{{ 7*7 }}{% debug %}", "${jndi:ldap://x/a}",
    "=cmd|' /C calc'!A0", "$(reboot) `reboot` ; reboot", "../../../../etc/passwd", "%0d%0aSet-Cookie: a=b", "%s%n%x", "\\' \\\\",
]  # fmt: skip
NEW = {"url": "https://arxiv.org/abs/1706.03762", "title": "Attention Is All You Need", "description": "Transformers."}


def test_the_list_shows_what_is_published_alone(api, make_item):
    shown = make_item(state="published", tag="mlops")
    make_item(state="in_review")
    make_item(state="rejected")
    answer = api.get("/items").json()
    assert ([item["id"] for item in answer["items"]], answer["next"]) == ([shown.pk], None)


def test_an_item_has_the_fields_of_the_contract(api, make_item):
    item = make_item("A title", state="published", tag="mlops")
    answer = api.get(f"/items/{item.pk}").json()
    assert {
        key: answer[key]
        for key in ("id", "url", "title", "description", "tag", "confidence", "decided_by", "model_version")
    } == {
        "id": item.pk,
        "url": item.url,
        "title": "A title",
        "description": "What it is about.",
        "tag": "mlops",
        "confidence": None,
        "decided_by": "person",
        "model_version": None,
    }
    shown = datetime.fromisoformat(answer["published_at"])
    assert abs(shown - item.published_at) < timedelta(milliseconds=1)


def test_paging_by_cursor_meets_every_item_once_though_new_ones_arrive(api, make_item):
    made = [make_item(state="published").pk for _ in range(30)]
    first = api.get("/items").json()
    make_item(state="published")
    second = api.get("/items", after=first["next"]).json()
    seen = [item["id"] for item in (*first["items"], *second["items"])]
    assert (len(first["items"]), second["next"]) == (25, None)
    assert sorted(seen) == made


@pytest.mark.parametrize("cursor", ["nonsense", "\x00", "AAAA", "W10", "x" * 500, "WyIyMDI2IiwgLTFd", "🙂"])
def test_a_cursor_that_is_none_is_a_problem(api, cursor):
    answer = api.get("/items", after=cursor)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


@pytest.mark.parametrize(
    ("sort", "cursor"),
    [
        ("recent", '["0001-01-01T00:00:00+14:00", 5]'),
        ("recent", '["9999-12-31T23:59:59-14:00", 5]'),
        ("popular", "[NaN, 5]"),
        ("popular", "[Infinity, 5]"),
    ],
)
def test_a12_a_cursor_that_was_tampered_with_is_a_problem(api, sort, cursor):
    answer = api.get("/items", sort=sort, after=base64.urlsafe_b64encode(cursor.encode()).decode())
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")


def test_filters_and_search(api, make_item):
    one = make_item("Serving models with Triton", state="published", tag="mlops")
    make_item("Segmentation of lungs", state="published", tag="computer-vision")
    assert [item["id"] for item in api.get("/items", tag="mlops").json()["items"]] == [one.pk]
    assert [item["id"] for item in api.get("/items", q="triton serving").json()["items"]] == [one.pk]
    assert api.get("/items", q="%").json()["items"] == []


@pytest.mark.parametrize("query", [{"tag": "no-such-tag"}, {"sort": "random"}, {"q": "x" * 501}])
def test_a_query_that_cannot_be_is_422(api, query):
    assert api.get("/items", **query).status_code == 422


@pytest.mark.parametrize(
    ("path", "status"), [("/items/999999", 404), ("/items/abc", 422), (f"/items/{10**30}", 404), ("/items/-1", 404)]
)
def test_an_unknown_id_is_a_problem(api, path, status):
    answer = api.get(path)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_a_removed_item_is_gone(api, make_item):
    item = make_item(state="published")
    Item.objects.filter(pk=item.pk).update(state="removed")
    assert api.get(f"/items/{item.pk}").status_code == 404


def test_adding_a_work_screens_and_answers(api):
    answer = api.as_token("submit").post("/items", NEW)
    body = answer.json()
    assert (answer.status_code, body["status"], body["duplicate_of"]) == (201, "admitted", None)
    assert body["item"]["state"] in ("published", "in_review")


def test_adding_it_again_under_another_address_names_the_first(api):
    caller = api.as_token("submit")
    first = caller.post("/items", NEW).json()["item"]["id"]
    again = caller.post("/items", {**NEW, "url": "http://arxiv.org/pdf/1706.03762v5.pdf", "title": "Attention"})
    assert (again.status_code, again.json()["status"], again.json()["duplicate_of"]) == (200, "duplicate", first)
    assert again.json()["item"]["id"] == first


def test_check_knows_a_work_by_another_address(api):
    api.as_token("submit").post("/items", NEW)
    known = api.get("/items/check", url="https://arxiv.org/abs/1706.03762v2").json()
    assert (known["known"], known["item"]["title"]) == (True, NEW["title"])
    assert api.get("/items/check", url="https://arxiv.org/abs/1706.03763").json() == {"known": False, "item": None}
    assert api.get("/items/check", url="no address").json() == {"known": False, "item": None}


def test_the_same_idempotency_key_gives_the_same_answer(api):
    caller = api.as_token("submit")
    first = caller.post("/items", NEW, HTTP_IDEMPOTENCY_KEY="k1")
    second = caller.post("/items", NEW, HTTP_IDEMPOTENCY_KEY="k1")
    assert (second.status_code, second.json()) == (first.status_code, first.json())
    assert (Item.objects.count(), StoredAnswer.objects.count()) == (1, 1)


def test_a_key_used_for_another_request_is_refused(api):
    caller = api.as_token("submit")
    caller.post("/items", NEW, HTTP_IDEMPOTENCY_KEY="k1")
    assert caller.post("/items", {**NEW, "title": "Other"}, HTTP_IDEMPOTENCY_KEY="k1").status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {**NEW, "unknown": 1}, {"url": NEW["url"]}, {**NEW, "title": 7}, {**NEW, "title": ""}, {**NEW, "title": "\u200b"},
        {**NEW, "url": "javascript:alert(1)"}, {**NEW, "url": "//example.com"}, {**NEW, "tag": "cooking"}, [], "text",
    ],
)  # fmt: skip
def test_a_body_that_cannot_be_is_422_and_stores_nothing(api, body):
    answer = api.as_token("submit").post("/items", body)
    assert (answer.status_code, answer["Content-Type"]) == (422, "application/problem+json")
    assert Item.objects.count() == 0


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"{", 400),
        (b"\xff", 400),
        (b'{"title": NaN}', 400),
        (b'{"a": 1, "a": 2}', 400),
        (b"[" * 100_000, 400),
        (b" " * 2_100_000, 413),
    ],
    ids=["cut off", "not UTF-8", "NaN", "twice", "deep", "large"],
)
def test_a13_what_is_no_json_is_a_problem(api, raw, status):
    answer = api.as_token("submit").post("/items", raw)
    assert (answer.status_code, answer.json()["status"]) == (status, status)


def test_a_body_in_pieces_is_asked_for_whole(api):
    answer = api.as_token("submit").post("/items", NEW, HTTP_TRANSFER_ENCODING="chunked")
    assert (answer.status_code, answer["Content-Type"]) == (411, "application/problem+json")


def test_a_body_of_another_type_is_415(api, client):
    caller = api.as_token("submit")
    assert client.post("/api/v1/items", "a=1", "text/plain", **caller.headers).status_code == 415


def test_reporting_opens_a_task_and_leaves_the_item(api, make_item):
    item = make_item(state="published", tag="mlops")
    answer = api.as_token("report").post(f"/items/{item.pk}/reports", {})
    assert (answer.status_code, answer.json()["kind"], answer.json()["is_new"]) == (201, "wrong_tag", True)
    assert ReviewTask.objects.get().item == item
    item.refresh_from_db()
    assert (item.state, item.tag_id) == ("published", "mlops")


def test_reporting_twice_with_one_token_is_one_report(api, make_item):
    item = make_item(state="published")
    caller = api.as_token("report")
    caller.post(f"/items/{item.pk}/reports", {"tag": "other", "note": "about graphs"})
    assert caller.post(f"/items/{item.pk}/reports", {"tag": "other"}).json()["is_new"] is False
    assert Report.objects.count() == 1


def test_a_person_is_one_voice_however_many_tokens_it_has(api, make_item, cast):
    item = make_item(state="published")
    told = [
        api.as_token("report", account=account).post(f"/items/{item.pk}/reports", {}).json()["is_new"]
        for account in (cast.reader, cast.reader, None, None)
    ]
    assert told == [True, False, True, True]
    assert Report.objects.filter(reporter=f"account:{cast.reader.pk}").count() == 1


def test_reporting_what_is_withheld_is_a_conflict(api, make_item):
    item = make_item(state="rejected")
    assert api.as_token("report").post(f"/items/{item.pk}/reports", {}).status_code == 409


@pytest.mark.parametrize("body", [{"kind": "boring"}, {"tag": "cooking"}, {"note": "x" * 2001}, {"extra": 1}])
def test_a_report_that_cannot_be_is_422(api, make_item, body):
    item = make_item(state="published")
    assert api.as_token("report").post(f"/items/{item.pk}/reports", body).status_code == 422
    assert Report.objects.count() == 0


@pytest.mark.parametrize(
    "extra", ["is_staff", "role", "trust", "label", "created_by", "state", "submitted_by", "id", "is_gold"]
)
@pytest.mark.parametrize("call", ["/classify", "/items", "/items/{pk}/reports"])
def test_a10_a_key_that_a_body_does_not_have_is_422_and_changes_nothing(api, make_item, call, extra):
    item = make_item(state="published", tag="mlops")
    body = {"/classify": {"items": []}, "/items": NEW}.get(call, {})
    answer = api.as_token(*Scope.values).post(call.format(pk=item.pk), {**body, extra: "operator"})
    assert (answer.status_code, answer.json()["errors"][0]["field"].rsplit(".")[-1]) == (422, extra)
    item.refresh_from_db()
    assert (item.state, item.tag_id, Item.objects.count(), Report.objects.count()) == ("published", "mlops", 1, 0)


@pytest.mark.parametrize("text", INJECTIONS)
def test_a15_what_looks_like_a_command_is_kept_to_the_letter(api, make_item, text):
    item = make_item(state="published")
    sender = api.as_token("submit", "report")
    assert sender.post(f"/items/{item.pk}/reports", {"note": text}).status_code == 201
    assert Report.objects.get().note == text
    made = sender.post("/items", {**NEW, "title": text}).json()["item"]
    assert Item.objects.get(pk=made["id"]).title == made["title"] == text


def test_l01_an_account_that_reports_too_much_is_429_and_told_when_to_come_back(api, make_item, cast):
    item = make_item(state="published")
    token = issue_token(name="t", scopes=["report"], account=cast.reader).token
    api.headers = {"HTTP_AUTHORIZATION": f"Bearer {token}"}
    answers = [api.post(f"/items/{item.pk}/reports", {"note": str(n)}) for n in range(16)]
    assert [answer.status_code for answer in answers] == [201] + [200] * 14 + [429]
    assert 0 < int(answers[-1]["Retry-After"]) <= 61
    assert answers[-1]["Content-Type"] == "application/problem+json"
