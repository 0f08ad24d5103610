"""Whether anything acknowledged is lost, doubled or torn when everything is killed (-9) at random moments, all of it at once.

`chaos.py [KILLS [SECONDS [HOME]]]`: in a new demo, or a copy of that home of a demo, a server, a worker, a gathering, a reviewer, a training and a promotion run
side by side; each is killed at a moment of its own and started anew, until KILLS are reached or the time is over. A client
sends works in and notes each that was acknowledged; reviewers note their answers. On SQLite. Raw log in results/chaos.log.
"""

import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3

from record import RESULTS, ROOT, record

with socket.socket() as _probe:
    _probe.bind(("127.0.0.1", 0))
    PORT = _probe.getsockname()[1]
FEEDS = [str(path) for path in sorted((ROOT / "data" / "feeds").glob("*.xml"))[:2]]
WINNOW = [sys.executable, "-m", "winnow"]
ROLES = {
    "web": [*WINNOW, "serve", "--port", str(PORT)],
    "worker": [*WINNOW, "work"],
    "gathering": [*WINNOW, "gather", *FEEDS],
    "labelling": [sys.executable, str(ROOT / "bench" / "review_kill.py"), "reviewer"],
    "training": [*WINNOW, "train", "linear"],
    "promotion": [*WINNOW, "promote"],
}
# In starts of a command, which is how slow the machine is today: from before the first row is written until well into the work.
LIFE = (0.7, 4.0)
# Two of three servers are let answer first, for a server that is always killed before it does loses nothing.
IS_LET_ANSWER = 2 / 3
OF_THE_SERVER = (0.0, 2.0)
CHECKED_EVERY = 50
LONGEST_WAIT = 600.0


def main(n_kills: int = 500, seconds: int = 3600, demo: str = "") -> None:
    """Set up, disturb, finish, count."""
    rng = random.Random(11)
    with tempfile.TemporaryDirectory(prefix="winnow-chaos-") as folder:
        home = Path(folder)
        os.environ |= {
            "WINNOW_HOME": folder,
            "OMP_NUM_THREADS": "1",
            "WINNOW_BASE_URL": f"http://127.0.0.1:{PORT}",
            "WINNOW_LIMITS": "program=1000000",
        }
        if demo:
            shutil.copytree(demo, home, dirs_exist_ok=True)
        else:
            subprocess.run([*WINNOW, "demo"], check=True, capture_output=True)
        token = _prepare(home)
        sent, stop = home / "sent", threading.Event()
        client = threading.Thread(target=_send, args=(token, sent, stop), daemon=True)
        client.start()
        began = time.monotonic()
        lines, faults = _disturb(home, rng, n_kills, began + seconds, sent)
        stop.set()
        client.join()
        killed = [line.split()[1] for line in lines if line.endswith("killed")]
        subprocess.run([*WINNOW, "work", "--once"], check=True, capture_output=True)
        faults += _faults(home)
        figures = _counted(home) | {
            "kills": len(killed),
            "killed": dict(Counter(killed)),
            "faults of integrity, references and pointers": faults,
            "doctor": subprocess.run([*WINNOW, "doctor"], check=False, capture_output=True).returncode,
            "seconds": round(time.monotonic() - began),
        }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "chaos.log").write_text("\n".join(lines) + "\n")
    record("chaos", figures)
    if not (figures["works acknowledged"] and figures["answers acknowledged"]):
        sys.exit("nothing was acknowledged, so that nothing could be lost: this run proves nothing")


def _prepare(home: Path) -> str:
    """A token, a reviewer, and what it is to answer; the roles that need them are told."""
    made = subprocess.run([*WINNOW, "token", "chaos", "--scope", "submit", "--json"], check=True, capture_output=True)
    ref = _rows(home, "SELECT v.ref FROM winnow_deployment d JOIN winnow_modelversion v ON v.id = d.model_version_id")[
        0
    ][0]
    ROLES["promotion"] += [ref, "--as", "shadow"]
    code = (
        "import django; django.setup()\n"
        "from django.utils import timezone\n"
        "from winnow.models import Account, Item, Job, ReviewTask\n"
        # Where the works of the demo lead is asked of the network, which may not be there.
        "Job.objects.filter(kind='resolve').update(done_at=timezone.now())\n"
        "make = lambda n: Item(external_id=f'chaos-{n}', title=f'Work {n}', dated_at=timezone.now(), state='in_review')\n"
        "held = Item.objects.bulk_create(make(n) for n in range(20_000))\n"
        "ReviewTask.objects.bulk_create(ReviewTask(item=item, reason='low_confidence') for item in held)\n"
        "print(Account.objects.create(name='chaos reviewer', role='engineer').pk)\n"
    )
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "winnow.settings"}
    account = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=env).stdout
    ROLES["labelling"] += [account.strip(), str(home)]
    token: str = json.loads(made.stdout)["token"]
    return token


def _disturb(home: Path, rng: random.Random, n_kills: int, until: float, sent: Path) -> tuple[list[str], list[str]]:
    """A line for each start and end, and what was found torn; goes on until each kind of write was acknowledged."""
    field = _Field(rng, sent)
    faults: list[str] = []
    while (field.n_killed < n_kills or not _is_acknowledged(home, sent)) and time.monotonic() < until:
        n_before = field.n_killed
        for role in ROLES:
            field.look(role)
        if field.n_killed // CHECKED_EVERY > n_before // CHECKED_EVERY:
            faults += _faults(home)
            print(field.n_killed, faults, flush=True)
        time.sleep(0.05)
    field.clear()
    return field.lines, faults


