import threading
import time
from itertools import pairwise

import pytest

from winnow.core.errors import FetchError
from winnow.egress.politeness import Politeness


def in_a_second() -> float:
    return time.monotonic() + 1


def test_requests_to_one_host_are_one_at_a_time_and_apart():
    politeness, spans = Politeness(interval=0.1), []

    def ask():
        with politeness.turn("a.test", time.monotonic() + 10):
            started = time.monotonic()
            time.sleep(0.02)
            spans.append((started, time.monotonic()))

    threads = [threading.Thread(target=ask) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    spans.sort()
    assert len(spans) == 6
    assert all(second[0] >= first[1] and second[0] - first[0] >= 0.09 for first, second in pairwise(spans))


def test_other_hosts_do_not_wait():
    politeness = Politeness(interval=60)
    with politeness.turn("a.test", in_a_second()), politeness.turn("b.test", in_a_second()):
        pass
    with politeness.turn("c.test", in_a_second()):
        pass


def test_a_pause_longer_than_the_deadline_fails_at_once():
    politeness = Politeness(interval=60)
    with politeness.turn("a.test", in_a_second()):
        pass
    started = time.monotonic()
    with pytest.raises(FetchError, match="turn did not come") as caught, politeness.turn("a.test", in_a_second()):
        pass
    assert caught.value.code == "timeout"
    assert time.monotonic() - started < 0.5


def test_a_host_that_is_held_fails_at_the_deadline():
    politeness = Politeness(interval=0)
    with (
        politeness.turn("a.test", in_a_second()),
        pytest.raises(FetchError, match="turn did not come"),
        politeness.turn("a.test", time.monotonic() + 0.1),
    ):
        pass


def test_the_interval_of_a_turn_can_be_waived():
    politeness = Politeness(interval=60)
    for _ in range(3):
        with politeness.turn("a.test", in_a_second()) as turn:
            turn.interval = 0.0


def test_a_host_is_free_again_after_an_error():
    politeness = Politeness(interval=0)
    with pytest.raises(ZeroDivisionError), politeness.turn("a.test", in_a_second()):
        raise ZeroDivisionError
    with politeness.turn("a.test", in_a_second()):
        pass


def test_hosts_are_forgotten_once_they_are_free():
    politeness = Politeness(interval=0)
    for number in range(100):
        with politeness.turn(f"{number}.test", in_a_second()):
            pass
    assert len(politeness._free_at) == 1
