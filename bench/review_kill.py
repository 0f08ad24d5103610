"""Whether an answer is lost or doubled, or a task stuck, when reviewers are killed and frozen in the middle of their work.

`review_kill.py [TASKS KILLS FROZEN]`: eight reviewers, each a process that claims, answers and now and then sends its answer
twice; some are killed (-9) and started anew, some frozen past their lease and let go on. What was acknowledged is written
down before the next step. On SQLite, or on `DATABASE_URL`, which must be empty. Raw log in results/review_kill_DATABASE.log.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from record import RESULTS, ROOT, record

REVIEWERS = 8
FREEZE_SECONDS = 17.0
Process = subprocess.Popen[bytes]


def main(n_tasks: int = 10_000, n_kills: int = 200, n_frozen: int = 50) -> None:
    """Fill, disturb, wait until nothing is open, count."""
    from throwaway import ensure_ready  # noqa: PLC0415 - makes a home of its own, which the reviewers share
    from winnow.models import Account  # noqa: PLC0415

    ensure_ready()
    _fill(n_tasks)
    people = [Account.objects.create(name=f"reviewer {n}", role="engineer").pk for n in range(REVIEWERS)]
    folder = Path(os.environ["WINNOW_HOME"])
    began, lines = time.monotonic(), _disturbed(people, folder, n_kills, n_frozen)
    figures = _counted(folder) | {
        "tasks": n_tasks,
        "reviewers": REVIEWERS,
        "killed": sum(" killed " in line for line in lines),
        "frozen past their lease": sum(" frozen " in line for line in lines),
        "seconds": round(time.monotonic() - began, 1),
    }
    (RESULTS / f"review_kill_{connection.vendor}.log").write_text("\n".join(lines) + "\n")
    record(f"review_kill_{connection.vendor}", figures)


def _disturbed(people: list[int], folder: Path, n_kills: int, n_frozen: int) -> list[str]:
    """Reviewers at work until nothing is open, disturbed at random moments; a line for each disturbance."""
    from winnow.models import ReviewTask  # noqa: PLC0415

    rng, lines = random.Random(3), []
    fates = ["killed"] * n_kills + ["frozen"] * n_frozen
    rng.shuffle(fates)
    working = {pk: _start(pk, folder) for pk in people}
    thawed: dict[int, float] = {}
    while ReviewTask.objects.filter(closed_at=None).exists():
        time.sleep(rng.uniform(0.2, 0.9))
        for pk in [pk for pk, at in thawed.items() if at <= time.monotonic()]:
            working[pk].send_signal(signal.SIGCONT)
            del thawed[pk]
        free = [pk for pk in people if pk not in thawed]
        if fates and len(free) > 2:
            pk = rng.choice(free)
            fate = fates.pop()
            lines.append(f"{time.strftime('%H:%M:%S')} {working[pk].pid} {fate} as reviewer {pk}")
            if fate == "frozen":
                working[pk].send_signal(signal.SIGSTOP)
                thawed[pk] = time.monotonic() + FREEZE_SECONDS
            else:
                working[pk].kill()
                working[pk].wait()
        for pk, process in working.items():
            if process.poll() is not None:
                working[pk] = _start(pk, folder)
    for process in working.values():
        process.send_signal(signal.SIGCONT)
        process.wait(timeout=60)
    return lines


def _start(pk: int, folder: Path) -> Process:
    return subprocess.Popen([sys.executable, __file__, "reviewer", str(pk), str(folder)], cwd=ROOT)


def review(pk: int, folder: Path) -> None:
    """One reviewer: answers whatever it is given until nothing is open, and writes down what was acknowledged."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
    django.setup()
    from winnow.core.errors import ConflictError  # noqa: PLC0415
    from winnow.models import Account, ReviewTask, Tag  # noqa: PLC0415
    from winnow.services.claim import claim_task  # noqa: PLC0415
    from winnow.services.review import label_task  # noqa: PLC0415

    account, tags, rng = Account.objects.get(pk=pk), list(Tag.objects.all()), random.Random()
    # A file of its own for each process: the last line of one that was killed may be torn.
    with (folder / f"acknowledged-{pk}-{os.getpid()}").open("w", encoding="utf-8") as acknowledged:
        while True:
            try:
                task = claim_task(account)
                if task is None:
                    if not ReviewTask.objects.filter(closed_at=None).exists():
                        return
                    time.sleep(0.2)
                    continue
                said: dict[str, Any] = {"tag": rng.choice(tags), "token": task.token, "key": f"{task.pk}"}
                label = label_task(task=task, account=account, **said)
                acknowledged.write(f"{task.pk} {label.pk}\n")
                acknowledged.flush()
                if rng.random() < 0.2 and label_task(task=task, account=account, **said).pk != label.pk:
                    sys.exit("the same key gave another label")
            except ConflictError:
                continue
            except DatabaseError:
                time.sleep(0.05)


def _fill(n_tasks: int) -> None:
    from winnow.models import Item, ReviewTask  # noqa: PLC0415

    now = timezone.now()
    with transaction.atomic():
        works = [
            Item(external_id=f"{n}", title=f"Work {n}", dated_at=now, state=Item.State.IN_REVIEW)
            for n in range(n_tasks)
        ]
        held = Item.objects.bulk_create(works)
        ReviewTask.objects.bulk_create(ReviewTask(item=item, reason="low_confidence") for item in held)


def _counted(folder: Path) -> dict[str, int]:
    """What was promised: every task answered once, every acknowledged answer there, nobody twice."""
    from winnow.models import Label, ReviewTask  # noqa: PLC0415

    labels = list(Label.objects.values_list("pk", "task_id", "account_id", "is_gold"))
    decided = Counter(task for _, task, _, is_gold in labels if is_gold)
    given = Counter((task, account) for _, task, account, _ in labels)
    whole = [log.read_text().rpartition("\n")[0] for log in folder.glob("acknowledged-*")]
    told = [line.split() for text in whole for line in text.splitlines()]
    known = {str(pk) for pk, *_ in labels}
    return {
        "acknowledged": len(told),
        "lost": sum(label not in known for _, label in told),
        "doubled": sum(n - 1 for n in decided.values()) + sum(n - 1 for n in given.values()),
        "stuck": ReviewTask.objects.filter(closed_at=None).count() + (ReviewTask.objects.count() - len(decided)),
        "further opinions": sum(not is_gold for *_, is_gold in labels),
    }


if __name__ == "__main__":
    if sys.argv[1:2] == ["reviewer"]:
        review(int(sys.argv[2]), Path(sys.argv[3]))
    else:
        main(*map(int, sys.argv[1:]))
