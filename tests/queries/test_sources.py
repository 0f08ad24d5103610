"""Sources with what they brought."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.models import Item, Source
from winnow.queries.sources import due_sources, source_of, sources_with_figures


@pytest.fixture
def source(db):
    """A maker of sources."""

    def make(name, **fields):
        return Source.objects.create(name=name, kind="feed", address=f"https://{name}.example/", **fields)

    return make


def test_sources_in_use_come_first_by_name(source):
    for name, is_active in (("c", True), ("b", False), ("a", True)):
        source(name, is_active=is_active)
    assert [figures.source.name for figures in sources_with_figures()] == ["a", "c", "b"]


def test_items_are_counted_by_what_became_of_them(source, make_item):
    one, empty = source("one"), source("two")
    face = make_item(state="published", source=one)
    make_item(state="in_review", source=one)
    make_item(state="admitted", source=one)
    make_item(state="rejected", source=one)
    make_item(state="duplicate", source=one, duplicate_of=face)
    make_item(state="published")
    removed = make_item(state="published", source=one)
    Item.objects.filter(pk=removed.pk).update(state="removed")
    first, second = sources_with_figures()
    assert (first.n_published, first.n_waiting, first.n_withheld, first.n_items) == (1, 2, 2, 5)
    assert (second.source, second.n_items) == (empty, 0)


def test_a_source_is_found_by_its_name(source):
    assert source_of("one" if source("one") else "") == Source.objects.get()
    with pytest.raises(NotFoundError, match="winnow sources list"):
        source_of("two")


def test_what_is_due_comes_longest_due_first(source):
    now = timezone.now()
    source("later", next_fetch_at=now + timedelta(seconds=1))
    source("now", next_fetch_at=now)
    source("long", next_fetch_at=now - timedelta(days=1))
    source("off", next_fetch_at=now - timedelta(days=2), is_active=False)
    source("never", next_fetch_at=None)
    assert [one.name for one in due_sources(now)] == ["long", "now"]


@pytest.mark.parametrize("n", [1, 12])
def test_it_is_two_queries_whatever_the_number_of_sources(source, make_item, n, django_assert_num_queries):
    for i in range(n):
        make_item(state="published", source=source(f"s{i}"))
    with django_assert_num_queries(2):
        assert sum(figures.n_items for figures in sources_with_figures()) == n
