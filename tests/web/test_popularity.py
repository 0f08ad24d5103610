"""Why something is popular, in words."""

import pytest

from winnow.ml.ranking import Heat, Outside
from winnow.models import Item
from winnow.web.popularity import factors_of

POINTS = Outside("Hacker News", "points", 1234.0, 0.926)


@pytest.mark.parametrize(
    ("heat", "told"),
    [
        (Heat(), []),
        (Heat(votes=1), ["1 vote here"]),
        (Heat(votes=1, new_votes=1, places=2), ["2 votes here", "turned up in 2 more places"]),
        (Heat(new_votes=40), ["40 votes here, 3 counted: the others are of new voices"]),
        (Heat(outside=(POINTS,)), ["1,234 points at Hacker News, above 93 % of what came from there"]),
    ],
)
def test_every_factor_is_said_with_what_it_counted_for(heat, told):
    assert factors_of(Item(heat=heat.plain())) == told


def test_a_work_from_before_there_were_factors_has_its_places():
    assert factors_of(Item(heat={})) == []
    assert factors_of(Item(heat={"places": 3})) == ["turned up in 3 more places"]
