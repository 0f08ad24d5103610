"""Name the state of files by a hash, so that a copy without its history can be judged."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

_MADE = {"__pycache__", ".DS_Store"}


def tree_sha256(root: Path, paths: Iterable[str]) -> str:
    """The hash of files and folders under `root`, by path and content; "" where one of them is not there."""
    digest = hashlib.sha256()
    for name in sorted(set(paths)):
        place = root / name
        if not place.exists():
            return ""
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in files:
            if path.is_file() and not _MADE.intersection(path.parts) and path.suffix != ".pyc":
                content = hashlib.sha256(path.read_bytes()).hexdigest()
                digest.update(f"{path.relative_to(root).as_posix()}\0{content}\n".encode())
    return digest.hexdigest()
