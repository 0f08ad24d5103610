"""What lists and pages show, and what they never show."""

from datetime import UTC, datetime

import pytest

from winnow.core.errors import InputError, NotFoundError
from winnow.core.values import Candidate
from winnow.models import Event, Item, ModelVersion, Prediction
from winnow.queries.items import (
    PER_PAGE,
    hottest_of_tags,
    item_at,
    item_of,
    published_items,
    why_this_tag,
    withheld_counts,
    withheld_items,
)
from winnow.queries.tags import approved_tags
from winnow.services.admit import admit, prepare
from winnow.services.log import record_event

STATES = ("published", "in_review", "rejected", "admitted")


def titles(page):
    return [row.title for row in page.rows]


@pytest.fixture
def one_of_each(make_item):
    """An Item of each state, titled by it."""
    items = {state: make_item(state, state=state) for state in STATES}
    items["duplicate"] = make_item("duplicate", state="duplicate", duplicate_of=items["published"])
    items["removed"] = make_item("removed", state="published")
    Item.objects.filter(pk=items["removed"].pk).update(state="removed")
    return items


def test_only_what_is_published_is_listed(one_of_each):
    assert titles(published_items()) == ["published"]


def test_only_what_is_kept_out_is_withheld_newest_first(one_of_each):
    assert titles(withheld_items()) == ["duplicate", "rejected"]
    assert titles(withheld_items(reason="off_topic")) == ["rejected"]
    assert titles(withheld_items(reason="spam")) == []


def test_every_reason_is_counted(one_of_each):
    assert withheld_counts() == {"duplicate": 1, "off_topic": 1, "spam": 0, "invalid": 0, "probation": 0}


def test_recent_goes_by_the_date_of_the_work_and_popular_by_its_places(make_item):
    old, new = make_item("old", state="published"), make_item("new", state="published")
    for _ in range(9):
        make_item(state="duplicate", duplicate_of=old)
    assert titles(published_items()) == ["new", "old"]
    assert titles(published_items(sort="popular")) == ["old", "new"]
    assert [row.n_copies for row in published_items().rows] == [0, 9]
    assert (old.pk, new.pk) == tuple(sorted((old.pk, new.pk)))


def test_a_list_can_be_of_one_tag(make_item):
    make_item("a", state="published", tag="mlops")
    make_item("b", state="published", tag="other")
    assert titles(published_items(tag="other")) == ["b"]
    assert titles(published_items(tag="cooking")) == []


def test_pages_follow_one_another_under_a_filter(make_item):
    for n in range(PER_PAGE + 2):
        make_item(f"mlops {n}", state="published", tag="mlops")
        make_item(f"other {n}", state="published", tag="other")
    first = published_items(tag="mlops")
    second = published_items(tag="mlops", after=first.next)
    assert (len(first.rows), len(second.rows), second.next) == (PER_PAGE, 2, None)
    assert len({*titles(first), *titles(second)}) == PER_PAGE + 2


def test_a_cursor_of_another_order_is_refused(make_item):
    for _ in range(2):
        make_item(state="published")
    after = published_items(limit=1).next
    with pytest.raises(InputError):
        published_items(sort="popular", after=after)


def test_the_hottest_of_each_tag_are_few_and_published(make_item, tags):
    old = make_item("old", state="published", dated_at=datetime(2026, 10, 1, tzinfo=UTC))
    new = [make_item(state="published", dated_at=datetime(2026, 11, day, tzinfo=UTC)) for day in (2, 3, 4)]
    make_item(state="published", tag="other")
    make_item("waiting", state="in_review", likely_tag="computer-vision")
    found = hottest_of_tags(approved_tags(), hidden=[new[1].pk], limit=2)
    assert {slug: [one.pk for one in rows] for slug, rows in found.items() if slug != "other"} == {
        "mlops": [new[2].pk, new[0].pk],
        "natural-language-processing": [],
        "computer-vision": [],
    }
    assert [one.pk for one in hottest_of_tags([tags["mlops"]])["mlops"]][-1] == old.pk


