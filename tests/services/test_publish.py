"""The only writer of state and tag."""

import re
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from winnow.core.errors import ConflictError
from winnow.ml.ranking import hotness
from winnow.models import Event, Item, Mark, Message, ModelVersion, Report, SearchEntry, Webhook
from winnow.services import publish

SOURCE = Path(__file__).parents[2] / "src" / "winnow"
MODEL, PERSON = Item.DecidedBy.MODEL, Item.DecidedBy.PERSON


LONG = "long " * 200


@pytest.fixture
def model_version(db):
    return ModelVersion.objects.create(ref="v1-1", policy={}, card={})


def newest_event(item):
    event = Event.objects.filter(item=item).latest("pk")
    return event.kind, event.account, event.data


def stored(item):
    return Item.objects.get(pk=item.pk)


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


def test_an_item_enters_once_and_as_hot_as_its_date(make_item):
    item = make_item()
    assert stored(item).hotness == hotness(1, item.dated_at.timestamp())
    with pytest.raises(IntegrityError), transaction.atomic():
        publish.enter_item(item)


def test_what_was_taken_down_elsewhere_enters_barred(make_item):
    known = make_item()
    item = Item(external_id="barred", title="Barred", url="https://example.org/barred", dated_at=known.dated_at)
    publish.enter_item(item, state=Item.State.REMOVED, reason="invalid", detail=LONG)
    assert newest_event(item) == ("item.barred", None, {"reason": "invalid", "detail": LONG[:500]})
    assert stored(item).reason_detail == LONG[:500]


def test_the_search_follows_every_change(make_item, tags):
    item, out = make_item(), make_item(state="rejected")
    assert list(SearchEntry.objects.values_list("item", "tag")) == [(out.pk, "")]
    publish.publish_item(item, tag=tags["mlops"], decided_by=PERSON)
    assert SearchEntry.objects.get(item=item).tag == "mlops"


def test_a_model_decides_what_waits_for_it_alone(make_item, tags, model_version):
    def publish_it(item, **options):
        said = {"tag": tags["other"], "decided_by": MODEL, "confidence": 0.9, "model_version": model_version}
        return publish.publish_item(item, **said, **options)

    waits, held, out = make_item(), make_item(state="in_review"), make_item(state="rejected")
    assert [publish_it(item) for item in (held, out)] == [False, False]
    assert [publish_it(item, is_held=True) for item in (waits, held, out)] == [False, True, False]
    assert publish_it(waits)
    for item in (waits, held):
        found = stored(item)
        assert (found.likely_tag_id, found.model_version, found.confidence) == ("other", model_version, 0.9)


def test_the_event_of_a_decision_holds_what_was_before(make_item, tags, cast):
    item = make_item(state="in_review")
    before = {
        "state": "in_review",
        "tag_id": None,
        "decided_by": "",
        "reason": "",
        "reason_detail": "not sure",
        "duplicate_of_id": None,
    }
    publish.publish_item(item, tag=tags["other"], decided_by=PERSON, account=cast.reviewer)
    said = {"tag": "other", "decided_by": "person", "before": before}
    assert newest_event(item) == ("item.published", cast.reviewer, said)


def test_webhooks_are_told_of_a_work_and_of_its_tag_before(make_item, tags):
    Webhook.objects.create(url="https://example.org/hook", events=["item.published", "item.retagged"], salt="s")
    item = make_item(state="published", tag="mlops")
    publish.publish_item(item, tag=tags["other"], decided_by=PERSON)
    told = [(call.event, call.content["data"]) for call in Message.objects.order_by("pk")]
    assert [(event, data["item"]["tag"], data["before"]) for event, data in told] == [
        ("item.published", "mlops", None),
        ("item.retagged", "other", "mlops"),
    ]


def test_holding_says_why_and_the_column_holds_as_much_as_it_can(make_item, tags, model_version):
    item = make_item()
    assert publish.hold_item(item, likely_tag=tags["other"], confidence=0.2, model_version=model_version, reason=LONG)
    assert newest_event(item) == ("item.held", None, {"reason": LONG})
    assert (stored(item).reason_detail, stored(item).model_version) == (LONG[:500], model_version)


def test_what_a_model_decided_can_be_forgotten(make_item, tags, model_version):
    item = make_item()
    publish.publish_item(item, tag=tags["other"], decided_by=MODEL, confidence=0.9, model_version=model_version)
    assert publish.reopen_item(item)
    found = stored(item)
    assert (found.state, found.decided_by, found.reason_detail) == ("admitted", "", "")
    assert (found.tag, found.likely_tag, found.confidence, found.model_version) == (None, None, None, None)


def test_what_a_person_decided_and_what_is_withheld_is_not_forgotten(make_item):
    for item in (make_item(state="published"), make_item(state="rejected")):
        before = publish.snapshot(item)
        assert not publish.reopen_item(item)
        assert publish.snapshot(stored(item)) == before


def test_a_newer_answer_is_kept_while_an_item_waits_and_no_longer(make_item, tags, model_version):
    waits, decided = make_item(state="in_review", confidence=0.3), make_item(state="published")
    for item in (waits, decided):
        publish.keep_answer(item, likely_tag=tags["other"], confidence=0.7, model_version=model_version, reason=LONG)
    found = stored(waits)
    assert (found.likely_tag_id, found.confidence, found.model_version) == ("other", 0.7, model_version)
    assert found.reason_detail == LONG[:500]
    assert (stored(decided).confidence, stored(decided).model_version) == (None, None)


