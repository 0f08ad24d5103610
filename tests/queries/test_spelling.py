"""Known words near to one that nothing holds."""

import pytest

from winnow.core.slips import codes_of
from winnow.models import SearchSlip, SearchWord
from winnow.queries.spelling import is_beginning, known_words, near_words


@pytest.fixture(autouse=True)
def _words(db):
    for word, n in {"graph": 50, "graphs": 9, "grape": 3, "grasp": 70, "network": 20}.items():
        SearchWord.objects.create(word=word, n=n, is_listed=True)
        SearchSlip.objects.bulk_create(SearchSlip(code=code, word_id=word) for code in codes_of(word))


def test_words_that_works_hold_are_known():
    assert known_words(["graph", "grpah", ""]) == {"graph"}


@pytest.mark.parametrize(("letters", "is_one"), [("gra", True), ("net", True), ("xyz", False), ("graphsx", False)])
def test_a_beginning_of_a_known_word(letters, is_one):
    assert is_beginning(letters) is is_one


def test_the_commonest_words_one_slip_away_come_first():
    assert near_words("grapp") == ["grasp", "graph"]
    assert near_words("grap") == ["grasp", "graph"]
    assert near_words("netwrok") == ["network"]
    assert near_words("xylophone") == near_words("gr") == []
