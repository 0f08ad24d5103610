"""Candidates become Items, each once."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.core.values import Candidate, Fault
from winnow.models import Event, Item, ItemKey, Source
from winnow.services import publish
from winnow.services.admit import admit, prepare, unseen
from winnow.services.classify import classify_admitted
from winnow.services.screen import Outcome

ML = "We train a transformer network for question answering over clinical notes and compare it with baselines."


@pytest.fixture
def source(tags):
    return Source.objects.create(name="s", kind="feed", address="https://s.example/feed")


def candidate(
    external_id="1", title="Question answering over clinical notes", url="https://arxiv.org/abs/2401.00001", **fields
):
    return Candidate(external_id, title, fields.pop("description", ML), url, **fields)


def admitted(candidate, **who):
    return admit(prepare([candidate])[0], **who)


def test_a_good_candidate_is_admitted_with_its_vector_and_keys(source):
    admission = admitted(candidate(), source=source)
    item = Item.objects.get()
    assert (admission.verdict.outcome, admission.is_new, item.state) == (Outcome.ACCEPTED, True, "admitted")
    assert (len(bytes(item.vector)), len(item.encoder_sha256)) == (384 * 4, 64)
    keys = set(ItemKey.objects.filter(item=item).values_list("key", flat=True))
    assert {"arxiv:2401.00001", "url:https://arxiv.org/abs/2401.00001"} <= keys


def test_the_same_entry_again_is_the_same_row(source):
    first = admitted(candidate(), source=source)
    again = admitted(candidate(title="Edited title"), source=source)
    assert (again.item, again.is_new, Item.objects.count()) == (first.item, False, 1)


def test_x13_an_entry_that_is_edited_a_hundred_times_is_one_row_and_is_decided_once(source, champion):
    edits = prepare([candidate(title=f"Edit {n} of the notes") for n in range(5)])
    for n in range(100):
        admit(edits[n % 5], source=source)
    classify_admitted()
    classify_admitted()
    assert (Item.objects.count(), Item.objects.get().predictions.count()) == (1, 1)


def test_the_same_work_elsewhere_is_a_duplicate_that_names_its_face(source):
    face = admitted(candidate(), source=source).item
    copy = admitted(
        candidate("2", title="Clinical QA", description="", url="http://arxiv.org/pdf/2401.00001v3"), source=source
    )
    assert (copy.verdict.outcome, copy.item.state, copy.item.duplicate_of) == (Outcome.DUPLICATE, "duplicate", face)
    assert copy.item.reason_detail == "the same arxiv work 2401.00001"


def test_a_copy_lends_its_other_names_to_the_face(source):
    face = admitted(candidate(), source=source).item
    admitted(candidate("2", url="https://github.com/lab/clinical-qa"), source=source)
    third = admitted(
        candidate("3", title="clinical-qa", description="Code.", url="https://github.com/Lab/Clinical-QA.git"),
        source=source,
    )
    assert third.item.duplicate_of == face


def test_the_same_text_without_address_is_a_duplicate(source):
    admitted(candidate(url=""), source=source)
    assert admitted(candidate("2", url="https://mirror.example/qa"), source=source).verdict.outcome is Outcome.DUPLICATE


def test_off_topic_and_spam_are_withheld_with_their_reasons(source):
    recipe = candidate(
        "1",
        "Lentil soup for a cold evening",
        "https://soup.example/1",
        description="Boil lentils, onions and carrots for an hour.",
    )
    advert = candidate(
        "2",
        "Best online casino bonus, win real money now",
        "https://win.example/1",
        description="Free spins and cheap pills, click here!!!",
    )
    outcomes = [admitted(c, source=source).verdict.outcome for c in (recipe, advert)]
    assert outcomes == [Outcome.OFF_TOPIC, Outcome.SPAM]
    assert list(Item.objects.order_by("pk").values_list("state", "reason")) == [
        ("rejected", "off_topic"),
        ("rejected", "spam"),
    ]


def test_an_unusable_entry_is_kept_with_its_fault_and_holds_no_names(source):
    admission = admitted(candidate(title="", fault=Fault("title", "empty")), source=source)
    assert (admission.item.reason, admission.item.reason_detail) == ("invalid", "title: empty")
    assert ItemKey.objects.count() == 0


def test_what_was_withheld_once_is_known_the_second_time(source):
    soup = candidate("1", "Lentil soup", "https://soup.example/1", description="Boil lentils for an hour.")
    face = admitted(soup, source=source).item
    again = admitted(
        candidate("2", "Lentil soup", "https://soup.example/1?utm_source=x", description="Boil lentils for an hour."),
        source=source,
    )
    assert again.item.duplicate_of == face


@pytest.mark.parametrize("published_at", [None, datetime(2199, 1, 1, tzinfo=UTC)])
def test_x12_a_missing_or_future_date_is_now(source, published_at):
    item = admitted(candidate(published_at=published_at), source=source).item
    assert abs(item.dated_at - timezone.now()) < timedelta(minutes=1)


def test_a_date_of_its_own_is_kept(source):
    day = datetime(2024, 1, 2, tzinfo=UTC)
    assert admitted(candidate(published_at=day), source=source).item.dated_at == day


def test_every_admission_is_in_the_log(source):
    item = admitted(candidate(), source=source).item
    assert Event.objects.get(item=item).kind == "item.admitted"


def test_unseen_leaves_out_what_the_source_brought_before(source):
    admitted(candidate("1"), source=source)
    other = Source.objects.create(name="t", kind="feed", address="https://t.example/feed")
    fresh = [candidate("1"), candidate("2"), candidate("2")]
    assert [c.external_id for c in unseen(fresh, source)] == ["2"]
    assert [c.external_id for c in unseen(fresh, other)] == ["1", "2"]


def test_equal_titles_with_far_apart_texts_wait_for_a_person(source, champion):
    face = admitted(
        candidate(title="The Annotated Transformer", url="https://one.example/a", description="The paper with code."),
        source=source,
    ).item
    other = candidate(
        "2", "The annotated transformer!", "https://two.example/b", description="Zeile für Zeile erklärt, mit Übungen."
    )
    later = admitted(other, source=source)
    classify_admitted()
    item = Item.objects.get(pk=later.item.pk)
    assert (later.verdict.outcome, item.resembles, item.state) == (Outcome.ACCEPTED, face, "in_review")
    assert item.tasks.get().reason == "duplicate_pair"


def test_a_third_sighting_of_a_confirmed_copy_leads_to_the_face(source, cast, make_item):
    face = make_item("The Annotated Transformer", state="published")
    copy = admitted(candidate(url="https://two.example/b"), source=source).item
    publish.mark_copy(copy, face=face, account=cast.reviewer)
    third = admitted(candidate("3", "Elsewhere", "https://two.example/b/?utm_source=x"), source=source)
    assert third.item.duplicate_of == face


@pytest.mark.django_db(transaction=True)
def test_one_work_under_twenty_addresses_at_once_is_one_item_with_nineteen_copies(source, at_once):
    address = "https://arxiv.org/{}/2401.00001{}?utm_source={}"
    urls = [address.format(("abs", "pdf")[n % 2], ("", "v1", "v2", "v3")[n % 4], n) for n in range(20)]
    works = prepare([candidate(str(n), f"Clinical QA, found at place {n}", url) for n, url in enumerate(urls)])
    admissions = at_once([partial(admit, work, source=source) for work in works])
    face = Item.objects.get(state="admitted")
    outcomes = [admission.verdict.outcome for admission in admissions]
    assert sorted(outcomes) == [Outcome.ACCEPTED, *[Outcome.DUPLICATE] * 19]
    assert (Item.objects.count(), face.duplicates.count()) == (20, 19)
    assert ItemKey.objects.filter(key__startswith="arxiv:").get().item == face


@pytest.mark.django_db(transaction=True)
def test_one_entry_read_by_ten_workers_at_once_is_one_row(source, at_once):
    admissions = at_once([partial(admit, work, source=source) for work in prepare([candidate()] * 10)])
    assert {admission.item.pk for admission in admissions} == {Item.objects.get().pk}
    assert sum(admission.is_new for admission in admissions) == 1
    assert Event.objects.filter(kind="item.admitted").count() == 1


@pytest.mark.django_db(transaction=True)
def test_other_works_at_once_are_all_there(source, at_once):
    works = [candidate(str(n), f"Neural parsing of language {n}", f"https://example.org/{n}") for n in range(10)]
    admissions = at_once([partial(admit, work, source=source) for work in prepare(works)])
    assert {admission.verdict.outcome for admission in admissions} == {Outcome.ACCEPTED}
    assert Item.objects.filter(state="admitted").count() == 10


SAME_WORK = {
    "by its address": ("Clinical QA", "https://arxiv.org/pdf/2401.00001v2", "Found elsewhere."),
    "by its text alone": (
        "Question answering over clinical notes",
        "https://mirror.example/qa",
        ML + " Now with code.",
    ),
}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("title", "url", "description"), SAME_WORK.values(), ids=SAME_WORK)
def test_who_admits_while_another_has_not_committed_waits_and_finds_the_work(
    source, meanwhile, title, url, description
):
    first, second = prepare([candidate(), candidate("2", title, url, description=description)])
    face, copy = meanwhile(lambda: admit(first, source=source), lambda: admit(second, source=source))
    assert (face.verdict.outcome, copy.verdict.outcome) == (Outcome.ACCEPTED, Outcome.DUPLICATE)
    assert list(Item.objects.filter(state="duplicate")) == [copy.item]
    assert copy.item.duplicate_of == face.item


@pytest.mark.django_db(transaction=True)
def test_what_another_takes_back_was_never_there(source, meanwhile):
    first, second = prepare([candidate(), candidate("2")])
    _, kept = meanwhile(lambda: admit(first, source=source), lambda: admit(second, source=source), commits=False)
    assert (kept.verdict.outcome, Item.objects.get()) == (Outcome.ACCEPTED, kept.item)


def test_an_address_that_is_none_is_kept_to_be_read(source):
    long = "https://example.org/" + "x" * 3000 + "\x00"
    item = admitted(candidate(url=long, fault=Fault("url", "is no address")), source=source).item
    item.refresh_from_db()
    assert (item.reason, len(item.url), item.url[:20]) == ("invalid", 2000, "https://example.org/")


def test_a_host_longer_than_any_is_cut(source):
    url = "https://" + ".".join(["x" * 60] * 8) + "/"
    assert len(admitted(candidate(url=url), source=source).item.site) == 255
