"""Recommendations from rows."""

from datetime import date

import numpy as np
import pytest

from winnow.core.readers import Reader
from winnow.models import Item
from winnow.queries.tags import approved_tags
from winnow.services import recommend
from winnow.services.encode import pack
from winnow.services.recommend import recommend_for

DAY = date(2026, 11, 20)
TAGS = ("mlops", "computer-vision", "other")


@pytest.fixture
def works(make_item):
    """Six works a tag, each tag in a direction of its own."""
    made = {}
    for n, tag in enumerate(TAGS):
        for m in range(6):
            vector = np.eye(8, dtype=np.float32)[n] + np.float32(0.01 * m) * np.eye(8, dtype=np.float32)[7]
            made[tag, m] = make_item(
                f"{tag} {m}",
                state="published",
                tag=tag,
                vector=pack(vector / np.linalg.norm(vector)),
                encoder_sha256="e" * 64,
            )
    return made


def recommended(voice="v", day=DAY, **kept):
    return recommend_for(Reader(**kept), tags=list(approved_tags()), day=day, voice=voice)


@pytest.mark.usefixtures("works")
def test_nothing_is_guessed_of_who_is_not_known_or_turned_it_off():
    assert recommended() == []
    assert recommended(followed=("mlops",), is_learning=False) == []


def test_what_is_like_what_was_saved_comes_first_with_that_as_its_reason(works):
    saved = works["computer-vision", 0]
    first, *_ = shown = recommended(saved=(saved.pk,))
    assert (first.item.tag_id, first.why, first.like) == ("computer-vision", "like", saved)
    assert saved not in [one.item for one in shown]


def test_what_was_met_is_not_shown_again(works):
    pks = [item.pk for item in works.values()]
    met = {"saved": tuple(pks[:4]), "hidden": tuple(pks[4:8]), "read": tuple(pks[8:12]), "voted": tuple(pks[12:16])}
    assert sorted(one.item.pk for one in recommended(**met)) == pks[16:]


@pytest.mark.usefixtures("works")
def test_followed_tags_come_first_and_all_tags_are_there():
    shown = recommended(followed=("other",))
    assert [one.item.tag_id for one in shown[:4]] == ["other"] * 4
    assert {one.item.tag_id for one in shown} == set(TAGS)


@pytest.mark.usefixtures("works")
def test_the_page_stays_all_day_and_differs_between_readers_and_days():
    explored = {
        (voice, day): [one.item.pk for one in recommended(voice, day, followed=("other",)) if one.why == "explore"]
        for voice in "abcd"
        for day in (DAY, date(2026, 11, 21))
    }
    assert len({tuple(pks) for pks in explored.values()}) > 1
    assert explored["a", DAY] == [one.item.pk for one in recommended("a", followed=("other",)) if one.why == "explore"]


def test_vectors_of_another_encoder_are_not_compared(works, make_item):
    other = make_item(
        "Another encoder", state="published", vector=pack(np.ones(3, np.float32)), encoder_sha256="f" * 64
    )
    bare = make_item("No vector", state="published")
    shown = {one.item.pk for one in recommended(saved=(works["mlops", 0].pk, other.pk, bare.pk))}
    assert shown.isdisjoint({other.pk, bare.pk})
    assert len(shown) == 17


def test_only_what_is_published_is_recommended(works):
    Item.objects.filter(pk=works["mlops", 1].pk).update(state="in_review")
    assert works["mlops", 1].pk not in [one.item.pk for one in recommended(followed=("mlops",))]


def test_it_costs_the_same_however_much_there_is(works, django_assert_num_queries):
    tags, reader = list(approved_tags()), Reader(saved=(works["mlops", 0].pk,), hidden=(works["other", 0].pk,))
    with django_assert_num_queries(len(tags) + 4):
        shown = recommend_for(reader, tags=tags, day=DAY, voice="v")
        [(str(one.item.tag), str(one.item.source)) for one in shown]
    assert len(shown) <= recommend.N_SHOWN
