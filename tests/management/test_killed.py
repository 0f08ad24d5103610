"""Commands that were killed (-9) where it hurts are run again, and all is well."""

import signal
import subprocess
import sys
import time

from tests.databases import ask
from tests.management.conftest import environment


def killed(home, *words, after):
    command = [sys.executable, "-m", "winnow", *map(str, words)]
    process = subprocess.Popen(command, env=environment(home), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    return process.wait() == -signal.SIGKILL


def test_d7_migrations_that_were_killed_are_finished_by_the_next_command(winnow):
    for seconds in (0.8, 1.4, 2.0, 2.6):
        killed(winnow.home, "tags", after=seconds)
    done = winnow("tags")
    assert (done.status, done.err) == (0, "")
    assert len(ask(winnow.home, "SELECT * FROM winnow_tag WHERE is_approved")) == 4


def test_d1_a_backup_that_was_killed_leaves_nothing_that_looks_whole(winnow, tmp_path):
    assert winnow("tags").status == 0
    for n, seconds in enumerate((1.2, 1.6, 2.0)):
        if killed(winnow.home, "backup", tmp_path / f"{n}", after=seconds):
            named = (tmp_path / f"{n}").glob("winnow-*")
            assert all((folder / "manifest.json").is_file() for folder in named)
    assert winnow("backup", tmp_path / "0").status == 0
    assert not list((tmp_path / "0").glob(".partial-*"))
