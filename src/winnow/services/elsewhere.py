"""Run a command in a home that is thrown away; imports nothing that the command itself will."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence

TERMINATED = 128 + signal.SIGTERM


def run_elsewhere(words: Sequence[str]) -> int:
    """Run `winnow` with these words in a home that is thrown away afterwards; returns its exit status.

    The home and the database of this installation are not so much as opened.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(TERMINATED))
    with tempfile.TemporaryDirectory(prefix="winnow-simulation-") as home:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DATABASE_URL")}
        # Ends with this process: leaving `run` by an exception kills what it runs.
        done = subprocess.run([sys.executable, "-m", "winnow", *words], env=kept | {"WINNOW_HOME": home}, check=False)  # noqa: S603 - this program itself
        return done.returncode
