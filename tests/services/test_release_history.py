"""What became of a document."""

import pytest

from winnow.core.errors import NotFoundError
from winnow.models import Event
from winnow.services.release_history import history_of, record_change, text_of

pytestmark = pytest.mark.django_db


def change(account, before, after, path="canvas.md"):
    record_change(account=account, path=path, before=before, after=after, comment=f"to {after}")
    return Event.objects.latest("pk").pk


def test_changes_made_here_and_outside_stand_in_their_order(cast):
    first = change(cast.owner, "a", "b")
    change(cast.owner, "x", "y", path="first/design.md")
    second = change(cast.owner, "c", "d")
    found = history_of("canvas.md", now="e")
    told = [(one.is_outside, one.comment, one.of, one.is_before) for one in found.changes]
    assert told == [
        (True, "", 0, False),
        (False, "to d", second, False),
        (True, "", second, True),
        (False, "to b", first, False),
    ]
    assert [piece.text for piece in found.changes[2].pieces if piece.kind != "place"] == ["b", "c"]
    assert found.changes[1].account == cast.owner
    assert found.first == first


def test_every_version_can_be_had_again(cast):
    pk = change(cast.owner, "a", "b")
    assert [text_of("canvas.md", pk, is_before=is_before) for is_before in (True, False)] == ["a", "b"]
    with pytest.raises(NotFoundError):
        text_of("first/design.md", pk, is_before=False)


def test_texts_are_kept_from_the_public_log_and_stay_without_their_author(cast):
    change(cast.owner, "a", "b")
    assert not Event.objects.get(kind="release.text").is_public
    cast.owner.delete()
    assert history_of("canvas.md", now="b").changes[0].account is None


def test_nothing_was_changed_yet():
    assert history_of("canvas.md", now="a").changes == []
