"""Is anything lost or doubled when gathering is killed? Feeds of a local folder, kill -9 at random moments.

`gather_kill.py [KILLS [POLLERS]]`: rounds of POLLERS processes that gather the same feeds at once, each killed at a
moment of its own, until KILLS are reached; then one run to the end, and a count. On SQLite, or with `DATABASE_URL` on two
databases that are made on that server. Raw log in results/gather_kill_DATABASE.log.
"""

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from record import RESULTS, ROOT, record

KILLS = int(sys.argv[1]) if len(sys.argv) > 1 else 200
POLLERS = int(sys.argv[2]) if len(sys.argv) > 2 else 20
SERVER = os.environ.get("DATABASE_URL", "")
FEEDS = sorted(
    path for path in (ROOT / "data" / "feeds").iterdir() if path.suffix in (".rss", ".xml", ".atom", ".json")
)
HELD = "SELECT s.address, i.external_id FROM winnow_item i JOIN winnow_source s ON s.id = i.source_id"
UNDECIDED = "SELECT count(*) FROM winnow_item WHERE state = 'admitted'"
# Twenty processes need a while to start where two cores share them; later they gather.
EARLIEST_SECONDS, LATEST_SECONDS = 2.0, 40.0


class Home:
    """A home with a database of its own."""

    def __init__(self, name: str, folder: str) -> None:
        self.folder = Path(folder)
        self.url = urlunsplit(urlsplit(SERVER)._replace(path=f"/{name}")) if SERVER else ""
        if SERVER:
            self._run(SERVER, f"CREATE DATABASE {name}")

    def gather(self) -> subprocess.Popen[bytes]:
        """A process that gathers every feed."""
        env = {**os.environ, "WINNOW_HOME": str(self.folder), "OMP_NUM_THREADS": "1"}
        command = [sys.executable, "-m", "winnow", "gather", *map(str, FEEDS)]
        env |= {"DATABASE_URL": self.url} if self.url else {}
        return subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def rows(self, query: str) -> list[Any]:
        """What a query finds."""
        if self.url:
            return self._run(self.url, query)
        with sqlite3.connect(self.folder / "winnow.sqlite3") as database:
            return database.execute(query).fetchall()

    @staticmethod
    def _run(url: str, statement: str) -> list[Any]:
        import psycopg  # noqa: PLC0415 - on PostgreSQL alone

        with psycopg.connect(url, autocommit=True) as database:
            cursor = database.execute(statement)
            return cursor.fetchall() if cursor.description else []


def main() -> None:
    """Kill, finish, compare with a run that nobody disturbed."""
    rng = random.Random(7)
    name = "postgresql" if SERVER else "sqlite"
    with tempfile.TemporaryDirectory() as calm, tempfile.TemporaryDirectory() as disturbed:
        peaceful, home = Home("calm", calm), Home("disturbed", disturbed)
        peaceful.gather().wait()
        expected = Counter(peaceful.rows(HELD))
        lines = _kill_rounds(home, rng)
        home.gather().wait()
        found, undecided = Counter(home.rows(HELD)), home.rows(UNDECIDED)[0][0]
    (RESULTS / f"gather_kill_{name}.log").write_text("\n".join(lines) + "\n")
    figures = {
        "kills": sum(" killed " in line for line in lines),
        "pollers at once": POLLERS,
        "entries": len(expected),
        "lost": len(expected - found),
        "doubled": sum(n - 1 for n in found.values()),
        "unexpected": len(found - expected),
        "undecided": undecided,
    }
    record(f"gather_kill_{name}", figures)


def _kill_rounds(home: Home, rng: random.Random) -> list[str]:
    """Rounds of processes at once; a line for each kill, with the time and how much was held then."""
    lines: list[str] = []
    while sum(" killed " in line for line in lines) < KILLS:
        pollers = [home.gather() for _ in range(POLLERS)]
        moments = sorted(rng.uniform(EARLIEST_SECONDS, LATEST_SECONDS) for _ in pollers)
        began = time.monotonic()
        for moment, poller in zip(moments, rng.sample(pollers, len(pollers)), strict=True):
            time.sleep(max(0.0, began + moment - time.monotonic()))
            word = "killed" if poller.poll() is None else "had ended"
            poller.send_signal(signal.SIGKILL)
            poller.wait()
            lines.append(f"{time.strftime('%H:%M:%S')} {poller.pid} {word} after {moment:.1f} s; {_held(home)} held")
    return lines


def _held(home: Home) -> object:
    try:
        return home.rows("SELECT count(*) FROM winnow_item")[0][0]
    except Exception as error:  # noqa: BLE001 - the tables may not be there yet, or the database busy
        return type(error).__name__


if __name__ == "__main__":
    main()
