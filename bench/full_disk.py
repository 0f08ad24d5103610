"""What becomes of writes when the disk is full, and when there is room again. As root, on Linux: a small disk in memory.

Rows are written one by one until the disk refuses, pages are read meanwhile, then room is made; what was acknowledged must be
there, and writing go on without anybody's help. Ten rounds.
"""

import atexit
import os
import subprocess
import tempfile
from pathlib import Path

from record import record

ROUNDS, DISK, ROOM = 10, "64m", 2**20
ROWS = 20_000


def main() -> None:
    """Fill and make room, again and again."""
    disk = Path(tempfile.mkdtemp())
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", disk], check=True)
    atexit.register(subprocess.run, ["umount", "-l", disk], check=False)
    tempfile.tempdir = str(disk)
    from django.db import DatabaseError, connection  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from throwaway import ensure_ready  # noqa: PLC0415 - makes a home of its own, on that disk
    from winnow.models import Job  # noqa: PLC0415
    from winnow.services.jobs import enqueue  # noqa: PLC0415

    ensure_ready()
    client, ballast = Client(HTTP_HOST="127.0.0.1"), disk / "ballast"
    acknowledged: set[str] = set()
    refused = read = resumed = 0
    for number in range(ROUNDS):
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        ballast.write_bytes(bytes(max(0, free - ROOM)))
        for n in range(ROWS):
            key = f"{number}-{n}"
            try:
                enqueue("bench", key, payload={"text": "x" * 2000})
            except DatabaseError as error:
                print(number, n, error)
                refused += 1
                break
            acknowledged.add(key)
        read += client.get("/").status_code == 200
        ballast.unlink()
        enqueue("bench", f"{number}-after")
        acknowledged.add(f"{number}-after")
        resumed += 1
    held = set(Job.objects.filter(kind="bench").values_list("key", flat=True))
    with connection.cursor() as cursor:
        is_whole = cursor.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
    figures = {
        "rounds": ROUNDS,
        "rounds in which the disk refused": refused,
        "pages read on the full disk": read,
        "rounds in which writing went on by itself": resumed,
        "acknowledged": len(acknowledged),
        "lost": len(acknowledged - held),
        "there without being acknowledged": len(held - acknowledged),
        "is whole": is_whole,
    }
    record("full_disk_sqlite", figures)


if __name__ == "__main__":
    main()
