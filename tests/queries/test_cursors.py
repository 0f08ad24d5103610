"""Every row once, whatever the list, the page and what arrives meanwhile; what is no cursor is said."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from winnow.core.errors import InputError
from winnow.models import Item
from winnow.queries.cursors import MAX_CURSOR, page_of

FIRST = datetime(2026, 1, 1, tzinfo=UTC)
# Few different values, so that equal ones meet at the edges of pages.
DAYS = st.lists(st.integers(0, 4), max_size=25)
SOON = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

pytestmark = pytest.mark.django_db


def fill(days, start=0):
    """One Item for each day, in place of those that were there."""
    Item.objects.filter(pk__gte=start).delete()
    Item.objects.bulk_create(
        Item(pk=start + n, external_id=str(n), dated_at=FIRST + timedelta(days=day), hotness=day / 3, state="admitted")
        for n, day in enumerate(days, 1)
    )


def walk(by, limit, between=lambda _n_pages: None):
    """The numbers of the rows of all pages, in the order in which they are met."""
    seen, after, n_pages = [], "", 0
    while after is not None:
        page = page_of(Item.objects.all(), by=by, after=after, limit=limit)
        assert len(page.rows) <= limit
        seen += [row.pk for row in page.rows]
        after, n_pages = page.next, n_pages + 1
        between(n_pages)
    return seen


@SOON
@given(DAYS, st.sampled_from(["dated_at", "hotness"]), st.integers(1, 30))
def test_every_row_is_met_once_and_in_order(days, by, limit):
    fill(days)
    expected = [pk for _, pk in sorted(((day, pk) for pk, day in enumerate(days, 1)), reverse=True)]
    assert walk(by, limit) == expected


@SOON
@given(DAYS.filter(len), st.integers(1, 6), DAYS)
def test_rows_that_arrive_meanwhile_never_hide_or_repeat_another(days, limit, later):
    fill(days)

    def arrive(n_pages):
        if n_pages == 1:
            fill(later, start=1000)

    seen = [pk for pk in walk("dated_at", limit, arrive) if pk < 1000]
    assert (sorted(seen), len(seen)) == (list(range(1, len(days) + 1)), len(days))


def test_a_row_that_goes_meanwhile_takes_no_other_with_it():
    fill([1, 1, 1, 1, 1])
    first = page_of(Item.objects.all(), by="dated_at", after="", limit=2)
    Item.objects.filter(pk=first.rows[-1].pk).delete()
    second = page_of(Item.objects.all(), by="dated_at", after=first.next, limit=5)
    assert [row.pk for row in second.rows] == [3, 2, 1]


def test_a_list_that_ends_with_its_page_has_no_next():
    fill([1, 2, 3])
    assert page_of(Item.objects.all(), by="dated_at", after="", limit=3).next is None
    assert page_of(Item.objects.none(), by="dated_at", after="", limit=3).rows == []


def cursor(*value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


@pytest.mark.parametrize("by", ["dated_at", "hotness"])
@pytest.mark.parametrize(
    "after",
    [
        "nonsense", "=", "\x00", "🙂", "A", cursor(), cursor(1), cursor(1, 2, 3), cursor(None, 1), cursor([], 1),
        cursor({}, 1), cursor("2026-01-01T00:00:00+00:00", "1"), cursor("2026-01-01T00:00:00+00:00", -1), cursor(1.5, 2**63),
        cursor(1.5, True), cursor(10**60, 1.0), "x" * (MAX_CURSOR + 1), cursor("yesterday", 1),
    ],
)  # fmt: skip
def test_what_is_no_cursor_is_said(by, after):
    with pytest.raises(InputError, match="begin without it"):
        page_of(Item.objects.all(), by=by, after=after, limit=5)


@pytest.mark.parametrize(
    "value",
    ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-01-01T00:00:00", "2026-01-01", "2026-13-01"],
    ids=["before time", "after time", "without a zone", "a day", "no day"],
)
def test_a_time_that_no_row_can_bear_is_no_cursor(value):
    with pytest.raises(InputError, match="begin without it"):
        page_of(Item.objects.all(), by="dated_at", after=cursor(value, 1), limit=5)


VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.datetimes().map(str)


@SOON
@given(st.text(max_size=80) | st.lists(VALUES, max_size=3).map(lambda value: cursor(*value)))
@pytest.mark.parametrize("by", ["dated_at", "hotness"])
def test_whatever_comes_is_a_page_or_is_said(by, after):
    try:
        page = page_of(Item.objects.all(), by=by, after=after, limit=5)
    except InputError:
        return
    assert (page.rows, page.next) == ([], None)


def test_a_cursor_is_safe_in_an_address_and_short():
    fill([1, 2])
    after = page_of(Item.objects.all(), by="dated_at", after="", limit=1).next
    assert after.replace("-", "").replace("_", "").isalnum()
    assert len(after) <= MAX_CURSOR