def test_withholding_says_who_and_why_and_comes_too_late_for_what_is_withheld(make_item, cast):
    item = make_item(state="published")
    before = publish.snapshot(item)
    assert publish.withhold_item(item, reason=Item.Reason.SPAM, detail=LONG, account=cast.reviewer)
    said = {"reason": "spam", "detail": LONG, "before": before}
    assert newest_event(item) == ("item.withheld", cast.reviewer, said)
    assert stored(item).reason_detail == LONG[:500]
    assert not publish.withhold_item(item, reason=Item.Reason.INVALID, detail="again")
    assert stored(item).reason == "spam"


def vote(item, voice):
    Mark.objects.create(item=item, kind=Mark.Kind.VOTE, voice=voice, is_new=False)


def test_a_copy_brings_its_own_copies_and_readers_along_and_takes_them_away_again(make_item, cast):
    face, item = make_item(state="published"), make_item(state="published")
    own, other = (make_item(state="duplicate", duplicate_of=work) for work in (item, face))
    vote(item, "a")
    Report.objects.create(item=item, kind="spam", reporter="a")
    before = publish.snapshot(item)
    # Whoever names a copy means its face.
    assert publish.mark_copy(item, face=other, account=cast.reviewer)
    assert (stored(item).state, stored(item).tag_id, stored(item).duplicate_of) == ("duplicate", None, face)
    assert newest_event(item) == (
        "item.withheld",
        cast.reviewer,
        {
            "reason": "duplicate",
            "detail": "a person said that it is the same work",
            "face": face.pk,
            "carried": [own.pk],
            "before": before,
        },
    )
    assert (stored(own).duplicate_of, Report.objects.get().item, Mark.objects.get().item) == (face, face, face)
    hot = stored(face).score
    assert publish.restore_item(item, account=cast.reviewer)
    assert (stored(own).duplicate_of, stored(other).duplicate_of) == (item, face)
    assert (Report.objects.get().item, Mark.objects.get().item) == (item, item)
    assert stored(face).score < hot
    assert stored(item).heat["votes"] == 1


def test_nothing_is_a_copy_of_itself_or_of_anything_once_withheld(make_item):
    face, out = make_item(state="published"), make_item(state="rejected")
    copy = make_item(state="duplicate", duplicate_of=face)
    assert [publish.mark_copy(face, face=copy), publish.mark_copy(out, face=face)] == [False, False]
    assert (stored(face).state, stored(out).state) == ("published", "rejected")


def test_evidence_of_a_copy_is_kept_as_far_as_it_fits(make_item):
    item = make_item()
    publish.mark_copy(item, face=make_item(state="published"), evidence=LONG)
    assert stored(item).reason_detail == LONG[:500]


def test_restoring_says_who_and_forgets_what_it_looked_like(make_item, cast):
    like = make_item()
    item = make_item(state="rejected", resembles=like)
    before = publish.snapshot(item)
    assert publish.restore_item(item, account=cast.reviewer)
    assert newest_event(item) == ("item.restored", cast.reviewer, {"before": before})
    assert stored(item).resembles is None


@pytest.mark.parametrize("state", ["admitted", "in_review", "published", "rejected"])
def test_what_is_removed_is_gone_from_whatever_it_was_and_only_once(make_item, cast, state):
    item = make_item(state=state)
    before = publish.snapshot(item)
    assert publish.remove_item(item, account=cast.operator, reason=LONG)
    assert newest_event(item) == ("item.removed", cast.operator, {"before": before, "reason": LONG})
    assert (stored(item).state, stored(item).reason_detail) == ("removed", LONG[:500])
    assert not publish.remove_item(item, account=cast.operator, reason="again")


def test_the_undo_of_a_removal_brings_back_what_it_took_and_no_older_one_does(make_item, tags, cast):
    item = make_item(state="in_review")
    older = publish.snapshot(item)
    publish.publish_item(item, tag=tags["other"], decided_by=PERSON)
    newer = publish.snapshot(item)
    publish.remove_item(item, account=cast.operator, reason="asked for")
    with pytest.raises(ConflictError, match=r"^this item has been removed; there is nothing to undo$"):
        publish.revert_item(item, before=older, account=cast.reviewer)
    publish.revert_item(item, before=newer, account=cast.reviewer)
    assert publish.snapshot(stored(item)) == newer
    assert newest_event(item) == ("item.reverted", cast.reviewer, {"state": "published", "tag": "other"})


def test_reverting_a_merge_takes_away_what_came_with_it(make_item, cast):
    face, item = make_item(state="published"), make_item(state="published")
    own = make_item(state="duplicate", duplicate_of=item)
    before = publish.snapshot(item)
    publish.mark_copy(item, face=face)
    publish.revert_item(item, before=before, account=cast.reviewer)
    assert (stored(item).duplicate_of, stored(own).duplicate_of) == (None, item)


def test_a_copy_that_was_removed_comes_back_as_a_copy_with_all_it_carried(make_item, cast):
    face, item = make_item(state="published"), make_item(state="published")
    own = make_item(state="duplicate", duplicate_of=item)
    publish.mark_copy(item, face=face)
    before = publish.snapshot(item)
    publish.remove_item(item, account=cast.operator, reason="asked for")
    publish.revert_item(item, before=before, account=cast.operator)
    assert (stored(item).duplicate_of, stored(own).duplicate_of) == (face, face)


def test_who_comes_too_late_holds_what_is_there(make_item, tags):
    item = make_item()
    late = stored(item)
    publish.publish_item(item, tag=tags["other"], decided_by=PERSON)
    assert not publish.hold_item(late, likely_tag=None, confidence=None, model_version=None, reason="x")
    assert (late.state, late.tag_id) == ("published", "other")
