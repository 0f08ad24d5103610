"""Counting what is read, asking a few readers, and showing it to the owner."""

import pytest
from tests.services.experiments_cast import begun

from winnow.models import DayCount, Item, TagOpinion
from winnow.services import value
from winnow.services.value import flush
from winnow.web.paths import item_path
from winnow.web.value import ASKED, VISIT
from winnow.web.zone import COOKIE as ZONE


@pytest.fixture(autouse=True)
def _empty(db):
    flush()
    DayCount.objects.all().delete()


@pytest.fixture
def item(make_item):
    return make_item(state="published", tag="mlops")


def counts():
    flush()
    return dict(DayCount.objects.values_list("what", "n"))


def test_a_visit_its_views_and_its_first_find_are_counted_once(client, item):
    for path in ("/", "/recent", "/t/mlops", item_path(item), item_path(item), "/search?q=work"):
        client.get(path)
    assert counts() == {"visit new": 1, "view list": 4, "view item": 2, "click 10 s": 1}
    assert client.cookies[VISIT]["httponly"]


def test_saving_is_a_find(client, send, item):
    client.get("/")
    send(f"/i/{item.pk}/save")
    send(f"/i/{item.pk}/save?on=0")
    assert counts() == {"visit new": 1, "view list": 1, "save": 1, "click 10 s": 1}


def test_who_was_here_before_comes_again(client, tags):
    client.get("/")
    del client.cookies[VISIT]
    client.get("/recent")
    assert counts()["visit again"] == 1


@pytest.mark.parametrize("headers", [{"Sec-Purpose": "prefetch"}, {"User-Agent": "Googlebot/2.1"}])
def test_programs_are_no_readers(client, tags, headers):
    client.get("/", headers=headers)
    assert counts() == {}


@pytest.mark.parametrize("path", ["/models", "/nowhere", "/recent.rss", "/api/v1/tags"])
def test_what_is_no_list_is_not_counted(client, tags, path):
    client.get(path)
    assert counts() == {}


@pytest.mark.parametrize("cookie", ["", "x:0", "1:2", "9" * 99 + ":0"])
def test_a_cookie_that_is_none_begins_a_visit(client, tags, cookie):
    client.cookies[VISIT] = cookie
    client.get("/")
    assert counts()["visit new"] == 1


def test_a_reader_who_is_asked_says_yes_and_is_left_alone_for_a_week(client, send, visit, item, monkeypatch):
    monkeypatch.setattr(value, "ASKED_ONE_IN", 1)
    Item.objects.filter(pk=item.pk).update(decided_by="model")
    assert "the right tag?" in visit(item_path(item)).main
    assert send(f"/i/{item.pk}/right", said="yes").headers["Location"] == item_path(item)
    assert TagOpinion.objects.get().is_right
    assert client.cookies[ASKED].value == "1"
    assert "the right tag?" not in visit(item_path(item)).main


@pytest.mark.parametrize("said", ["later", "", "perhaps"])
def test_not_now_says_nothing(send, item, said):
    send(f"/i/{item.pk}/right", said=said)
    assert not TagOpinion.objects.exists()


def test_the_owner_sees_figures_with_their_meaning(visit, cast, item):
    DayCount.objects.create(day="2026-01-01", what="view list", n=5)
    visit(item_path(item))
    flush()
    main = visit("/value", cast.owner).main
    assert "per thousand views" in main
    assert "Nobody has answered yet" in main
    visit("/value", cast.engineer, status=403)


def test_the_privacy_page_names_every_cookie_that_is_set(client, send, visit, item, cast):
    named = {*visit("/privacy").all(r"<dt><code>([\w-]+)</code>")}
    begun()
    for path in ("/", "/", "/recent", "/search?q=work", item_path(item), "/sign-in"):
        client.get(path)
    send(f"/i/{item.pk}/save")
    send(f"/i/{item.pk}/right", said="yes")
    send("/sign-in", name="nobody", password="nothing")
    client.force_login(cast.reader)
    # The one of the zone is set by the script.
    assert named == {*client.cookies, ZONE}