@pytest.mark.parametrize("state", ["published", "in_review", "rejected", "admitted", "duplicate"])
def test_anything_but_what_was_removed_has_a_page(one_of_each, state):
    assert item_of(one_of_each[state].pk).title == state


def test_what_was_removed_or_never_was_is_not_found(one_of_each):
    for pk in (one_of_each["removed"].pk, 10**6, 0, -1, 2**63, 10**30):
        with pytest.raises(NotFoundError):
            item_of(pk)


def test_a_work_is_found_by_every_address_that_leads_to_it(tags):
    candidate = Candidate("1", "Attention", "Transformers translate.", "https://arxiv.org/abs/1706.03762")
    item = admit(prepare([candidate])[0]).item
    for url in ("https://arxiv.org/abs/1706.03762", "http://www.arxiv.org/pdf/1706.03762v5.pdf?utm_source=x"):
        assert item_at(url) == item
    for url in ("https://arxiv.org/abs/1706.03763", "", "nonsense", "javascript:alert(1)", "title:attention"):
        assert item_at(url) is None
    Item.objects.update(state="removed")
    assert item_at(candidate.url) is None


def predict(item, version, **probabilities):
    return Prediction.objects.create(
        item=item, model_version=version, confidence=0.5, probabilities=probabilities, action="review", latency_ms=1
    )


def test_why_names_the_newest_prediction_and_the_runner_up(make_item):
    item = make_item()
    version = ModelVersion.objects.create(ref="v1-1", policy={}, card={})
    predict(item, version, mlops=1.0)
    newest = predict(item, version, mlops=0.2, other=0.5, vision=0.3)
    why = why_this_tag(item)
    assert (why.prediction, why.runner_up) == (newest, ("vision", 0.3))


def test_words_stand_for_or_against_strongest_first_and_only_where_they_change_something(make_item):
    version = ModelVersion.objects.create(ref="v1-1", policy={}, card={})
    item = make_item(state="published")
    words = [["loss", 0.02], ["poem", -0.3], ["gateway", 0.2], ["of", 0.001], ["rhyme", -0.04]]
    words += [[f"word {n}", 0.01] for n in range(9)]
    predict(item, version, mlops=0.8)
    item.predictions.update(words=words)
    why = why_this_tag(item)
    assert why.words_for[:3] == [("gateway", 0.2), ("loss", 0.02), ("word 0", 0.01)]
    assert (len(why.words_for), why.words_against) == (6, [("poem", -0.3), ("rhyme", -0.04)])


def test_why_of_what_no_model_saw_is_its_public_history(make_item):
    item = make_item(state="published")
    record_event("secret", item=item, is_public=False)
    why = why_this_tag(item)
    assert (why.prediction, why.runner_up, why.words_for, why.words_against) == (None, None, [], [])
    assert [event.kind for event in why.events] == ["item.admitted", "item.published"]
    assert Event.objects.filter(item=item).count() == 3


LISTS = {
    "recent": (lambda: published_items(limit=50).rows, 2),
    "popular": (lambda: published_items(sort="popular", limit=50).rows, 2),
    "of one tag": (lambda: published_items(tag="mlops", limit=50).rows, 2),
    "withheld": (lambda: withheld_items(limit=50).rows, 4),
}


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("n", [1, 12])
def test_the_number_of_queries_does_not_grow_with_the_rows(make_item, cast, name, n, django_assert_num_queries):
    for _ in range(n):
        face = make_item(state="published", tag="mlops", submitted_by=cast.reader)
        make_item(state="duplicate", duplicate_of=face)
    rows, n_queries = LISTS[name]
    with django_assert_num_queries(n_queries):
        shown = [(row.title, row.tag, row.source, row.duplicate_of_id) for row in rows()]
    assert len(shown) == n
