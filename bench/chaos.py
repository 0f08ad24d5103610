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

PORT = 18_431
FEEDS = [str(path) for path in sorted((ROOT / "data" / "feeds").glob("*.xml"))]
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
# The server's begins when it is ready.
OF_THE_SERVER = (0.1, 4.0)
CHECKED_EVERY = 50
LONGEST_WAIT = 600.0
Alive = dict[str, tuple[subprocess.Popen[bytes], float]]


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
        "from winnow.models import Account, Item, ReviewTask\n"
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
    start, lines, faults, n_killed = _seconds_of_a_start(), list[str](), list[str](), 0
    alive: Alive = {}
    while (n_killed < n_kills or not _is_acknowledged(home, sent)) and time.monotonic() < until:
        for role, command in ROLES.items():
            process, end = alive.get(role, (None, 0.0))
            if process is None or process.poll() is not None:
                if process is not None:
                    lines.append(_line(role, process, f"ended with {process.returncode}"))
                process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                waits = LONGEST_WAIT if role == "web" else start * rng.uniform(*LIFE)
                alive[role] = (process, time.monotonic() + waits)
                lines.append(_line(role, process, "started"))
            elif time.monotonic() >= end:
                process.kill()
                process.wait()
                del alive[role]
                lines.append(_line(role, process, "killed"))
                n_killed += 1
                if n_killed % CHECKED_EVERY == 0:
                    faults += _faults(home)
                    print(n_killed, faults, flush=True)
            elif role == "web" and end - time.monotonic() > LONGEST_WAIT / 2 and _is_ready():
                alive[role] = (process, time.monotonic() + start * rng.uniform(*OF_THE_SERVER))
                lines.append(_line(role, process, "ready"))
        time.sleep(0.05)
    for process, _ in alive.values():
        process.kill()
        process.wait()
    return lines, faults


def _line(role: str, process: subprocess.Popen[bytes], what: str) -> str:
    return f"{time.strftime('%H:%M:%S')} {role} {process.pid} {what}"


def _seconds_of_a_start() -> float:
    """As many at once as there are roles, which is how they start."""
    began = time.monotonic()
    started = [subprocess.Popen([*WINNOW, "tags"], stdout=subprocess.DEVNULL) for _ in ROLES]
    for process in started:
        process.wait()
    return time.monotonic() - began


def _is_ready() -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{PORT}/api/v1/readyz", timeout=2) as answer:
            return bool(answer.status == 200)
    except (OSError, http.client.HTTPException):
        return False


def _is_acknowledged(home: Path, sent: Path) -> bool:
    return "https://" in sent.read_text() and any(log.stat().st_size for log in home.glob("acknowledged-*"))


def _send(token: str, sent: Path, stop: threading.Event) -> None:
    """Send works in without pause; write down what was acknowledged."""
    n = 0
    with sent.open("w") as log:
        while not stop.is_set():
            n += 1
            work = {"url": f"https://example.org/chaos/{n}", "title": f"Training networks number {n} at scale"}
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
    held = Counter(url for (url,) in _rows(home, "SELECT url FROM winnow_item WHERE url LIKE '%/chaos/%'"))
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
