"""What went wrong is said calmly, with one thing to do."""

import re
import threading
from functools import partial

import pytest
from django.db import OperationalError, transaction
from django.db.models import F
from django.test import Client
from django.utils import timezone
from tests.databases import on_postgresql

from winnow.models import Bucket, Report
from winnow.web.errors import server_error

pytestmark = pytest.mark.usefixtures("tags")


def advice(answer):
    html = answer.content.decode()
    (main,) = re.findall(r"<main.*?</main>", html, re.DOTALL)
    return re.findall(r"<h1>(.*?)</h1>", main), main.count("<a ")


def test_an_unknown_address(client):
    answer = client.get("/nowhere")
    assert (answer.status_code, advice(answer)) == (404, (["Not here"], 1))


def test_a_method_that_is_not_taken(client):
    answer = client.post("/recent")
    assert (answer.status_code, answer["Allow"], advice(answer)) == (
        405,
        "GET, HEAD",
        (["That cannot be done here"], 1),
    )


@pytest.mark.usefixtures("cast")
def test_a_form_without_its_proof(make_item):
    item = make_item(state="published")
    answer = Client(enforce_csrf_checks=True).post(f"/i/{item.pk}/report")
    assert (answer.status_code, advice(answer)) == (403, (["The form has expired"], 1))
    assert Report.objects.count() == 0


def test_an_account_without_the_right(client, cast):
    client.force_login(cast.reader)
    answer = client.get("/review")
    assert (answer.status_code, advice(answer)) == (403, (["Not for this account"], 1))


def test_a_change_that_came_too_late(send, cast, make_item):
    item = make_item(state="published")
    answer = send(f"/withheld/{item.pk}/restore", who=cast.reviewer)
    assert (answer.status_code, advice(answer)) == (409, (["That has changed meanwhile"], 1))


def test_a_request_that_cannot_be_read(client, make_item):
    item = make_item(state="published")
    answer = client.post(f"/i/{item.pk}/report", b"x" * 3_000_000, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, advice(answer)) == (400, (["That request could not be read"], 1))


@pytest.mark.parametrize("host", ["evil.example", "", "a b", "'\"><script>"])
def test_h10_a_host_that_is_not_ours(client, host):
    answer = client.get("/", headers={"host": host})
    assert (answer.status_code, advice(answer)) == (400, (["That request could not be read"], 1))


def test_a_fault_of_ours_asks_nothing_of_the_database(rf, django_db_blocker):
    with django_db_blocker.block():
        answer = server_error(rf.get("/"))
    assert (answer.status_code, advice(answer)) == (500, (["Something broke here"], 1))


@pytest.mark.parametrize("path", ["/i/1/x", "/t/none"])
def test_errors_of_services_tell_what_is_not_here(client, path):
    assert client.get(path).status_code == 404


def test_the_api_answers_for_itself(client):
    answer = client.get("/api/nowhere")
    assert (answer.status_code, answer["Content-Type"]) == (404, "application/problem+json")


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("code", ["abcdefgh\\000", "abcdefgh\\000ijkl"])
def test_a_visit_that_no_row_can_bear_is_no_fault_of_ours(client, settings, code):
    # A quoted cookie may hold NUL, which PostgreSQL takes into no text; the embedded database just does not find it.
    client.cookies.load(f'{settings.SESSION_COOKIE_NAME}="{code}"')
    assert client.get("/").status_code in (200, 400)


def test_a_name_with_nul_is_not_there(send, cast):
    assert send("/sources/a%00b/switch", who=cast.operator).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_d2_a_database_that_cannot_be_written_is_503_and_pages_read_on(client, tags, make_item):
    """As on a disk that is read-only: SQLite refuses writes by itself then."""
    from django.db import connection

    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own disk")
    make_item(state="published", title="Still to be read")
    client.raise_request_exception = False
    database = connection.connection
    database.execute("PRAGMA query_only = ON")
    try:
        assert "Still to be read" in client.get("/").content.decode()
        refused = client.post("/sign-in", {"name": "anybody", "password": "not the right one"})
    finally:
        database.execute("PRAGMA query_only = OFF")
    assert refused.status_code == 503, refused.content
    assert refused["Retry-After"] == "30"
    assert "Nothing was stored" in refused.content.decode()


@on_postgresql
@pytest.mark.django_db(transaction=True)
def test_d4_of_two_that_wait_for_each_other_one_stores_all_and_one_nothing_and_is_503(rf, at_once):
    for name in ("a", "b"):
        Bucket.objects.create(key=name, ends_at=timezone.now())
    met = threading.Barrier(2, timeout=20)

    def change(first, second):
        try:
            with transaction.atomic():
                Bucket.objects.filter(key=first).update(n=F("n") + 1)
                met.wait()
                Bucket.objects.filter(key=second).update(n=F("n") + 1)
        except OperationalError:
            return server_error(rf.get("/")).status_code
        return 200

    assert sorted(at_once([partial(change, "a", "b"), partial(change, "b", "a")])) == [200, 503]
    assert set(Bucket.objects.values_list("n", flat=True)) == {2}
