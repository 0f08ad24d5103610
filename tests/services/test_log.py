"""The log of who did what."""

import pytest
from django.db import transaction

from winnow.models import Event
from winnow.services.log import record_event

pytestmark = pytest.mark.django_db


def test_an_event_holds_who_what_and_the_facts(cast, make_item):
    item = make_item()
    event = record_event("item.retagged", account=cast.reviewer, item=item, tag="other", before={"tag": None})
    event.refresh_from_db()
    assert (event.kind, event.account, event.item, event.is_public) == ("item.retagged", cast.reviewer, item, True)
    assert event.data == {"tag": "other", "before": {"tag": None}}


def test_an_event_may_be_private_and_nobody_s():
    event = record_event("account.invited", is_public=False)
    assert (event.account, event.item, event.data, event.is_public) == (None, None, {}, False)


def test_a_fact_may_bear_the_name_kind():
    assert record_event("source.added", kind="feed").data == {"kind": "feed"}


def test_it_is_undone_with_the_change_that_it_tells():
    with pytest.raises(RuntimeError), transaction.atomic():
        _record_and_fail()
    assert Event.objects.count() == 0


def _record_and_fail():
    record_event("never.happened")
    raise RuntimeError
