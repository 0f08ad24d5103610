"""Items are named again when the rules change."""

import pytest

from winnow.models import Apart, Item, ItemBlock, ItemKey
from winnow.services.holders import KEYS_VERSION
from winnow.services.rekey import rekey_items

GITHUB = "https://github.com/quillmoss/fernlight"


@pytest.fixture
def old(make_item):
    """Makes Items as older rules named them: by their address as it was written, and by nothing else."""

    def make(title, url, **fields):
        item = make_item(title, url=url, **fields)
        ItemKey.objects.create(item=item, key=f"url:{url}")
        return item

    return make


def keys(item):
    return set(item.keys.values_list("key", flat=True))


def test_names_are_made_by_the_rules_in_force(old):
    item = old("Fernlight", f"{GITHUB}.git", state="published")
    assert rekey_items() == 1
    item.refresh_from_db()
    assert {"github:quillmoss/fernlight", f"url:{GITHUB}"} < keys(item)
    assert f"url:{GITHUB}.git" not in keys(item)
    assert (item.keys_version, ItemBlock.objects.filter(item=item).exists()) == (KEYS_VERSION, True)


def test_it_is_done_once_and_goes_on_where_it_was(old):
    for n in range(5):
        old(f"Moss, volume {n}", f"https://example.org/{n}")
    assert [rekey_items(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert Item.objects.exclude(keys_version=KEYS_VERSION).count() == 0


def test_two_live_works_that_turn_out_to_bear_one_name_are_proposed(old):
    face = old("Fernlight", GITHUB, state="published")
    later = old("fernlight, parser", f"{GITHUB}/tree/main", state="published")
    rekey_items()
    later.refresh_from_db()
    assert (later.state, later.resembles) == ("published", face)
    assert later.tasks.get().reason == "duplicate_pair"
    assert "github:quillmoss/fernlight" in keys(face)


def test_what_a_person_told_apart_is_not_proposed(old, cast):
    face = old("Fernlight", GITHUB, state="published")
    later = old("fernlight, parser", f"{GITHUB}/tree/main", state="published")
    Apart.objects.create(item=face, other=later, account=cast.reviewer)
    rekey_items()
    assert later.tasks.count() == 0


@pytest.mark.parametrize("copy_first", [True, False])
def test_a_name_that_a_face_held_for_its_copy_goes_back(old, copy_first):
    """As it was stored before copies kept their own names."""
    first = old("Fernlight", "https://arxiv.org/abs/2399.04417", state="published")
    copy = old("fernlight", GITHUB, state="duplicate", duplicate_of=first)
    ItemKey.objects.filter(item=copy).delete()
    ItemKey.objects.create(item=first, key="github:quillmoss/fernlight")
    if copy_first:
        Item.objects.filter(pk=first.pk).update(keys_version=1)
    rekey_items(limit=1)
    rekey_items()
    assert "github:quillmoss/fernlight" in keys(copy)
    assert "github:quillmoss/fernlight" not in keys(first)


def test_what_is_invalid_has_no_names(old):
    item = old("", "https://example.org/x", state="rejected")
    Item.objects.filter(pk=item.pk).update(reason="invalid")
    rekey_items()
    assert keys(item) == set()
