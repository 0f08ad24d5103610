"""Items and their names. What a state needs is tested beside its only writer, `services/publish.py`."""

from datetime import UTC, datetime

import pytest
from django.db.models import ProtectedError

from winnow.models import Item, ItemKey, Source


@pytest.fixture
def source(db):
    return Source.objects.create(name="s", kind="feed", address="https://s.example/")


def enter(external_id="1", **fields):
    return Item.objects.create(
        external_id=external_id, dated_at=datetime(2026, 1, 1, tzinfo=UTC), state="admitted", **fields
    )


def test_a_source_brings_an_entry_once(refused, source):
    enter(source=source)
    assert refused(lambda: enter(source=source))
    assert not refused(lambda: enter("2", source=source))


def test_what_comes_from_no_source_may_bear_any_id(refused, db):
    enter()
    assert not refused(enter)


def test_a_key_belongs_to_one_item(refused, db):
    first, second = enter("1"), enter("2")
    ItemKey.objects.create(item=first, key="arxiv:1")
    assert refused(lambda: ItemKey.objects.create(item=second, key="arxiv:1"))
    assert refused(lambda: ItemKey.objects.create(item=first, key="arxiv:1"))
    first.delete()
    assert not refused(lambda: ItemKey.objects.create(item=second, key="arxiv:1"))


def test_a_face_stays_while_it_has_copies(make_item):
    face = make_item(state="published")
    make_item(state="duplicate", duplicate_of=face)
    with pytest.raises(ProtectedError):
        face.delete()


def test_a_source_a_tag_and_a_model_stay_while_items_name_them(source, tags, version):
    enter(source=source, tag=tags["other"], model_version=version)
    for row in (source, tags["other"], version):
        with pytest.raises(ProtectedError):
            row.delete()


def test_what_an_item_resembled_may_go(db):
    other = enter("1")
    item = enter("2", resembles=other)
    other.delete()
    item.refresh_from_db()
    assert item.resembles is None


def test_an_item_outlives_who_submitted_it(cast):
    item = enter(submitted_by=cast.reader)
    cast.reader.delete()
    item.refresh_from_db()
    assert item.submitted_by is None


@pytest.mark.parametrize(
    ("fields", "shown"), [({"title": "T", "url": "u"}, "T"), ({"url": "u"}, "u"), ({"pk": 7}, "item 7")]
)
def test_an_item_is_called_by_the_best_that_it_has(fields, shown):
    assert str(Item(**fields)) == shown


def test_bytes_of_a_vector_come_back_as_they_are(db):
    item = enter(vector=bytes(range(256)))
    assert bytes(Item.objects.get(pk=item.pk).vector) == bytes(range(256))
    assert str(ItemKey(key="arxiv:1")) == "arxiv:1"
