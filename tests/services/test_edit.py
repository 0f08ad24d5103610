"""Submitters change their works for a while; what people decided is not moved by that."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, TooManyError
from winnow.models import Event, Item, ItemKey, ReviewTask
from winnow.services import publish
from winnow.services.edit import edit_submission, may_edit
from winnow.services.review import label_task, open_task, tell_apart
from winnow.services.submit import submit_work

SAM = "Segment Anything"
ABOUT = "Promptable image segmentation: click on an object in a photograph and the network returns its mask."
PARSING = "Parsing sentences with a BERT language model", "We fine-tune a transformer on treebanks and parse text."


@pytest.fixture
def sent(champion, cast):
    """A work that the reader sent in and the model published."""
    return submit_work(url="https://example.org/sam", title=SAM, description=ABOUT, account=cast.reader).item


def edited(item, account, title=SAM, description=ABOUT):
    return edit_submission(item=item, account=account, title=title, description=description)


def test_a_new_text_is_decided_anew_with_all_that_is_made_of_it(sent, cast):
    before = bytes(sent.vector), set(sent.blocks.values_list("block", flat=True)), sent.predictions.count()
    item = edited(sent, cast.reader, *PARSING)
    assert (item.title, item.state, item.tag_id) == (PARSING[0], "published", "natural-language-processing")
    assert bytes(item.vector) != before[0]
    assert set(item.blocks.values_list("block", flat=True)) != before[1]
    assert item.predictions.count() == before[2] + 1
    assert ItemKey.objects.filter(item=item, key__startswith="text:").count() == 1
    assert Event.objects.get(kind="item.edited").data == {"was": {"title": SAM, "description": ABOUT}}


def test_the_same_text_changes_nothing(sent, cast):
    edited(sent, cast.reader, f" {SAM} ")
    assert not Event.objects.filter(kind="item.edited").exists()


def test_what_is_not_machine_learning_any_more_is_withheld(sent, cast):
    item = edited(sent, cast.reader, "Lentil soup", "Boil lentils with onions and cumin, and serve with bread.")
    assert (item.state, item.reason) == ("rejected", "off_topic")


def test_what_resembles_another_work_now_waits_for_a_person(sent, cast):
    other = submit_work(
        url="https://example.org/p", title=PARSING[0], description=PARSING[1], account=cast.reviewer
    ).item
    item = edited(sent, cast.reader, *PARSING)
    assert (item.state, item.resembles) == ("in_review", other)
    assert ReviewTask.objects.get(item=item, closed_at=None).reason == "duplicate_pair"
    assert Item.objects.get(pk=other.pk).state == "published"


def test_what_a_person_told_apart_stays_apart(sent, cast):
    other = submit_work(
        url="https://example.org/p", title=PARSING[0], description=PARSING[1], account=cast.reviewer
    ).item
    tell_apart(sent, other, account=cast.reviewer)
    assert edited(sent, cast.reader, *PARSING).resembles is None


def test_what_a_person_decided_stays_and_people_are_asked(sent, cast, tags):
    task = open_task(item=sent, reason=ReviewTask.Reason.REPORTED)
    label_task(task=task, tag=tags["mlops"], account=cast.reviewer)
    item = edited(Item.objects.get(pk=sent.pk), cast.reader, "Lentil soup", "Boil lentils.")
    assert (item.title, item.state, item.tag_id, item.decided_by) == ("Lentil soup", "published", "mlops", "person")
    (asked,) = ReviewTask.objects.filter(item=item, closed_at=None)
    assert asked.reason == "edited"
    label_task(task=asked, tag=None, account=cast.other_reviewer)
    assert Item.objects.get(pk=item.pk).state == "rejected"


def test_what_the_old_text_raised_is_closed_and_what_people_asked_stays(make_item, cast, tags):
    item = make_item(state="in_review", submitted_by=cast.reader)
    for reason in ("low_confidence", "audit", "reported", "take_down"):
        open_task(item=item, reason=reason)
    edited(item, cast.reader, *PARSING)
    left = set(ReviewTask.objects.filter(item=item, closed_at=None).values_list("reason", flat=True))
    # Without a model it waits for a person again, for the new text.
    assert left == {"reported", "take_down", "low_confidence"}
    assert ReviewTask.objects.filter(item=item, reason="low_confidence").count() == 2


@pytest.mark.parametrize("state", ["rejected", "duplicate"])
def test_what_is_withheld_is_appealed_and_not_edited(make_item, cast, state):
    more = {"duplicate_of": make_item(state="published")} if state == "duplicate" else {}
    item = make_item(state=state, submitted_by=cast.reader, **more)
    with pytest.raises(ConflictError, match="appeal"):
        edited(item, cast.reader)


def test_only_its_submitter_and_only_for_a_while(make_item, cast, settings):
    item = make_item(state="published", submitted_by=cast.reader)
    assert may_edit(item, cast.reader)
    assert not may_edit(item, cast.operator)
    item.admitted_at = timezone.now() - timedelta(hours=25)
    assert not may_edit(item, cast.reader)
    settings.EDIT_HOURS = 26
    assert may_edit(item, cast.reader)
    with pytest.raises(ConflictError):
        edited(item, cast.reviewer)


@pytest.mark.parametrize("title", ["", " \u200b "])
def test_a_title_is_needed(make_item, cast, title):
    item = make_item(state="published", submitted_by=cast.reader)
    with pytest.raises(InputError, match=r"^title: "):
        edited(item, cast.reader, title)
    assert Item.objects.get(pk=item.pk).title != ""


def test_what_was_taken_down_does_not_come_back_as_an_edit(sent, cast):
    gone = submit_work(
        url="https://example.org/p", title=PARSING[0], description=PARSING[1], account=cast.reviewer
    ).item
    publish.remove_item(gone, account=cast.operator, reason="on request")
    with pytest.raises(ConflictError, match="taken off"):
        edited(sent, cast.reader, *PARSING)
    assert Item.objects.get(pk=sent.pk).title == SAM


def test_who_changes_all_the_time_is_slowed(make_item, cast):
    item = make_item(state="in_review", submitted_by=cast.reader)
    for n in range(10):
        item = edited(item, cast.reader, f"A title, edition {n}")
    with pytest.raises(TooManyError):
        edited(item, cast.reader, "One more")


@pytest.mark.django_db(transaction=True)
def test_an_edit_beside_an_answer_moves_no_decision_of_a_person(make_item, cast, tags, at_once):
    item = make_item(state="in_review", submitted_by=cast.reader)
    task = open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE)
    at_once(
        [
            partial(label_task, task=task, tag=tags["mlops"], account=cast.reviewer),
            partial(edited, item, cast.reader, *PARSING),
        ]
    )
    item.refresh_from_db()
    asked = set(ReviewTask.objects.filter(item=item, closed_at=None).values_list("reason", flat=True))
    # Whichever came first: decided and looked at again, or edited first and the answer kept as a further opinion.
    decided = (item.state, item.tag_id) == ("published", "mlops") and asked == {"edited"}
    assert decided or (item.state == "in_review" and asked == {"low_confidence"})
