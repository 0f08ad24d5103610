"""The page of the digest: the same as the mail, and the way to get that."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def came(make_item):
    return make_item("Came today", state="published", tag="mlops")


def test_it_shows_what_came_and_ends(visit, came):
    html = visit("/digest").main
    assert html.index("Came today") < html.index("You are up to date.")


def test_followed_tags_alone(client, visit, came, make_item):
    make_item("Of another tag", state="published", tag="other")
    client.post("/t/mlops/follow")
    html = visit("/digest").main
    assert ("Came today" in html, "Of another tag" in html) == (True, False)


def test_of_nothing_it_says_so(visit, tags):
    assert "Nothing came in this time." in visit("/digest", every="weekly").main


def test_another_time_than_day_and_week_is_not_there(visit, tags):
    visit("/digest", every="hourly", status=404)


def test_where_no_mail_is_sent_it_says_so(visit, cast, settings):
    settings.MAIL_RELAY = {}
    assert "This installation sends no mail." in visit("/digest", cast.reader).main


def test_strangers_are_shown_the_way_in(visit, tags, settings, tmp_path):
    settings.MAIL_RELAY = {"folder": tmp_path}
    assert '<a href="/sign-in?next=/digest">' in visit("/digest").main
