"""The figures of the value page."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.models import DayCount, Item, ItemViews, Mark, TagOpinion
from winnow.queries.value import DAYS, value

TODAY = timezone.localdate()


@pytest.fixture
def counted(db):
    """So many of each today, and as many too long ago."""
    for what, n in {
        "view list": 800,
        "view item": 200,
        "visit new": 60,
        "visit again": 40,
        "click 10 s": 30,
        "click longer": 10,
        "save": 8,
    }.items():
        for day in (TODAY, TODAY - timedelta(days=DAYS)):
            DayCount.objects.create(day=day, what=what, n=n)


def figures():
    return {one.name: one.of for one in value(TODAY).figures}


def test_nothing_is_known_of_nothing(db):
    assert all(of.n == 0 for of in figures().values())
    assert value(TODAY).opinions == []


@pytest.mark.usefixtures("counted")
def test_figures_are_shares_of_what_was_counted_in_this_time(make_item, cast):
    for kind in ("vote", "save"):
        Mark.objects.create(item=make_item(state="published"), kind=kind, account=cast.reader, voice="account:1")
    found = figures()
    # The save of an account is counted where it is made, as that of a stranger is, and not a second time by its row.
    assert (found["Saves"].value, found["Saves"].n) == (0.008, 1000)
    assert (found["Votes"].value, found["Votes"].n) == (0.001, 1000)
    assert (found["Returning"].value, found["Returning"].n) == (0.4, 100)
    assert (found["Useful within 30 s"].value, found["Useful within 30 s"].n) == (0.75, 40)
    assert (found["Visits with a find"].value, found["Visits with a find"].n) == (0.4, 100)
    assert found["Saves"].low < 0.008 < found["Saves"].high


@pytest.mark.usefixtures("counted")
def test_views_are_told_by_day():
    views = value(TODAY).views
    assert len(views) == DAYS
    assert views[-1] == (TODAY, 1000)
    assert {n for _, n in views[:-1]} == {0}


def test_what_nobody_needed_has_had_its_time(make_item):
    old = [make_item(state="published") for _ in range(3)]
    make_item(state="published")
    Item.objects.filter(pk__in=[item.pk for item in old]).update(published_at=timezone.now() - timedelta(days=9))
    ItemViews.objects.create(item=old[0], n=1)
    Mark.objects.create(item=old[1], kind="hide", voice="one")
    found = figures()["Needed by nobody"]
    assert (found.n, round(found.value * found.n)) == (3, 2)


def test_opinions_are_told_by_tag_in_their_order(make_item, tags):
    for voice, tag, is_right in [("a", "other", True), ("b", "mlops", True), ("c", "mlops", False)]:
        TagOpinion.objects.create(item=make_item(state="published"), tag=tags[tag], is_right=is_right, voice=voice)
    assert [(name, of.value, of.n) for name, of in value(TODAY).opinions] == [
        (tags["mlops"].name, 0.5, 2),
        (tags["other"].name, 1.0, 1),
    ]
