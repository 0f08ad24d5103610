"""The best few of each tag of the day, and an end."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.readers import Reader
from winnow.models import Item, Source
from winnow.queries.tags import approved_tags
from winnow.services.front import PER_TAG, front_page, is_new

NOW = timezone.now()
pytestmark = pytest.mark.usefixtures("tags")


@pytest.fixture
def publish(make_item):
    """A published work that came so many days ago, and is as old as that."""

    def publish(title="", *, days=0.1, tag="mlops", **fields):
        came = NOW - timedelta(days=days)
        item = make_item(title, state="published", tag=tag, dated_at=fields.pop("dated_at", came), **fields)
        Item.objects.filter(pk=item.pk).update(published_at=came)
        return item

    return publish


def front(**reader):
    return front_page(tags=list(approved_tags()), reader=Reader(**reader), now=NOW)


def shown(page):
    return {tag.slug: [item.title for item in items] for tag, items in page.sections}


def test_nothing_is_a_page_too():
    assert (front().sections, front().span, len(front().quiet)) == ([], "", 4)


def test_it_is_the_day_alone_few_of_each_tag_the_hottest_first(publish):
    for n in range(PER_TAG + 2):
        publish(f"m{n}", days=0.1 + n / 10)
    publish("o", tag="other")
    publish("yesterday's", days=2, tag="computer-vision")
    page = front()
    assert (shown(page), page.span) == ({"mlops": ["m0", "m1", "m2", "m3"], "other": ["o"]}, "day")
    assert [tag.slug for tag in page.quiet] == ["natural-language-processing", "computer-vision"]


@pytest.mark.parametrize(("days", "span"), [(0.5, "day"), (3, "week"), (20, "month"), (200, "")])
def test_where_little_came_it_looks_back_farther_and_says_so(publish, days, span):
    for n in range(3):
        publish(f"m{n}", days=days)
    assert (front().span, len(front().sections[0][1])) == (span, 3)


def test_what_people_looked_at_for_a_week_is_news_when_it_is_published(publish):
    for n in range(3):
        publish(f"m{n}", days=0.1, dated_at=NOW - timedelta(days=9))
    assert front().span == "day"


def test_followed_tags_come_first_and_hidden_works_not_at_all(publish):
    hidden = publish("hidden", tag="other")
    for tag in ("mlops", "other", "computer-vision"):
        publish(tag, tag=tag)
    assert list(shown(front(followed=("other",), hidden=(hidden.pk,)))) == ["other", "computer-vision", "mlops"]
    assert "hidden" not in shown(front(hidden=(hidden.pk,)))["other"]


def test_one_loud_source_does_not_fill_the_page(publish):
    loud, *calm = [Source.objects.create(name=f"s{n}", kind="feed", address=f"https://s{n}.example/") for n in range(8)]
    for tag in ("mlops", "other", "computer-vision"):
        for n in range(6):
            publish(f"loud {tag} {n}", tag=tag, source=loud, days=0.1)
        for source in calm[:5]:
            publish(f"calm {tag} {source}", tag=tag, source=source, days=0.6)
    titles = [title for titles in shown(front()).values() for title in titles]
    assert (len(titles), sum(title.startswith("loud") for title in titles)) == (12, 3)


def test_what_is_new_is_counted_from_the_visit_before(publish):
    for days in (0.1, 0.2, 0.5):
        publish(days=days)
    assert front().n_new == 0
    assert front(left_at=NOW - timedelta(days=0.3)).n_new == 2
    assert not is_new(Item(), Reader(left_at=NOW))


def test_the_queries_are_one_a_tag_and_one(publish, django_assert_num_queries):
    tags = list(approved_tags())
    for n in range(12):
        publish(tag=tags[n % 4].slug)
    with django_assert_num_queries(len(tags) + 1):
        [str(item.tag) for _, items in front_page(tags=tags, reader=Reader(), now=NOW).sections for item in items]


def test_at_another_pace_what_is_popular_stays_longer(publish):
    old, new = publish("old", days=0.9), publish("new", days=0.1)
    publish("third", days=0.95)
    Item.objects.filter(pk=old.pk).update(score=5, hotness=new.hotness - 0.2)
    Item.objects.filter(pk=new.pk).update(hotness=new.hotness)
    page = {pace: front_page(tags=list(approved_tags()), reader=Reader(), now=NOW, pace=pace) for pace in (1.0, 2.0)}
    assert [shown(page[pace])["mlops"][:2] for pace in (1.0, 2.0)] == [["new", "old"], ["old", "new"]]


def test_a_work_stands_where_a_reader_sees_it(publish):
    items = [publish(f"m{n}", days=0.1 + n / 10) for n in range(3)]
    seen = {items[0].pk: "other", items[1].pk: "a-tag-that-is-gone"}
    page = front_page(tags=list(approved_tags()), reader=Reader(), now=NOW, seen=seen)
    assert shown(page) == {"mlops": ["m2"], "other": ["m0"]}
