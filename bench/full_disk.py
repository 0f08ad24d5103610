"""What becomes of writes when the disk is full, and when there is room again. As root, on Linux: a small disk in memory.

Rows are written one by one until the disk refuses, pages are read meanwhile, then room is made; what was acknowledged must be
there, and writing go on without anybody's help. Ten rounds.
"""

import atexit
import os
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from record import record

ROUNDS, DISK, ROOM = 10, "64m", 2**20
ROWS = 20_000


@dataclass
class Seen:
    """What was seen in the rounds up to now; `acknowledged` holds the keys of the rows that were taken."""

    acknowledged: set[str] = field(default_factory=set)
    refused: int = 0
    read: int = 0
    resumed: int = 0


def main() -> None:
    """Fill and make room, again and again."""
    disk = small_disk()
    from throwaway import ensure_ready  # noqa: PLC0415 - makes a home of its own, on that disk

    ensure_ready()
    seen = Seen()
    for number in range(ROUNDS):
        fill_and_make_room(number, disk, seen)
    record("full_disk_sqlite", figures_of(seen))


def small_disk() -> Path:
    """Mount a disk in memory, on which all that is temporary stands until this process ends."""
    disk = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], check=True)
    atexit.register(subprocess.run, ["umount", "-l", disk], check=False)
    tempfile.tempdir = str(disk)
    return disk


def fill_and_make_room(number: int, disk: Path, seen: Seen) -> None:
    """One round: leave little room, write until the disk refuses, read a page, make room, and write again."""
    from django.test import Client  # noqa: PLC0415 - needs the settings

    from winnow.services.jobs import enqueue  # noqa: PLC0415

    ballast = disk / "ballast"
    free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
    ballast.write_bytes(bytes(max(0, free - ROOM)))
    write_until_refused(number, seen)
    seen.read += Client(HTTP_HOST="127.0.0.1").get("/").status_code == 200
    ballast.unlink()
    enqueue("bench", f"{number}-after")
    seen.acknowledged.add(f"{number}-after")
    seen.resumed += 1


def write_until_refused(number: int, seen: Seen) -> None:
    """Row after row, each in a transaction of its own."""
    from django.db import DatabaseError  # noqa: PLC0415 - needs the settings

    from winnow.services.jobs import enqueue  # noqa: PLC0415

    for n in range(ROWS):
        key = f"{number}-{n}"
        try:
            enqueue("bench", key, payload={"text": "x" * 2000})
        except DatabaseError as error:
            print(number, n, error)
            seen.refused += 1
            return
        seen.acknowledged.add(key)


def figures_of(seen: Seen) -> dict[str, Any]:
    """What was acknowledged beside what is there."""
    from django.db import connection  # noqa: PLC0415 - needs the settings

    from winnow.models import Job  # noqa: PLC0415

    held = set(Job.objects.filter(kind="bench").values_list("key", flat=True))
    with connection.cursor() as cursor:
        is_whole = cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    return {
        "rounds": ROUNDS,
        "rounds in which the disk refused": seen.refused,
        "pages read on the full disk": seen.read,
        "rounds in which writing went on by itself": seen.resumed,
        "acknowledged": len(seen.acknowledged),
        "lost": len(seen.acknowledged - held),
        "there without being acknowledged": len(held - seen.acknowledged),
        "is whole": is_whole,
    }


if __name__ == "__main__":
    main()
