"""A home that is thrown away."""

import signal
import subprocess
import sys
import time

from tests.management.conftest import environment


def program(words):
    """A process that runs these words elsewhere."""
    code = f"import sys; from winnow.services.elsewhere import run_elsewhere; sys.exit(run_elsewhere({words!r}))"
    return [sys.executable, "-c", code]


def test_the_command_runs_in_another_home_and_its_status_is_told(tmp_path):
    env = {**environment(tmp_path / "home"), "TMPDIR": str(tmp_path), "DATABASE_URL": "postgresql://nobody@nowhere/x"}
    done = subprocess.run(program(["tags"]), env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "mlops" in done.stdout
    assert list(tmp_path.iterdir()) == []
    assert subprocess.run(program(["nonsense"]), env=env, capture_output=True, check=False).returncode == 2


def test_whoever_is_asked_to_stop_leaves_nothing_behind(tmp_path):
    env = {**environment(tmp_path / "home"), "TMPDIR": str(tmp_path)}
    started = subprocess.Popen(program(["work"]), env=env)
    while not list(tmp_path.glob("winnow-simulation-*/winnow.sqlite3")):
        time.sleep(0.1)
    started.send_signal(signal.SIGTERM)
    assert started.wait(timeout=20) == 128 + signal.SIGTERM
    assert list(tmp_path.iterdir()) == []
