"""Guidelines grow by what people settle, and every text that was in force stays."""

import pytest

from winnow.models import Event, Guideline, Tag
from winnow.services.guidelines import guideline_of, keep_version, settle_case


@pytest.fixture
def vision(tags):
    return tags["computer-vision"]


def versions(tag):
    return list(tag.guidelines.values_list("version", flat=True))


def test_what_says_the_same_is_no_new_version(vision):
    keep_version(vision)
    keep_version(vision)
    assert versions(vision) == [1]
    assert Event.objects.filter(kind="guideline.changed").count() == 0


def test_a_text_kept_before_there_were_settled_cases_still_counts(vision):
    keep_version(vision)
    old = guideline_of(vision)
    text = {field: said for field, said in old.text.items() if field != "settled"}
    Guideline.objects.filter(pk=old.pk).update(text=text)
    keep_version(vision)
    assert versions(vision) == [1]


def test_a_settled_case_is_read_by_all_who_label_after_it(vision, make_item, cast):
    item = make_item("Captions of \u202eimages", state="published")
    keep_version(vision)
    settle_case(item=item, tag=vision, why="Images are\x00 what it is about.", account=cast.engineer)
    stored = Tag.objects.get(pk=vision.pk)
    assert stored.settled == [{"item": item.pk, "case": item.title, "why": "Images are what it is about."}]
    assert (guideline_of(vision).version, guideline_of(vision).text["settled"]) == (2, stored.settled)
    event = Event.objects.get(kind="guideline.case_settled")
    assert (event.account, event.item, event.data) == (cast.engineer, item, {"tag": vision.slug})


def test_one_item_is_one_case(vision, make_item, cast):
    item, other = make_item("First", state="published"), make_item("Second", state="published")
    for one, why in ((item, "at first"), (other, ""), (item, "on second thoughts")):
        settle_case(item=one, tag=vision, why=why, account=cast.engineer)
    assert [(case["case"], case["why"]) for case in Tag.objects.get(pk=vision.pk).settled] == [
        ("Second", ""),
        ("First", "on second thoughts"),
    ]
