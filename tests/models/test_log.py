"""The log outlives who it is about."""

from winnow.models import Event


def test_an_event_outlives_its_account(cast):
    event = Event.objects.create(kind="x", account=cast.reader)
    cast.reader.delete()
    event.refresh_from_db()
    assert event.account is None


def test_the_events_of_an_item_go_with_it(make_item):
    item = make_item()
    Event.objects.create(kind="of the item", item=item)
    Event.objects.create(kind="of nothing")
    item.delete()
    assert list(Event.objects.filter(kind__startswith="of").values_list("kind", flat=True)) == ["of nothing"]
