"""The worker beside a server: it is started again when it dies, and ends with the server whatever happens."""

import os
import signal

import pytest
from tests.management.servers import PATIENCE_SECONDS, comes_true, is_alive, processes_of, serving, workers_of

from winnow.management.beside import pause_after


def test_a_worker_that_is_killed_is_replaced_and_nothing_is_left_at_the_end(winnow, tmp_path):
    said = tmp_path / "said"
    with said.open("w") as errors, serving(winnow.home, "--with-worker", stderr=errors) as (server, address):
        assert comes_true(is_alive, address)
        (killed,) = workers_of(server)
        killed.kill()
        assert comes_true(lambda: [worker for worker in workers_of(server) if worker != killed])
        assert (len(workers_of(server)), server.poll()) == (1, None)
        server.send_signal(signal.SIGTERM)
        server.wait(PATIENCE_SECONDS)
        assert processes_of(winnow.home) == []
    assert "the worker was killed by SIGKILL; another begins in 1 seconds" in said.read_text()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_told_to_end_before_the_next_worker_begins_it_begins_none(winnow, number):
    with serving(winnow.home, "--with-worker") as (server, address):
        assert comes_true(is_alive, address)
        (killed,) = workers_of(server)
        killed.kill()
        server.send_signal(number)
        server.wait(PATIENCE_SECONDS)
        assert processes_of(winnow.home) == []


def test_a_signal_to_all_of_them_as_from_a_terminal_ends_all(winnow):
    with serving(winnow.home, "--with-worker", start_new_session=True) as (server, _):
        assert comes_true(workers_of, server)
        os.killpg(server.pid, signal.SIGINT)
        server.wait(PATIENCE_SECONDS)
        assert comes_true(lambda: not processes_of(winnow.home))


def test_whoever_kills_the_server_kills_its_worker(winnow):
    with serving(winnow.home, "--with-worker") as (server, _):
        assert comes_true(workers_of, server)
        server.kill()
        server.wait(PATIENCE_SECONDS)
        assert comes_true(lambda: not processes_of(winnow.home))


def test_pauses_grow_to_a_bound_and_begin_anew_after_a_worker_that_lived():
    pauses = [0.0]
    for _ in range(9):
        pauses.append(pause_after(pauses[-1], lived=0.1))
    assert pauses[1:] == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert pause_after(60.0, lived=61.0) == 1
