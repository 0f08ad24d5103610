"""Keep the search's entries."""

import pytest

from winnow.models import Item, SearchEntry, SearchSlip, SearchWord
from winnow.queries.search import search
from winnow.services import publish
from winnow.services.index import catch_up, index_item


def found(q):
    return [item.pk for item in search(q).page.rows]


@pytest.fixture
def item(make_item):
    return make_item("Graph networks", state="published", tag="mlops")


def test_a_work_is_found_as_soon_as_it_is_shown_and_no_longer(item, cast):
    assert found("graph ") == [item.pk]
    publish.withhold_item(item, reason=Item.Reason.SPAM, detail="x")
    assert found("graph ") == []


def test_what_is_removed_or_undecided_has_no_entry(item, make_item, cast):
    make_item("Undecided")
    publish.remove_item(item, account=cast.owner, reason="asked for")
    assert not SearchEntry.objects.exists()


def test_a_new_tag_is_found_at_once(item, tags, cast):
    publish.publish_item(item, tag=tags["other"], decided_by=Item.DecidedBy.PERSON)
    assert (found("tag:mlops graph "), found("tag:other graph ")) == ([], [item.pk])


def test_a_deleted_work_leaves_nothing_in_the_index(item):
    item.delete()
    assert found("graph ") == []


def test_old_entries_are_made_again(item):
    SearchEntry.objects.update(version=0)
    Item.objects.filter(pk=item.pk).update(title="Other words")
    assert catch_up() > 0
    assert (found("graph "), found("other words ")) == ([], [item.pk])


def test_each_work_adds_its_words_once(item, make_item):
    while catch_up():
        pass
    assert SearchWord.objects.get(word="graph").n == 1
    assert not SearchSlip.objects.filter(word="graph").exists()
    index_item(item)
    make_item("Graph again", state="published")
    while catch_up():
        pass
    assert SearchWord.objects.get(word="graph").n == 2
    assert SearchSlip.objects.filter(word="graph").exists()
    assert catch_up() == 0
