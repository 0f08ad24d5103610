"""Parts of the sitemap hold every published Item once, whatever comes between."""

import pytest

from winnow.queries import sitemap
from winnow.queries.sitemap import n_parts, pages_of

pytestmark = pytest.mark.django_db


def test_without_an_item_there_is_one_empty_part(tags):
    assert (n_parts(), list(pages_of(1))) == (1, [])


def test_every_published_item_is_in_one_part(make_item, monkeypatch, django_assert_num_queries):
    shown = [make_item(state="published") for _ in range(7)]
    make_item(state="rejected")
    first = shown[0].pk
    monkeypatch.setattr(sitemap, "PER_PART", 3)
    paths = [path for part in range(1, n_parts() + 1) for path, _ in pages_of(part)]
    assert paths == [f"/i/{item.pk}/work-number-{n + 1}" for n, item in enumerate(shown)]
    assert n_parts() >= 8 // 3
    with django_assert_num_queries(1):
        list(pages_of(first // 3 + 1))
