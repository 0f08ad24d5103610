"""What a reader may like."""

from collections import Counter

import numpy as np
import pytest

from winnow.ml.taste import EXPLORED, Pool, Taste, Weights, Why, recommend, similarity

TAGS = ("a", "b", "c", "d")


def unit(rows):
    rows = np.asarray(rows, dtype=np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@pytest.fixture
def pool():
    """Forty works in four directions, ten a tag, all equally hot."""
    generator = np.random.default_rng(0)
    directions = np.repeat(np.eye(8)[:4], 10, axis=0)
    vectors = unit(directions + 0.1 * generator.normal(size=(40, 8)))
    return Pool(list(range(100, 140)), [tag for tag in TAGS for _ in range(10)], np.zeros(40), vectors)


def taste(liked=(), hidden=(), followed=(), weights=None):
    eye = np.eye(8, dtype=np.float32)
    return Taste(
        [1000 + n for n in range(len(liked))],
        np.ones(len(liked)) if weights is None else np.array(weights),
        eye[list(liked)],
        eye[list(hidden)],
        frozenset(followed),
    )


def tags_of(pool, picks, why=None):
    own = dict(zip(pool.pks, pool.tags, strict=True))
    return Counter(own[pick.pk] for pick in picks if why is None or pick.why is why)


def test_what_is_like_what_was_liked_comes_first_and_says_so(pool):
    picks = recommend(pool, taste(liked=[2]), n=10, seed=0)
    assert tags_of(pool, picks, Why.LIKE) == {"c": 8}
    assert {pick.like for pick in picks if pick.why is Why.LIKE} == {1000}


def test_what_was_hidden_pushes_its_like_away(pool):
    picks = recommend(pool, taste(liked=[0, 1], hidden=[1]), n=10, seed=0)
    assert tags_of(pool, picks, Why.LIKE) == {"a": 8}


def test_a_followed_tag_comes_first_where_nothing_else_is_known(pool):
    picks = recommend(pool, taste(followed=["d"]), n=10, seed=0)
    assert tags_of(pool, picks, Why.TAG) == {"d": 8}


def test_a_work_read_says_less_than_a_work_saved(pool):
    picks = recommend(pool, taste(liked=[0, 1], weights=[0.5, 1.0]), n=10, seed=0)
    assert tags_of(pool, picks, Why.LIKE) == {"b": 8}


def test_a_stated_share_is_explored_over_all_tags(pool):
    drawn = Counter()
    for seed in range(40):
        picks = recommend(pool, taste(liked=[2], followed=["c"]), n=20, seed=seed)
        explored = tags_of(pool, picks, Why.EXPLORE)
        assert (len(picks), explored.total()) == (20, 20 * EXPLORED)
        drawn += explored
    assert drawn == dict.fromkeys(TAGS, 40)


@pytest.mark.parametrize("n", [0, 1, 4, 5, 39, 40, 60])
def test_nothing_is_shown_twice_and_no_more_than_there_is(pool, n):
    picks = recommend(pool, taste(liked=[1]), n=n, seed=3)
    assert (len(picks), len({pick.pk for pick in picks})) == (min(n, 40), min(n, 40))


def test_the_same_day_shows_the_same_and_another_explores_elsewhere(pool):
    pages = [recommend(pool, taste(liked=[1]), n=20, seed=seed) for seed in (5, 5, 6)]
    assert pages[0] == pages[1] != pages[2]


def test_an_empty_pool_and_a_reader_of_whom_nothing_is_known(pool):
    empty = Pool([], [], np.zeros(0), np.empty((0, 8), dtype=np.float32))
    assert recommend(empty, taste(liked=[1]), n=10, seed=0) == []
    assert {pick.why for pick in recommend(pool, taste(), n=10, seed=0)} == {Why.HOT, Why.EXPLORE}
    assert similarity(pool, taste()).tolist() == [0.0] * 40


def test_heat_decides_between_works_that_are_equally_near():
    pool = Pool([1, 2], ["a", "a"], np.array([0.0, 1.0]), unit([[1, 0], [1, 0]]))
    far = Taste([9], np.ones(1), unit([[0, 1]]), np.empty((0, 2), dtype=np.float32), frozenset())
    assert [pick.pk for pick in recommend(pool, far, n=2, seed=0)] == [2, 1]
    assert [pick.pk for pick in recommend(pool, far, n=2, seed=0, weights=Weights(hot=-1.0))] == [1, 2]
    # Nothing of these two is like what was liked, so that is not given as the reason.
    assert {pick.like for pick in recommend(pool, far, n=2, seed=0)} == {None}


def test_another_share_may_be_explored(pool):
    picks = recommend(pool, taste(liked=[2]), n=20, seed=1, share=EXPLORED / 2)
    assert tags_of(pool, picks, Why.EXPLORE).total() == 20 * EXPLORED / 2
