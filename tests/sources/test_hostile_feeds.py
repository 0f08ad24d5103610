"""Two hundred of the hostile and damaged feeds of `bench/hostile_feeds.py`; ten thousand are measured there."""

import json
import random

import pytest
from bench.hostile_feeds import ATTACKS, damaged, mutants

from winnow.core.errors import FetchError
from winnow.sources.parse import parse_feed
from winnow.sources.parse_child import _answer

CODES = {"not_a_feed", "encoding", "too_complex", "parser_crashed"}


def end_of(body):
    try:
        return "count" if len(parse_feed(body).entries) <= 500 else "too many"
    except FetchError as error:
        return error.code


@pytest.fixture(scope="module")
def good(feeds):
    return [path.read_bytes() for path in sorted(feeds.glob("feedjira/*.xml")) if path.stat().st_size < 40_000]


def test_x19_damaged_feeds_end_in_a_count_or_a_typed_refusal(good):
    """By what the child answers, without a child each: 180 of them in one process."""
    rng = random.Random(2)
    for _ in range(180):
        answer = json.loads(json.dumps(_answer(damaged(rng.choice(good), rng, good)[:200_000], "", "")))
        assert answer.get("error", "not_a_feed") in CODES
        assert ("entries" in answer) != ("error" in answer)


@pytest.mark.parametrize("attack", range(len(ATTACKS)))
def test_attacks_end_in_a_count_or_a_typed_refusal(attack):
    assert end_of(ATTACKS[attack](random.Random(attack))) in {*CODES, "count"}


def test_the_same_seed_makes_the_same_feeds(good):
    first, second = (list(mutants(good[:3], 20, seed=4)) for _ in range(2))
    assert first == second
    assert len(set(first)) > 15


def test_a_good_feed_beside_them_is_read(feeds):
    assert len(parse_feed((feeds / "feedjira" / "youtube_atom.xml").read_bytes()).entries) == 15
