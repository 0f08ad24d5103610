"""Strangers are led to the sign-in page and back; who may do what is tried in `tests/test_urls.py`."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse

from winnow.models import Account, Item, Label, Source
from winnow.web.access import account_of, requires, rights_of

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


@pytest.fixture
def request_of(rf):
    def request_of(user):
        request = rf.get("/")
        request.user = user
        return request

    return request_of


def test_a_page_that_is_only_asked_about_is_led_back_to(client):
    assert client.head("/review")["Location"] == "/sign-in?next=%2Freview"


def test_who_asks_is_an_account_or_nobody(request_of, cast):
    assert account_of(request_of(cast.reader)) == cast.reader
    assert account_of(request_of(AnonymousUser())) is None


def test_a_view_gets_the_account_and_what_its_address_says(request_of, cast):
    @requires("submit")
    def view(request, account, number, *, word):
        return HttpResponse(f"{account.name} {number} {word}")

    assert view(request_of(cast.reader), 7, word="x").content == b"reader 7 x"


def test_who_lacks_the_right_never_reaches_the_view(request_of, cast):
    view = requires("review")(lambda *_: pytest.fail("the view was called"))
    with pytest.raises(PermissionDenied, match=r"^Your account \(reader\) does not have this right\.$"):
        view(request_of(cast.reader))


def test_rights_are_those_of_the_role(request_of, cast):
    rights = [rights_of(request_of(user)) for user in (AnonymousUser(), cast.reader, cast.reviewer)]
    assert rights == [set(), {"account", "submit"}, {"account", "submit", "review", "sign", "restore"}]


def test_without_a_second_factor_that_is_asked_for_one_can_only_be_set_up(request_of, client, cast, settings):
    settings.REQUIRE_SECOND_FACTOR = True
    assert rights_of(request_of(cast.operator)) == {"account"}
    assert "review" in rights_of(request_of(cast.reviewer))
    client.force_login(cast.operator)
    answer = client.get("/review")
    assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor")
    assert client.get("/account/second-factor").status_code == 200


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
