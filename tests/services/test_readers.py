"""What readers with an account keep."""

from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError, TooManyError
from winnow.core.readers import Reader
from winnow.models import FollowedTag, Item, Mark, ReaderState
from winnow.queries.readers import reader_of
from winnow.services import readers
from winnow.services.rank import rank_items
from winnow.services.readers import (
    MAX_READ,
    NOTED_EVERY,
    bring_along,
    catch_up,
    follow_tag,
    forget_read,
    keep_state,
    mark_item,
    note_read,
    note_visit,
)

NOW = timezone.now()


@pytest.fixture
def item(make_item):
    return make_item(state="published")


def vote(item, account, is_on=True):
    return mark_item(item=item, kind=Mark.Kind.VOTE, is_on=is_on, account=account)


@pytest.mark.parametrize("kind", Mark.Kind.values)
def test_a_mark_is_set_once_and_taken_back(item, cast, kind):
    asked = [mark_item(item=item, kind=kind, is_on=is_on, account=cast.reader) for is_on in (True, True, False, False)]
    assert asked == [True, False, True, False]
    assert Mark.objects.count() == 0


def test_a_vote_changes_the_score_and_its_undo_changes_it_back(item, cast):
    vote(item, cast.reviewer), vote(item, cast.engineer)
    item.refresh_from_db()
    assert (item.score, item.heat["votes"]) == (3, 2)
    vote(item, cast.engineer, is_on=False)
    item.refresh_from_db()
    assert item.score == 2


def test_a_save_changes_no_score(item, cast):
    mark_item(item=item, kind=Mark.Kind.SAVE, is_on=True, account=cast.reader)
    item.refresh_from_db()
    assert item.score == 1


def test_an_account_is_new_for_a_week(item, cast):
    cast.reader.created_at = NOW - timedelta(days=8)
    vote(item, cast.reader)
    cast.reader.created_at = NOW
    mark_item(item=item, kind=Mark.Kind.SAVE, is_on=True, account=cast.reader)
    assert list(Mark.objects.order_by("pk").values_list("is_new", flat=True)) == [False, True]


def test_what_is_marked_on_a_copy_is_marked_on_its_face(item, make_item, cast):
    copy = make_item(state="duplicate", duplicate_of=item)
    vote(copy, cast.reviewer)
    assert Mark.objects.get().item == item


@pytest.mark.parametrize("state", ["in_review", "rejected", "admitted"])
def test_only_what_is_published_is_voted_for_and_anything_may_be_saved(make_item, cast, state):
    hidden = make_item(state=state)
    with pytest.raises(ConflictError, match="only what is published"):
        vote(hidden, cast.reader)
    assert mark_item(item=hidden, kind=Mark.Kind.SAVE, is_on=True, account=cast.reader)


def test_strangers_vote_only_where_that_is_set_and_as_new_voices(item, settings):
    def stranger(n):
        return mark_item(item=item, kind=Mark.Kind.VOTE, is_on=True, voice=f"anonymous:{n}")

    with pytest.raises(ConflictError, match="sign in to vote"):
        stranger(1)
    settings.ANONYMOUS_VOTES = True
    assert [stranger(n) for n in (1, 1, 2, 3, 4, 5)] == [True, False, True, True, True, True]
    item.refresh_from_db()
    assert (item.heat["new_votes"], item.score) == (5, 4)


def test_a_newcomer_who_votes_for_everything_is_slowed(make_item, cast):
    for _ in range(20):
        vote(make_item(state="published"), cast.reader)
    with pytest.raises(TooManyError, match="voted a lot"):
        vote(make_item(state="published"), cast.reader)


def test_what_was_read_is_bounded_to_the_newest(make_item, cast, monkeypatch):
    monkeypatch.setattr(readers, "MAX_READ", 3)
    items = [make_item(state="published") for _ in range(5)]
    for item in items:
        note_read(item=item, account=cast.reader)
    assert reader_of(cast.reader).read == tuple(item.pk for item in reversed(items[2:]))
    assert MAX_READ == 200


