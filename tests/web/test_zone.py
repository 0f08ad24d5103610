"""Times in the zone of who reads."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from winnow.models import Item
from winnow.services.value import today
from winnow.web.zone import COOKIE, zone_of


@pytest.mark.parametrize(
    "name", ["", "Europe", "../../etc/passwd", "/etc/localtime", "Mars/Olympus", "a" * 5_000, "\0"]
)
def test_what_is_no_zone_is_none(name):
    assert zone_of(name) is None


def test_a_zone_has_its_name():
    assert zone_of("Asia/Kolkata") == ZoneInfo("Asia/Kolkata")


@pytest.mark.usefixtures("tags")
def test_a_page_speaks_in_the_zone_of_the_cookie_and_the_next_reader_has_their_own(client, visit, make_item):
    item = make_item(state="published", tag="mlops")
    Item.objects.filter(pk=item.pk).update(dated_at=datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    client.cookies[COOKIE] = "Asia/Kolkata"
    assert 'title="2 July 2026, 04:00 IST"' in visit("/recent").text
    del client.cookies[COOKIE]
    assert 'title="1 July 2026, 22:30 UTC"' in visit("/recent").text


def test_the_site_counts_by_its_own_day_whatever_the_reader_says(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 7, 1, 22, 30, tzinfo=UTC))
    with timezone.override("Pacific/Kiritimati"):
        assert f"{today()}" == "2026-07-01"


@pytest.mark.browser
@pytest.mark.usefixtures("tags")
def test_a_browser_leaves_its_zone_and_is_answered_in_it(browse, make_item):
    make_item(state="published", tag="mlops")
    page = browse("/recent", timezone_id="Asia/Kolkata")
    page.reload()
    assert page.locator("time").first.get_attribute("title").endswith("IST")
