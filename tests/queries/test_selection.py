"""What one account has selected for itself."""

from winnow.queries.selection import private_feeds, saved_searches, selected_items
from winnow.services.readers import follow_tag
from winnow.services.saved_searches import make_feed, revoke_feed, save_search


def test_nothing_is_selected_by_nobody(cast, make_item):
    make_item(state="published")
    assert selected_items(cast.reader) == []


def test_the_newest_of_tags_and_searches_come_first_each_once(cast, make_item, tags):
    follow_tag(tag=tags["mlops"], is_on=True, account=cast.reader)
    save_search(q="work", account=cast.reader)
    made = [make_item(state="published", tag=tag).pk for tag in ("mlops", "other", "mlops")]
    make_item(state="in_review")
    assert [item.pk for item in selected_items(cast.reader)] == made[::-1]
    assert [item.pk for item in selected_items(cast.reader, limit=1)] == made[-1:]


def test_searches_and_feeds_are_listed_newest_first_and_revoked_ones_not(cast):
    one, two = (save_search(q=q, account=cast.reader) for q in ("a1", "b2"))
    assert saved_searches(cast.reader) == [two, one]
    make_feed(account=cast.reader)
    (feed,) = private_feeds(cast.reader)
    revoke_feed(pk=feed.pk, account=cast.reader)
    assert private_feeds(cast.reader) == private_feeds(cast.engineer) == []
