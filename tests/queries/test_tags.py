"""The approved list with its figures."""

import re

import pytest

from winnow.core.errors import InputError, NotFoundError
from winnow.models import Item
from winnow.queries.tags import approved_tags, tag_named, tag_of, tags_with_figures

SLUGS = ["natural-language-processing", "computer-vision", "mlops", "other"]


def figures():
    return {f.tag.slug: (f.n_published, f.n_waiting) for f in tags_with_figures()}


def retire(tag):
    tag.is_approved = False
    tag.save()


def test_the_list_comes_in_its_own_order(tags):
    assert [tag.slug for tag in approved_tags()] == SLUGS == list(figures())


def test_published_counts_by_tag_and_waiting_by_the_likeliest(make_item):
    for _ in range(2):
        make_item(state="published", tag="mlops")
    make_item(state="in_review", likely_tag="other")
    make_item(state="rejected")
    make_item(state="admitted")
    assert figures() == {
        "natural-language-processing": (0, 0),
        "computer-vision": (0, 0),
        "mlops": (2, 0),
        "other": (0, 1),
    }


def test_what_waits_without_a_likely_tag_counts_nowhere(make_item, tags):
    make_item(state="in_review", likely_tag="mlops")
    Item.objects.update(likely_tag=None)
    assert set(figures().values()) == {(0, 0)}


def test_a_retired_tag_is_of_the_list_no_more(tags, make_item):
    make_item(state="published", tag="mlops")
    retire(tags["mlops"])
    assert list(figures()) == [slug for slug in SLUGS if slug != "mlops"]
    with pytest.raises(NotFoundError):
        tag_of("mlops")


@pytest.mark.parametrize("slug", SLUGS)
def test_a_tag_is_found_by_its_slug(tags, slug):
    assert tag_of(slug) == tag_named(slug) == tags[slug]


@pytest.mark.parametrize("slug", ["cooking", "", "MLOPS", "mlops "])
def test_what_is_no_tag_is_answered_with_those_that_are(tags, slug):
    known = re.escape(", ".join(SLUGS))
    with pytest.raises(NotFoundError, match=known):
        tag_of(slug)
    with pytest.raises(InputError, match=r"^tag: "):
        tag_named(slug)


@pytest.mark.parametrize("n", [1, 12])
def test_it_is_three_queries_whatever_the_number_of_items(make_item, n, django_assert_num_queries):
    for _ in range(n):
        make_item(state="published")
        make_item(state="in_review")
    with django_assert_num_queries(3):
        assert figures()["mlops"] == (n, n)
