"""What can be promised, and in which units."""

from decimal import Decimal
from typing import get_args

from winnow.core.criteria.functions import FUNCTIONS, KEPT_IN, UNITS, Dimension


def test_every_dimension_has_its_units_and_one_in_which_it_is_kept():
    dimensions = set(get_args(Dimension))
    assert set(UNITS) == set(KEPT_IN) == dimensions == {function.dimension for function in FUNCTIONS.values()}
    assert {UNITS[dimension].get(unit) for dimension, unit in KEPT_IN.items()} == {Decimal(1), None}
    assert UNITS["fact"] == {}


def test_a_unit_is_so_much_of_the_one_in_which_its_dimension_is_kept():
    assert 3 * UNITS["time"]["min"] == 180 * UNITS["time"]["s"] == 180_000 * UNITS["time"]["ms"]
    assert UNITS["time"]["ms"] == 1000 * UNITS["time"]["us"]
    assert round(60 * UNITS["rate"]["/min"], 20) == UNITS["rate"]["/s"]
    assert 100 * UNITS["share"]["%"] == UNITS["share"][""]


def test_only_shares_of_decisions_are_asked_for_by_tag():
    assert {name for name, function in FUNCTIONS.items() if function.has_tag} == {"precision", "recall", "accuracy"}


def test_what_is_quoted_is_what_is_no_name_of_ours():
    quoted = {name: len(function.takes) for name, function in FUNCTIONS.items() if "text" in function.takes}
    assert quoted == {"benchmark": 2, "test": 1, "exists": 1}
