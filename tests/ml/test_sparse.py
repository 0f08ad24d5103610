import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.sparse import SparseRows


def rows_of(*rows):
    """Rows given as pairs of column and value."""
    flat = [(row, *pair) for row, pairs in enumerate(rows) for pair in pairs]
    columns = [np.array([entry[place] for entry in flat], dtype=np.int64) for place in (0, 1)]
    return SparseRows(len(rows), *columns, np.array([entry[2] for entry in flat], dtype=np.float64))


WEIGHTS = np.array([[1.0, 0.0], [10.0, 1.0], [100.0, 2.0]])


def test_sums_are_those_of_each_row():
    assert rows_of([(0, 2.0), (2, 1.0)], [], [(1, 0.5)]).sums(WEIGHTS).tolist() == [
        [102.0, 2.0],
        [0.0, 0.0],
        [5.0, 0.5],
    ]


ENTRIES = st.lists(st.tuples(st.integers(0, 2), st.floats(-1e6, 1e6)), max_size=40)


@given(st.lists(ENTRIES, max_size=6))
def test_a_sum_has_the_same_bits_in_any_company(rows):
    weights = np.array([[0.1, 3.0], [1 / 3, 0.7], [1e-7, 1e7]])
    alone = [rows_of(row).sums(weights)[0].tolist() for row in rows]
    assert rows_of(*rows).sums(weights).tolist() == alone


def test_rows_are_followed_by_others():
    both = rows_of([(0, 1.0)], []).followed_by(rows_of([(1, 2.0)], [(2, 3.0)]))
    assert both.sums(WEIGHTS)[:, 0].tolist() == [21.0, 300.0]


def test_ones_stand_in_the_columns_given():
    rows = SparseRows.of_ones([(2, 0), (), (1,)])
    assert rows.sums(WEIGHTS)[:, 0].tolist() == [101.0, 0.0, 10.0]
    assert SparseRows.of_ones([(), ()]).sums(WEIGHTS).tolist() == [[0.0, 0.0], [0.0, 0.0]]
