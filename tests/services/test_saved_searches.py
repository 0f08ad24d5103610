"""Searches that an account comes back to, and its private feeds."""

import pytest

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.models import SavedSearch
from winnow.services import saved_searches
from winnow.services.saved_searches import (
    MAX_FEEDS,
    forget_search,
    make_feed,
    reader_of_feed,
    revoke_feed,
    save_search,
)


def test_the_same_search_is_kept_once(cast):
    one = save_search(q="graph  networks", account=cast.reader)
    assert save_search(q=" graph networks ", account=cast.reader) == one
    assert save_search(q="graph networks", account=cast.engineer) != one


@pytest.mark.parametrize("q", ["", "  ", "!!!", "\x00", "tag:"])
def test_what_looks_for_nothing_is_not_kept(cast, q):
    with pytest.raises(InputError):
        save_search(q=q, account=cast.reader)


def test_so_many_are_kept_and_no_more(cast, monkeypatch):
    monkeypatch.setattr(saved_searches, "MAX_SAVED", 2)
    for q in ("a1", "b2"):
        save_search(q=q, account=cast.reader)
    save_search(q="a1", account=cast.reader)
    with pytest.raises(ConflictError):
        save_search(q="c3", account=cast.reader)
    forget_search(pk=SavedSearch.objects.first().pk, account=cast.reader)
    save_search(q="c3", account=cast.reader)


def test_a_feed_is_known_by_its_code_until_it_is_revoked(cast):
    code = make_feed(account=cast.reader)
    assert reader_of_feed(code) == cast.reader
    revoke_feed(pk=cast.reader.private_feeds.get().pk, account=cast.reader)
    for wrong in (code, "", "made-up"):
        with pytest.raises(NotFoundError):
            reader_of_feed(wrong)
    with pytest.raises(NotFoundError):
        revoke_feed(pk=cast.reader.private_feeds.get().pk, account=cast.reader)


def test_so_many_feeds_live_and_no_more(cast):
    for _ in range(MAX_FEEDS):
        make_feed(account=cast.reader)
    with pytest.raises(ConflictError):
        make_feed(account=cast.reader)
