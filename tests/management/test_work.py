"""`winnow work --once`: what is due is done, by one worker or by several, killed or not."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from tests.databases import ask
from tests.management.conftest import ROOT, environment

FEED = str(ROOT / "data" / "feeds" / "forgewatch.xml")


def start(home, *words):
    command = [sys.executable, "-m", "winnow", "work", *words]
    return subprocess.Popen(command, env=environment(home), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def catches(pid, number):
    """Whether a process has a handler for that signal already, as the kernel tells it."""
    status = dict(line.split(":", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines())
    return bool(int(status["SigCgt"], 16) >> (number - 1) & 1)


@pytest.fixture
def with_feed(winnow, monkeypatch):
    """A home with one feed that is due, and with nothing else to do."""
    monkeypatch.setenv("WINNOW_AUDIT_WITHHELD", "0")
    assert winnow("sources", "add", FEED, "--name", "feed").status == 0
    return winnow


def test_with_nothing_due_it_says_so(winnow):
    assert winnow("work", "--once").out == "0 jobs done.\n"


def test_a_due_source_is_read_once(with_feed):
    assert with_feed("work", "--once").out == "1 jobs done.\n"
    n_items = ask(with_feed.home, "SELECT count(*) FROM winnow_item")
    assert with_feed("work", "--once").out == "0 jobs done.\n"
    assert ask(with_feed.home, "SELECT count(*) FROM winnow_item") == n_items != [(0,)]
    assert ask(with_feed.home, "SELECT count(*) FROM winnow_item WHERE state = 'admitted'") == [(0,)]


def test_two_at_once_share_the_work(with_feed):
    workers = [start(with_feed.home, "--once") for _ in range(2)]
    said = [worker.communicate(timeout=120) for worker in workers]
    assert [err for _, err in said] == ["", ""]
    assert sorted(out for out, _ in said) == ["0 jobs done.\n", "1 jobs done.\n"]
    twice = "SELECT external_id FROM winnow_item GROUP BY source_id, external_id HAVING count(*) > 1"
    assert ask(with_feed.home, twice) == []


def test_what_a_killed_worker_was_doing_is_done_by_the_next_when_its_lease_runs_out(with_feed):
    killed = start(with_feed.home, "--once")
    until = time.monotonic() + 60
    while ask(with_feed.home, "SELECT count(*) FROM winnow_job WHERE token > 0") == [(0,)]:
        assert time.monotonic() < until
        time.sleep(0.01)
    killed.kill()
    killed.communicate()
    ask(with_feed.home, "UPDATE winnow_job SET lease_until = '2026-01-01 00:00:00'")
    assert with_feed("work", "--once").out == "1 jobs done.\n"
    assert ask(with_feed.home, "SELECT token, done_at IS NOT NULL FROM winnow_job WHERE kind = 'gather'") == [(2, 1)]
    assert ask(with_feed.home, "SELECT count(*) > 0 FROM winnow_item") == [(1,)]


def test_j4_parked_jobs_are_tried_anew_when_an_operator_says_so(with_feed):
    with_feed("work", "--once")
    ask(
        with_feed.home,
        "UPDATE winnow_job SET done_at = NULL, parked_at = '2026-01-01 00:00:00', n_attempts = 5, error = 'broken'"
        " WHERE kind = 'gather'",
    )
    examined = with_feed("doctor")
    assert "gather feed is parked: broken; mend the cause, then run `winnow work --retry-parked`" in examined.out
    assert with_feed("work", "--retry-parked").out == "1 parked jobs are tried anew.\n"
    assert ask(with_feed.home, "SELECT parked_at, n_attempts FROM winnow_job WHERE kind = 'gather'") == [(None, 0)]
    assert with_feed("work", "--once").out == "1 jobs done.\n"
    assert with_feed("work", "--retry-parked").out == "0 parked jobs are tried anew.\n"


def test_asked_to_stop_it_stops(winnow):
    winnow("tags")
    worker = start(winnow.home)
    until = time.monotonic() + 60
    while not catches(worker.pid, signal.SIGTERM):
        assert time.monotonic() < until
        time.sleep(0.02)
    worker.send_signal(signal.SIGTERM)
    out, err = worker.communicate(timeout=60)
    assert (worker.returncode, out, err) == (0, "0 jobs done.\n", "")