def test_tags_are_followed_once(tags, cast):
    for is_on in (True, True):
        follow_tag(tag=tags["mlops"], is_on=is_on, account=cast.reader)
    assert reader_of(cast.reader).followed == ("mlops",)
    follow_tag(tag=tags["mlops"], is_on=False, account=cast.reader)
    assert FollowedTag.objects.count() == 0


def test_a_visit_is_written_down_seldom_and_begins_anew_after_a_pause(cast):
    def visit(minutes):
        return note_visit(
            account=cast.reader, reader=reader_of(cast.reader), now=NOW + timedelta(minutes=minutes)
        ).left_at

    assert visit(0) is None
    assert visit(4) is None
    assert reader_of(cast.reader).visited_at == NOW
    assert visit(6) is None
    assert visit(24 * 60) == NOW + timedelta(minutes=6)
    assert reader_of(cast.reader).left_at == NOW + timedelta(minutes=6)
    assert timedelta(minutes=4) < NOTED_EVERY


def test_who_has_caught_up_has_nothing_new(cast):
    catch_up(account=cast.reader, reader=reader_of(cast.reader), now=NOW)
    assert (reader_of(cast.reader).left_at, reader_of(cast.reader).visited_at) == (NOW, NOW)


def test_forgetting_takes_what_was_read_and_nothing_else(item, make_item, cast):
    note_read(item=item, account=cast.reader)
    note_read(item=item, account=cast.reviewer)
    mark_item(item=item, kind=Mark.Kind.SAVE, is_on=True, account=cast.reader)
    forget_read(account=cast.reader)
    assert (reader_of(cast.reader).read, reader_of(cast.reader).saved) == ((), (item.pk,))
    assert reader_of(cast.reviewer).read == (item.pk,)


def test_what_a_stranger_kept_is_brought_along(make_item, tags, cast):
    mine, theirs, face = (make_item(state="published") for _ in range(3))
    copy = make_item(state="duplicate", duplicate_of=face)
    mark_item(item=mine, kind=Mark.Kind.SAVE, is_on=True, account=cast.reader)
    keep_state(account=cast.reader, reader=Reader(visited_at=NOW - timedelta(days=2), news=7))
    before = Reader(
        voted=(mine.pk,),
        saved=(theirs.pk, mine.pk, 10**9),
        hidden=(copy.pk,),
        followed=("mlops", "no-such-tag"),
        visited_at=NOW,
        is_learning=False,
        is_welcomed=True,
    )
    for _ in range(2):
        bring_along(account=cast.reader, reader=before)
    assert reader_of(cast.reader) == Reader(
        saved=(theirs.pk, mine.pk),
        hidden=(face.pk,),
        followed=("mlops",),
        visited_at=NOW,
        is_learning=False,
        is_welcomed=True,
        news=7,
    )
    assert ReaderState.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_l03_the_same_vote_fifty_times_at_once_is_one(item, cast, at_once):
    vote = partial(mark_item, item=item, kind=Mark.Kind.VOTE, is_on=True, account=cast.reader)
    answers = at_once([vote] * 50)
    assert answers.count(True) == 1
    assert all(answer is False or isinstance(answer, TooManyError) for answer in answers if answer is not True)
    assert Mark.objects.filter(item=item, kind=Mark.Kind.VOTE).count() == 1


@pytest.mark.django_db(transaction=True)
def test_l04_vote_against_unvote_ends_as_one_of_them_and_the_score_agrees(item, cast, at_once):
    calls = [
        partial(mark_item, item=item, kind=Mark.Kind.VOTE, is_on=is_on, account=cast.reader)
        for is_on in (True, False) * 10
    ]
    answers = at_once(calls)
    assert {type(answer) for answer in answers} == {bool}
    n = Mark.objects.filter(item=item, kind=Mark.Kind.VOTE).count()
    assert n in (0, 1)
    before = Item.objects.get(pk=item.pk).score
    rank_items([item.pk])
    assert Item.objects.get(pk=item.pk).score == before
