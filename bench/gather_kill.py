"""Is anything lost or doubled when gathering is killed? Feeds of a local folder, kill -9 at random moments.

Each round starts from an empty home, kills `winnow gather` KILLS times, lets it finish once, and counts.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from record import ROOT, record

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 40
FEEDS = sorted(
    path for path in (ROOT / "data" / "feeds").iterdir() if path.suffix in (".rss", ".xml", ".atom", ".json")
)


def main() -> None:
    """Kill, finish, compare with a run that nobody disturbed."""
    rng = random.Random(7)
    with tempfile.TemporaryDirectory() as calm, tempfile.TemporaryDirectory() as disturbed:
        _gather(calm).wait()
        expected = _items(calm)
        for _ in range(KILLS):
            process = _gather(disturbed)
            time.sleep(rng.uniform(0.6, 4.0))
            process.send_signal(signal.SIGKILL)
            process.wait()
        _gather(disturbed).wait()
        found = _items(disturbed)
    n_doubled = len(found) - len(set(found))
    figures = {
        "kills": KILLS,
        "entries": len(expected),
        "lost": len(set(expected) - set(found)),
        "doubled": n_doubled,
        "unexpected": len(set(found) - set(expected)),
    }
    record("gather_kill", figures)


def _gather(home: str) -> subprocess.Popen[bytes]:
    env = {**os.environ, "WINNOW_HOME": home}
    return subprocess.Popen(
        [sys.executable, "-m", "winnow", "gather", *map(str, FEEDS)],
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _items(home: str) -> list[tuple[str, str]]:
    with sqlite3.connect(Path(home) / "winnow.sqlite3") as database:
        undecided = database.execute("SELECT count(*) FROM winnow_item WHERE state = 'admitted'").fetchone()[0]
        rows = database.execute(
            "SELECT s.address, i.external_id FROM winnow_item i JOIN winnow_source s ON s.id = i.source_id"
        ).fetchall()
    if undecided:
        raise SystemExit(f"{undecided} items were left undecided")
    return [(address, external_id) for address, external_id in rows]


if __name__ == "__main__":
    main()
