import numpy as np
import pytest

from winnow.ml.landmarks import Landmarks

VECTORS = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]], dtype=np.float32)


def test_nearness_falls_with_the_squared_distance():
    near = Landmarks(VECTORS, 0.5).near(VECTORS[0])
    assert near == pytest.approx([1.0, np.exp(-1.0), np.exp(-2.0)])


def test_a_greater_gamma_reaches_less_far():
    assert Landmarks(VECTORS, 2.0).near(VECTORS[0])[1] == pytest.approx(np.exp(-4.0))


def test_nearness_to_one_landmark_has_the_same_bits_wherever_the_vector_lay():
    random = np.random.default_rng(3)
    many = random.normal(size=(40, 384)).astype(np.float32)
    marks = Landmarks(random.normal(size=(50, 384)).astype(np.float32), 0.01)
    assert all(np.array_equal(marks.near(row), marks.near(row.copy())) for row in many)


@pytest.mark.parametrize(
    ("vectors", "gamma", "fault"),
    [
        (VECTORS.astype(np.float64), 1.0, "float64"),
        (VECTORS[0], 1.0, r"\(2,\)"),
        (VECTORS, 0.0, "gamma 0.0 is not above 0"),
        (VECTORS, float("nan"), "gamma nan"),
    ],
)
def test_what_is_no_landmark_is_refused(vectors, gamma, fault):
    with pytest.raises(ValueError, match=fault):
        Landmarks(vectors, gamma)
