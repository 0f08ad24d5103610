"""What makes Items popular is counted when it changes."""

import pytest
from django.utils import timezone

from winnow.ml.ranking import hotness
from winnow.models import Item, Mark, Signal, Source
from winnow.services import publish
from winnow.services.admit import keep_signals
from winnow.services.rank import rank_item, rank_items


@pytest.fixture
def source(db):
    return Source.objects.create(name="board", kind="feed", address="https://board.example/feed", title="Board")


@pytest.fixture
def other_source(db):
    return Source.objects.create(name="forge", kind="feed", address="https://forge.example/feed", title="Forge")


@pytest.fixture
def item(make_item, source):
    return make_item(state="published", source=source)


def vote(item, voice, is_new=False):
    return Mark.objects.create(item=item, kind="vote", voice=voice, is_new=is_new)


def signal(item, value, name="points"):
    return Signal.objects.create(item=item, name=name, value=value, read_at=timezone.now())


def ranked(item):
    rank_item(item.pk)
    item.refresh_from_db()
    return item


def test_with_nothing_it_scores_one(item):
    assert ranked(item).score == 1
    assert item.hotness == hotness(1, item.dated_at.timestamp())
    assert item.heat == {"votes": 0, "new_votes": 0, "places": 0, "outside": [], "counted_votes": 0}


def test_votes_count_and_saves_do_not(item):
    vote(item, "account:1"), vote(item, "account:2", is_new=True)
    Mark.objects.create(item=item, kind="save", voice="account:1")
    assert (ranked(item).score, item.heat["votes"], item.heat["new_votes"]) == (3, 1, 1)


def test_each_further_place_counts_once_whoever_brings_it(item, make_item, source, other_source, cast):
    for brought in ({"source": other_source}, {"source": other_source}, {"source": source}, {}, {}):
        make_item(state="duplicate", duplicate_of=item, **brought)
    make_item(state="duplicate", duplicate_of=item, submitted_by=cast.reader)
    assert ranked(item).heat["places"] == 4


def test_a_signal_counts_by_its_rank_in_the_sources_own_history(item, make_item, source):
    for n in range(40):
        signal(make_item(state="published", source=source), n)
    signal(item, 30)
    (told,) = ranked(item).heat["outside"]
    assert told == {"source": "Board", "name": "points", "value": 30.0, "rank": pytest.approx(30.5 / 50)}
    assert item.score == pytest.approx(10 ** (30.5 / 50))


def test_other_sources_are_no_part_of_that_history(item, make_item, source, other_source):
    signal(item, 5), signal(make_item(state="published", source=source), 1)
    before = ranked(item).score
    for _ in range(20):
        signal(make_item(state="published", source=other_source), 1_000_000)
    assert ranked(item).score == before


def test_what_a_copy_bears_counts_for_its_face(item, make_item, source, other_source):
    copy = make_item(state="duplicate", duplicate_of=item, source=other_source)
    for _ in range(10):
        signal(make_item(state="published", source=other_source), 1)
    signal(copy, 2)
    rank_items([copy.pk])
    item.refresh_from_db()
    assert item.heat["outside"] == [{"source": "Forge", "name": "points", "value": 2.0, "rank": 0.5}]


def test_readings_rank_what_they_read(item, make_item, source):
    class Read:
        signals = {"points": 7.0}
        signals_read_at = None

    others = [make_item(state="published", source=source) for _ in range(10)]
    for other in others:
        signal(other, 1)
    keep_signals([(item.pk, Read)])
    item.refresh_from_db()
    assert item.heat["outside"][0]["rank"] == 0.5


def test_votes_follow_a_merge_and_come_back_with_their_heat(item, make_item, cast):
    copy = make_item(state="published")
    vote(item, "account:1"), vote(copy, "account:1"), vote(copy, "account:2")
    rank_items([item.pk, copy.pk])
    publish.mark_copy(Item.objects.get(pk=copy.pk), face=item)
    item.refresh_from_db()
    assert (item.heat["votes"], item.heat["places"], item.score) == (2, 1, 4)
    publish.restore_item(Item.objects.get(pk=copy.pk), account=cast.reviewer)
    item.refresh_from_db(), copy.refresh_from_db()
    assert (item.score, copy.score, copy.heat["votes"]) == (2, 3, 2)


@pytest.mark.usefixtures("source")
def test_ranking_costs_the_same_however_many_voted(item, django_assert_num_queries):
    vote(item, "account:1")
    with django_assert_num_queries(9):
        rank_item(item.pk)
    for n in range(2, 30):
        vote(item, f"account:{n}")
    with django_assert_num_queries(9):
        rank_item(item.pk)


@pytest.mark.django_db(transaction=True)
def test_of_two_votes_at_once_both_are_counted(item, at_once):
    def voting(n):
        def run():
            vote(item, f"account:{n}")
            rank_item(item.pk)

        return run

    assert at_once([voting(n) for n in range(4)]) == [None] * 4
    item.refresh_from_db()
    assert item.heat["votes"] == 4