class _Field:
    """All roles side by side, each to be killed at a moment of its own."""

    def __init__(self, rng: random.Random, sent: Path) -> None:
        self.lines: list[str] = []
        self.n_killed = 0
        self._rng, self._sent = rng, sent
        self._start = _seconds_of_a_start()
        self._alive: dict[str, tuple[subprocess.Popen[bytes], float]] = {}
        # How much was acknowledged when a server began that is let answer; None where it is killed at any moment.
        self._n_sent: int | None = None

    def look(self, role: str) -> None:
        """Start what is not there, kill what has lived its time."""
        process, end = self._alive.get(role, (None, 0.0))
        if process is None:
            self._begin(role)
        elif process.poll() is not None:
            self._end(role, f"ended with {process.returncode}")
        elif time.monotonic() >= end:
            process.kill()
            process.wait()
            self._end(role, "killed")
            self.n_killed += 1
        elif role == "web" and self._n_sent is not None and _n_acknowledged(self._sent) > self._n_sent:
            self._n_sent = None
            self._alive[role] = (process, self._after(OF_THE_SERVER))
            self._note(role, "answered")

    def clear(self) -> None:
        """Kill all that is left."""
        for process, _ in self._alive.values():
            process.kill()
            process.wait()

    def _begin(self, role: str) -> None:
        end = self._after(LIFE)
        if role == "web" and self._rng.random() < IS_LET_ANSWER:
            self._n_sent, end = _n_acknowledged(self._sent), time.monotonic() + LONGEST_WAIT
        process = subprocess.Popen(ROLES[role], cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self._alive[role] = (process, end)
        self._note(role, "started")

    def _end(self, role: str, what: str) -> None:
        self._note(role, what)
        del self._alive[role]

    def _after(self, starts: tuple[float, float]) -> float:
        return time.monotonic() + self._start * self._rng.uniform(*starts)

    def _note(self, role: str, what: str) -> None:
        self.lines.append(f"{time.strftime('%H:%M:%S')} {role} {self._alive[role][0].pid} {what}")


def _seconds_of_a_start() -> float:
    """As many at once as there are roles, which is how they start."""
    began = time.monotonic()
    started = [subprocess.Popen([*WINNOW, "tags"], stdout=subprocess.DEVNULL) for _ in ROLES]
    for process in started:
        process.wait()
    return time.monotonic() - began


def _n_acknowledged(sent: Path) -> int:
    return sent.read_text().count("https://")


def _is_acknowledged(home: Path, sent: Path) -> bool:
    return _n_acknowledged(sent) > 0 and any(log.stat().st_size for log in home.glob("acknowledged-*"))


def _send(token: str, sent: Path, stop: threading.Event) -> None:
    """Send works in without pause; write down what was acknowledged."""
    n = 0
    with sent.open("w") as log:
        while not stop.is_set():
            n += 1
            # An address that is a name leads nowhere else, so that the worker need not look where, network or none.
            work = {"url": f"https://arxiv.org/abs/2601.{n:05d}", "title": f"Training networks number {n} at scale"}
            request = urllib.request.Request(
                f"http://127.0.0.1:{PORT}/api/v1/items",
                data=json.dumps(work).encode(),
                headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
            )
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    answer.read()
                    log.write(f"{work['url']}\n")
                    log.flush()
            except urllib.error.HTTPError as error:
                log.write(f"refused {error.code}\n")
                time.sleep(0.2)
            except (OSError, http.client.HTTPException):
                # Nobody is there, or was killed in the middle of its answer.
                time.sleep(0.2)


def _faults(home: Path) -> list[str]:
    """What is torn: the database, its references, or the folder of what serves."""
    found = [row[0] for row in _rows(home, "PRAGMA integrity_check(3)") if row[0] != "ok"]
    found += [f"reference of {row[0]}" for row in _rows(home, "PRAGMA foreign_key_check")]
    models = _rows(home, "SELECT ref, folder FROM winnow_modelversion")
    return found + [f"{ref} has no folder" for ref, folder in models if not (home / folder / "manifest.json").is_file()]


def _counted(home: Path) -> dict[str, Any]:
    sent = [line for line in (home / "sent").read_text().splitlines() if line.startswith("https://")]
    held = Counter(
        url for (url,) in _rows(home, "SELECT url FROM winnow_item WHERE url LIKE 'https://arxiv.org/abs/2601.%'")
    )
    told = [
        line.split() for log in home.glob("acknowledged-*") for line in log.read_text().rpartition("\n")[0].split("\n")
    ]
    answers = [line[1] for line in told if len(line) == 2]
    labels = {str(pk) for (pk,) in _rows(home, "SELECT id FROM winnow_label")}
    twice = (
        "SELECT 1 FROM winnow_label WHERE task_id IS NOT NULL GROUP BY task_id, account_id HAVING count(*) > 1",
        "SELECT 1 FROM winnow_item GROUP BY source_id, external_id HAVING count(*) > 1 AND source_id IS NOT NULL",
    )
    count = "SELECT count(*) FROM"
    return {
        "works acknowledged": len(sent),
        "answers acknowledged": len(answers),
        "works gathered": _rows(home, f"{count} winnow_item WHERE source_id IS NOT NULL")[0][0],
        "models": _rows(home, f"{count} winnow_modelversion")[0][0],
        "promotions": _rows(home, f"{count} winnow_deployment")[0][0],
        "lost": sum(url not in held for url in sent) + sum(label not in labels for label in answers),
        "doubled": sum(n - 1 for n in held.values()) + sum(len(_rows(home, query)) for query in twice),
    }


def _rows(home: Path, query: str) -> list[Any]:
    with closing(pysqlite3.dbapi2.connect(home / "winnow.sqlite3", timeout=30)) as database:
        return list(database.execute(query).fetchall())


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]), *sys.argv[3:4])
