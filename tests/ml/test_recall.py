"""How near works are to a tag."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from winnow.ml.recall import K, nearness

A = np.array([[1, 0, 0], [0.9, 0.1, 0], [0, 1, 0]], dtype=np.float32)


def test_what_is_like_the_works_of_a_tag_is_nearer_than_what_is_not():
    near = nearness(A, A[:2])
    assert near[0] > 0.99
    assert near[1] > near[2]


def test_one_slip_among_the_works_of_a_tag_is_not_enough():
    own = np.array([[1, 0, 0]] * K + [[0, 0, 1]], dtype=np.float32)
    one_like_it, few_like_it = np.eye(3, dtype=np.float32)[[2, 0]]
    near = nearness(np.stack([one_like_it, few_like_it]), own)
    assert near.tolist() == pytest.approx([1 / K, 1.0])


def test_length_says_nothing_and_no_length_is_near_to_nothing():
    assert nearness(3 * A, 7 * A).tolist() == pytest.approx(nearness(A, A).tolist(), abs=1e-6)
    assert nearness(np.zeros((1, 3), dtype=np.float32), A).tolist() == [0.0]


@given(st.integers(1, 12), st.integers(1, 9), st.integers(0, 5))
def test_every_row_has_its_nearness_whatever_is_beside_it(n, n_own, seed):
    generator = np.random.default_rng(seed)
    rows = generator.normal(size=(n, 4)).astype(np.float32)
    own = generator.normal(size=(n_own, 4)).astype(np.float32)
    near = nearness(rows, own)
    assert near.shape == (n,)
    assert np.all(np.abs(near) <= 1 + 1e-6)
    assert near[-1] == pytest.approx(nearness(rows[-1:], own)[0], abs=1e-6)
