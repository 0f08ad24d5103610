"""Make backups while others write, and see that they come back whole.

`backup.py [BACKUPS ITEMS]`: writers add rows without pause and note what was acknowledged; each backup is restored into a home of
its own by the command, which compares every row, and must hold all that was acknowledged before it began. On SQLite.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pysqlite3

from record import ROOT, quantiles, record

WRITERS = 2


def main(n_backups: int = 50, n_items: int = 5_000) -> None:
    """Fill, write, back up, restore, compare."""
    from throwaway import ensure_ready  # noqa: PLC0415 - makes a home of its own, which the writers share
    from winnow.services.backup import make_backup  # noqa: PLC0415

    ensure_ready()
    _fill(n_items)
    home = Path(os.environ["WINNOW_HOME"])
    writers = [
        subprocess.Popen([sys.executable, __file__, "write", str(n), str(home)], cwd=ROOT) for n in range(WRITERS)
    ]
    tried: list[tuple[float, float, bool, bool]] = []
    try:
        for n in range(n_backups):
            tried.append(_backed_up_and_restored(home, make_backup))
            print(n, *tried[-1], flush=True)
    finally:
        for writer in writers:
            writer.kill()
            writer.wait()
    seconds, restores = [one[0] for one in tried], [one[1] for one in tried]
    figures = {
        "backups": n_backups,
        "restored and equal": sum(is_equal for _, _, is_equal, _ in tried),
        "with every write acknowledged before": sum(is_kept for *_, is_kept in tried),
        "not whole": sum(not (is_equal and is_kept) for _, _, is_equal, is_kept in tried),
        "rows at the start": n_items,
        "written meanwhile": len(_acknowledged(home)),
        "seconds of a backup": quantiles(seconds),
        "seconds of a restore": quantiles(restores),
    }
    record("backup_sqlite", figures, {"backup": seconds, "restore": restores})


def _backed_up_and_restored(home: Path, make_backup: Callable[..., Any]) -> tuple[float, float, bool, bool]:
    """Seconds of a backup and of its restore, whether that was equal, and whether it held what was acknowledged before."""
    acknowledged = _acknowledged(home)
    with tempfile.TemporaryDirectory(dir=home.parent) as room:
        began = time.monotonic()
        made = make_backup(Path(room) / "backups", keep=1)
        made_at = time.monotonic()
        words = [sys.executable, "-m", "winnow", "restore", str(made.folder)]
        done = subprocess.run(
            words, env={**os.environ, "WINNOW_HOME": f"{room}/home"}, capture_output=True, check=False
        )
        is_kept = not done.returncode and acknowledged <= _held(Path(room) / "home")
        return made_at - began, time.monotonic() - made_at, not done.returncode, is_kept


def write(number: str, home: str) -> None:
    """Add rows, each in a transaction of its own, and note each that was acknowledged."""
    import django  # noqa: PLC0415

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winnow.settings")
    django.setup()
    from winnow.services.jobs import enqueue  # noqa: PLC0415

    with (Path(home) / f"acknowledged-{number}").open("w") as log:
        n = 0
        while True:
            key = f"{number}-{n}"
            enqueue("bench", key)
            log.write(f"{key}\n")
            log.flush()
            n += 1
            # What a busy site writes, and not what a disk can take.
            time.sleep(0.005)


def _acknowledged(home: Path) -> set[str]:
    texts = (path.read_text().rpartition("\n")[0] for path in home.glob("acknowledged-*"))
    return {line for text in texts for line in text.splitlines()}


def _held(home: Path) -> set[str]:
    with closing(pysqlite3.dbapi2.connect(home / "winnow.sqlite3")) as database:
        return {key for (key,) in database.execute("SELECT key FROM winnow_job WHERE kind = 'bench'")}


def _fill(n_items: int) -> None:
    from django.utils import timezone  # noqa: PLC0415

    from winnow.models import Item  # noqa: PLC0415

    now = timezone.now()
    Item.objects.bulk_create(Item(external_id=f"{n}", title=f"Work {n}", dated_at=now) for n in range(n_items))


if __name__ == "__main__":
    if sys.argv[1:2] == ["write"]:
        write(sys.argv[2], sys.argv[3])
    else:
        main(*map(int, sys.argv[1:]))
