"""Strangers are led to the sign-in page and back; who may do what is tried in `tests/test_urls.py`."""

import pytest

from winnow.models import Account, Item, Label, Source

DOORS = ["/submit", "/review", "/account"]

pytestmark = pytest.mark.usefixtures("tags")


@pytest.mark.parametrize("path", DOORS)
def test_strangers_are_led_to_the_sign_in_page_and_back(client, path):
    assert client.get(f"{path}?a=1")["Location"] == f"/sign-in?next=%2F{path[1:]}%3Fa%3D1"


def test_a_form_that_a_stranger_sends_is_not_led_back_to(send, task):
    answer = send(f"/review/{task.pk}/label", tag="mlops")
    assert (answer.status_code, answer["Location"], Label.objects.count()) == (302, "/sign-in", 0)


def test_a05_an_account_that_was_closed_is_a_stranger(client, cast):
    client.force_login(cast.operator)
    cast.operator.is_active = False
    cast.operator.save()
    assert client.get("/review").status_code == 302


def test_who_lacks_the_right_is_told_as_what_they_are_here(visit, cast):
    assert "Your account (reader) does not have this right." in visit("/review", who=cast.reader, status=403).main


@pytest.mark.parametrize(
    "extra", [{"is_staff": "on", "role": "operator"}, {"state": "published", "tag": "mlops", "submitted_by": "1"}]
)
def test_a10_a_form_takes_its_own_fields_and_no_other(send, cast, make_item, extra):
    item = make_item(state="rejected")
    Source.objects.create(name="feed", kind="feed", address="https://example.org/feed")
    for path in (f"/i/{item.pk}/report", "/account/tokens", "/submit", "/account/password"):
        send(path, who=cast.reader, **extra)
    item.refresh_from_db()
    assert (item.state, item.tag, item.submitted_by) == ("rejected", None, None)
    assert Account.objects.get(pk=cast.reader.pk).role == "reader"
    assert Item.objects.count() == 1


@pytest.mark.parametrize(
    "query",
    [
        {"author__password__startswith": "a"}, {"submitted_by__password": "x"}, {"order": "submitted_by__password"},
        {"sort": "password"}, {"tag__items__submitted_by__name": "x"}, {"page": "-1"}, {"limit": "1000000000"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("path", ["/recent", "/search", "/withheld", "/t/mlops", "/sources"])
def test_a11_what_a_page_does_not_know_reaches_no_query(visit, make_item, path, query):
    make_item("Shown", state="published")
    make_item("Kept out", state="rejected")
    plain, asked = (visit(path, q="o", **more).main for more in ({}, query))
    assert asked.count("Shown") == plain.count("Shown")
    assert asked.count("Kept out") == plain.count("Kept out")
