import time

import pytest

from winnow.core.errors import FetchError
from winnow.egress.budget import Budget


def test_seconds_left_run_down_to_a_timeout():
    assert 4 < Budget(time.monotonic() + 5, 0).seconds_left() <= 5
    with pytest.raises(FetchError) as caught:
        Budget(time.monotonic(), 0).seconds_left()
    assert caught.value.code == "timeout"


def test_bytes_may_be_spent_to_the_last_and_no_further():
    budget = Budget(0.0, 10)
    budget.spend(4)
    budget.spend(6)
    with pytest.raises(FetchError) as caught:
        budget.spend(1)
    assert caught.value.code == "too_large"
