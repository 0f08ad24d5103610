"""Works that are like one."""

import numpy as np
import pytest

from winnow.models import Item
from winnow.services import similar
from winnow.services.encode import pack
from winnow.services.similar import similar_items


@pytest.fixture
def at(make_item):
    """A published work whose vector stands at an angle, in degrees."""

    def at(angle, title="", **fields):
        vector = np.array([np.cos(np.radians(angle)), np.sin(np.radians(angle))], dtype=np.float32)
        sha256 = fields.pop("encoder_sha256", "e" * 64)
        return make_item(title, vector=pack(vector), encoder_sha256=sha256, **{"state": "published"} | fields)

    return at


def titles(item, n=5):
    return [one.title for one in similar_items(Item.objects.get(pk=item.pk), n)]


def test_the_nearest_come_first_and_what_is_far_not_at_all(at):
    item = at(0)
    for angle in (50, 20, 35, 80, -30):
        at(angle, f"at {angle}", tag="other")
    assert titles(item) == ["at 20", "at -30", "at 35", "at 50"]
    assert titles(item, 2) == ["at 20", "at -30"]


def test_what_is_the_same_again_is_not_named_as_another_work(at):
    item = at(0)
    at(5, "the same")
    at(30, "like it")
    assert titles(item) == ["like it"]


def test_only_published_works_of_the_same_encoder_are_compared(at, make_item):
    item = at(0)
    at(20, "waiting", state="in_review")
    at(20, "of another encoder", encoder_sha256="f" * 64)
    make_item("without a vector", state="published")
    assert titles(item) == []


def test_a_work_without_a_vector_is_like_none_and_one_in_review_is_compared_too(at, make_item):
    at(20, "shown")
    assert titles(make_item(state="published")) == []
    assert titles(at(0, state="in_review")) == ["shown"]
    assert titles(at(0, state="rejected")) == ["shown"]


def test_a_work_of_its_tag_is_found_though_it_is_not_hot(at, monkeypatch):
    monkeypatch.setattr(similar, "HOTTEST", 1)
    item = at(0, tag="other")
    at(20, "of its tag", tag="other")
    at(25, "of another tag", tag="mlops")
    at(70, "hottest", tag="mlops")
    assert titles(item) == ["of its tag"]
