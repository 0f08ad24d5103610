"""On what kind of disk a file lies."""

from pathlib import Path

# Locks of SQLite's WAL live in shared memory, which these do not share: https://sqlite.org/wal.html#overview
NETWORK_FILES = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "glusterfs", "fuse.sshfs", "fuse.glusterfs"}
)


def kind_of_disk(path: Path, mounts: str) -> str:
    r"""The file system that holds `path`, of lines as in /proc/mounts; empty where they do not say.

    >>> kind_of_disk(Path("/srv/share/a"), "disk / ext4 rw 0 0\nhost:/x /srv/share nfs4 rw 0 0")
    'nfs4'
    """
    rows = [line.split() for line in mounts.splitlines()]
    # Blanks in the name of a folder are written as \040 there.
    points = [(row[1].replace("\\040", " "), row[2]) for row in rows if len(row) > 2]
    held = [(len(point), kind) for point, kind in points if path.is_relative_to(point)]
    return max(held)[1] if held else ""
