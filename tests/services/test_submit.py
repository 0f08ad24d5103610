"""People add a work through the same gates."""

from functools import partial

import pytest

from winnow.core.errors import InputError, TooManyError
from winnow.models import Account, Event, Item
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


SYNONYMS = ("fast", "quick", "rapid", "swift", "speedy"), ("tool", "library", "package", "framework", "toolkit")


def test_l10_of_five_hundred_like_works_of_a_newcomer_at_most_five_are_seen(cast):
    refused = 0
    for n in range(500):
        adjective, noun = (words[n // 5**i % 5] for i, words in enumerate(SYNONYMS))
        try:
            submit_work(
                url=f"https://spam{n}.example/{n}",
                title=f"A {adjective} image segmentation {noun}",
                description=f"Segment any photograph with this {adjective} {noun}, edition {n}.",
                account=cast.reader,
            )
        except TooManyError:
            refused += 1
    assert refused == 495
    assert Item.objects.filter(state="published").count() <= 5


def test_l11_words_of_a_tag_around_something_else_do_not_publish_it(cast):
    stuffing = "natural language processing transformer BERT tokenizer corpus " * 12
    done = submit_work(
        url="https://shop.example/shoes",
        title="Cheap running shoes, 70 % off",
        description=stuffing,
        account=cast.reader,
    )
    assert done.item.state != "published"


def test_l11_letters_that_only_look_like_others_and_invisible_ones_change_no_answer(cast):
    hidden = "\u200b".join("Segment Anything")
    done = submit_work(url=WORK["url"], title=hidden, description=ABOUT, account=cast.reader)
    assert (done.item.title, done.item.tag_id) == ("Segment Anything", "computer-vision")


@pytest.mark.django_db(transaction=True)
def test_twenty_people_at_once_with_the_same_work_under_several_addresses_are_one_item(at_once):
    forms = ("arxiv.org/abs/{}", "www.arxiv.org/pdf/{}v2", "export.arxiv.org/abs/{}v1", "doi.org/10.48550/arXiv.{}")
    people = [Account.objects.create(name=f"person-{n}", role="reader") for n in range(20)]
    calls = [
        partial(
            submit_work,
            url=("http://", "https://")[n % 2] + forms[n % 4].format("2304.02643"),
            title=WORK["title"],
            description=ABOUT,
            account=person,
        )
        for n, person in enumerate(people)
    ]
    answers = at_once(calls)
    (face,) = Item.objects.exclude(state="duplicate")
    assert [answer for answer in answers if isinstance(answer, Exception)] == []
    assert {answer.item.pk for answer in answers} == {face.pk}
    assert Item.objects.filter(duplicate_of=face).count() == 19
    assert face.predictions.count() == 1
