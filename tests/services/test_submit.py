"""People add a work through the same gates."""

import pytest

from winnow.core.errors import InputError
from winnow.models import Event, Item
from winnow.services.screen import Outcome
from winnow.services.submit import submit_work

pytestmark = pytest.mark.usefixtures("champion")
WORK = {"url": "https://github.com/facebookresearch/segment-anything", "title": "Segment Anything"}
ABOUT = "Promptable image segmentation: click on an object in a photograph and the network returns its mask."


def test_a_work_is_decided_at_once(cast):
    done = submit_work(**WORK, description=ABOUT, account=cast.reader)
    assert done.outcome is Outcome.ACCEPTED
    assert (done.item.state, done.item.tag_id) == ("published", "computer-vision")
    assert done.item.submitted_by == cast.reader


def test_the_proposed_tag_is_noted_and_does_not_decide(tags, cast):
    done = submit_work(**WORK, description=ABOUT, tag=tags["mlops"], account=cast.reader)
    assert done.item.tag_id == "computer-vision"
    assert Event.objects.get(kind="item.tag_proposed").data == {"tag": "mlops"}


def test_what_is_here_is_offered_instead(cast):
    first = submit_work(**WORK, description=ABOUT, account=cast.reader).item
    again = submit_work(url=WORK["url"] + ".git", title="SAM", account=cast.reviewer)
    assert (again.outcome, again.item, again.duplicate_of) == (Outcome.DUPLICATE, first, first.pk)


def test_off_topic_is_withheld_with_its_reason(cast):
    done = submit_work(
        url="https://soup.example/1", title="Lentil soup", description="Boil lentils.", account=cast.reader
    )
    assert (done.outcome, done.item.state) == (Outcome.OFF_TOPIC, "rejected")
    assert done.reason


@pytest.mark.parametrize(
    ("url", "title", "field"),
    [("javascript:alert(1)", "T", "url"), ("", "T", "url"), ("https://example.org/x", " \u200b ", "title")],
)
def test_what_can_never_be_admitted_names_its_field(cast, url, title, field):
    with pytest.raises(InputError, match=f"^{field}: "):
        submit_work(url=url, title=title, account=cast.reader)
    assert Item.objects.count() == 0
