"""The only writer of state and tag."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from winnow.core.errors import ConflictError
from winnow.models import Event, Item
from winnow.services import publish

SOURCE = Path(__file__).parents[2] / "src" / "winnow"
MODEL, PERSON = Item.DecidedBy.MODEL, Item.DecidedBy.PERSON


def kinds_of(item):
    return list(Event.objects.filter(item=item).order_by("pk").values_list("kind", flat=True))


def test_an_admitted_item_enters_with_an_event(make_item):
    item = make_item()
    assert (item.state, item.tag_id, kinds_of(item)) == ("admitted", None, ["item.admitted"])


def test_a_withheld_item_says_why(make_item):
    item = make_item(state="rejected")
    event = Event.objects.get(item=item)
    assert (item.reason, item.reason_detail) == ("off_topic", "not ours")
    assert (event.kind, event.data) == ("item.withheld", {"reason": "off_topic", "detail": "not ours"})


def test_a_model_publishes_with_its_confidence(make_item, tags):
    item = make_item()
    assert publish.publish_item(item, tag=tags["mlops"], decided_by=MODEL, confidence=0.93)
    assert (item.state, item.tag_id, item.decided_by, item.confidence) == ("published", "mlops", "model", 0.93)
    assert item.published_at is not None
    assert kinds_of(item) == ["item.admitted", "item.published"]


def test_a_model_never_overrules_a_person(make_item, tags):
    item = make_item(state="published", tag="mlops")
    assert not publish.publish_item(item, tag=tags["other"], decided_by=MODEL, confidence=1.0)
    item.refresh_from_db()
    assert item.tag_id == "mlops"


def test_a_person_retags_and_the_first_day_stays(make_item, tags, cast):
    item = make_item(state="published", tag="mlops")
    first_day = item.published_at
    assert publish.publish_item(item, tag=tags["other"], decided_by=PERSON, account=cast.reviewer)
    assert (item.tag_id, item.published_at) == ("other", first_day)
    assert kinds_of(item)[-1] == "item.retagged"


def test_holding_names_the_likeliest_tag(make_item):
    item = make_item(state="in_review", likely_tag="other", confidence=0.4)
    assert (item.state, item.likely_tag_id, item.confidence, item.tag_id) == ("in_review", "other", 0.4, None)


def test_holding_comes_too_late_for_what_is_decided(make_item, tags):
    item = make_item(state="published")
    held = publish.hold_item(item, likely_tag=tags["other"], confidence=0.1, model_version=None, reason="x")
    assert (held, item.state) == (False, "published")


def test_withholding_takes_the_tag_away(make_item, cast):
    item = make_item(state="published")
    assert publish.withhold_item(item, reason=Item.Reason.SPAM, detail="an advert", account=cast.reviewer)
    assert (item.state, item.tag_id, item.reason) == ("rejected", None, "spam")


def test_restoring_brings_a_withheld_item_into_review(make_item, cast):
    face = make_item(state="published")
    copy = make_item(state="duplicate", duplicate_of=face)
    assert publish.restore_item(copy, account=cast.reviewer)
    assert (copy.state, copy.reason, copy.duplicate_of) == ("in_review", "", None)


def test_restoring_what_is_not_withheld_changes_nothing(make_item, cast):
    item = make_item(state="published")
    assert not publish.restore_item(item, account=cast.reviewer)
    assert item.state == "published"


def test_reverting_puts_back_what_the_snapshot_holds(make_item, tags, cast):
    item = make_item(state="in_review")
    before = publish.snapshot(item)
    publish.publish_item(item, tag=tags["other"], decided_by=PERSON, account=cast.reviewer)
    publish.revert_item(item, before=before, account=cast.reviewer)
    assert publish.snapshot(item) == before


def test_reverting_a_removed_item_is_a_conflict(make_item, cast):
    item = make_item(state="in_review")
    before = publish.snapshot(item)
    Item.objects.filter(pk=item.pk).update(state="removed")
    with pytest.raises(ConflictError):
        publish.revert_item(item, before=before, account=cast.reviewer)


def test_a_copy_makes_its_face_hotter(make_item):
    face = make_item(state="published")
    cold = face.hotness
    for _ in range(9):
        make_item(state="duplicate", duplicate_of=face)
    face.refresh_from_db()
    assert face.hotness == pytest.approx(cold + 1.0)


@pytest.mark.parametrize(
    "fields",
    [
        {"state": "published", "tag": None},
        {"state": "duplicate", "reason": "duplicate"},
        {"state": "rejected", "reason": ""},
    ],
    ids=["published without a tag", "duplicate of nothing", "rejected without a reason"],
)
def test_the_database_refuses_half_a_state(make_item, fields):
    item = make_item()
    with pytest.raises(IntegrityError), transaction.atomic():
        Item.objects.filter(pk=item.pk).update(**fields)


def test_nothing_else_writes_state_or_tag_of_an_item():
    writes = re.compile(
        r"\bitem\.(state|tag|tag_id|decided_by|published_at)\s*=[^=]|Item\.objects\.(filter|exclude)\([^)]*\)\.update\("
    )
    offenders = [
        path.name for path in SOURCE.rglob("*.py") if path.name != "publish.py" and writes.search(path.read_text())
    ]
    assert offenders == []
