"""A PostgreSQL of one's own: in a temporary folder, heard on a socket there alone, and gone at the end, killed or not."""

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

MISSING = "PostgreSQL is missing: install the package postgresql (`make test` does so where it may)"
# Sorted as people sort, and not by bytes: what relies on the order of bytes shows here, as it would in production.
INITDB = ("--auth=trust", "--username=winnow", "--encoding=UTF8", "--locale=C.UTF-8", "--locale-provider=icu")
ORDER = "--icu-locale=en-US"
# Nobody needs these rows after a crash of the machine.
FAST = ("-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off", "-c", "max_connections=200")
# It stops the server and removes the folder as soon as nobody holds the other end of its input: whoever held it may have
# been killed, and could not do it then.
KEEPER = 'folder=$1; shift; "$@" & server=$!; cat >/dev/null; kill -INT $server; wait $server; rm -rf "$folder"'


@contextmanager
def cluster():
    """A running cluster; gives the address of its database `postgres`. Raises FileNotFoundError where none is installed."""
    bin_ = binaries()
    # PostgreSQL refuses to run as root; Debian's package makes an account for it.
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="winnow-postgresql-"))
    if user:
        os.chown(folder, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)
    run = {"user": user, "group": user, "extra_groups": [] if user else None, "cwd": folder}
    data = folder / "data"
    subprocess.run([bin_ / "initdb", "-D", data, *INITDB, ORDER], check=True, capture_output=True, **run)
    server = [bin_ / "postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", *FAST]
    with (folder / "log").open("wb") as log:
        keeper = subprocess.Popen(
            ["sh", "-c", KEEPER, "keeper", folder, *server],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=log,
            # Ctrl-C is for us alone.
            start_new_session=True,
            **run,
        )
    try:
        _wait(bin_, folder)
        yield f"postgresql://winnow@/postgres?{urlencode({'host': folder})}"
    finally:
        keeper.stdin.close()
        keeper.wait(timeout=60)


def binaries():
    """Where the newest PostgreSQL of this machine keeps its programs; Debian does not put them on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3].split(".")[0]))
    on_path = shutil.which("initdb")
    if not found and on_path is None:
        raise FileNotFoundError(MISSING)
    return found[-1].parent if found else Path(on_path).resolve().parent


def _wait(bin_, folder, seconds=60):
    until = time.monotonic() + seconds
    while subprocess.run([bin_ / "pg_isready", "-q", "-h", folder], check=False).returncode:
        if time.monotonic() > until:
            raise TimeoutError((folder / "log").read_text())
        time.sleep(0.05)
