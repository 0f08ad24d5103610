"""A model is a folder: arrays, JSON, and a manifest with the hash of every other file. Never pickle.

Nothing in a folder depends on when, where or under which number it was written: equal content, equal bytes.
"""

import hashlib
import io
import json
import os
import shutil
import stat
import tempfile
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from winnow.core.errors import ArtifactError
from winnow.ml.durable import sync_folder, write_synced

FORMAT = 1
MANIFEST = "manifest.json"
ARRAYS = "arrays.npz"
MAX_FILES = 16
MAX_BYTES = 256 * 2**20
# The earliest date that a zip file can state.
_EPOCH = (1980, 1, 1, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Artifact:
    """What a verified folder held: arrays, JSON by file name, and the hash of its manifest."""

    arrays: Mapping[str, NDArray[Any]]
    texts: Mapping[str, Any]
    sha256: str


def write_artifact(folder: Path, kind: str, arrays: Mapping[str, NDArray[Any]], texts: Mapping[str, Any]) -> str:
    """Put a folder with `arrays`, one JSON file for each of `texts`, and the manifest into place; return its hash.

    The folder may exist if it is empty. It appears at once or not at all. Raises ArtifactError where it is taken.
    """
    files = {ARRAYS: _npz(arrays)} | {name: canonical_json(text) for name, text in texts.items()}
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in sorted(files.items())}
    manifest = canonical_json({"files": hashes, "format": FORMAT, "kind": kind})
    folder.parent.mkdir(parents=True, exist_ok=True)
    temporary = Path(tempfile.mkdtemp(dir=folder.parent, prefix=".tmp-"))
    try:
        for name, data in {**files, MANIFEST: manifest}.items():
            write_synced(temporary / name, data)
        temporary.chmod(0o755)
        sync_folder(temporary)
        temporary.rename(folder)
    except OSError as error:
        raise ArtifactError(f"{folder}: cannot be written ({error.strerror}); name a new or an empty folder") from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
    sync_folder(folder.parent)
    return hashlib.sha256(manifest).hexdigest()


def read_artifact(folder: Path, kind: str) -> Artifact:
    """Everything in a folder, after all of it was verified. Raises ArtifactError, and nothing was used then."""
    try:
        return _read(folder, kind)
    except OSError as error:
        raise ArtifactError(f"{folder}: cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, EOFError, AttributeError, zipfile.BadZipFile) as error:
        raise ArtifactError(f"{folder}: malformed ({error}); train it again or restore it from a backup") from error


def manifest_of(folder: Path) -> dict[str, str]:
    """The hash of every file by its name, as a folder states them. Raises ArtifactError where it states none."""
    try:
        return dict(json.loads((folder / MANIFEST).read_bytes())["files"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{folder}: holds no {MANIFEST} that can be read") from error


def canonical_json(value: Any) -> bytes:
    """JSON that is the same for the same value: sorted keys, UTF-8, a line break at the end."""
    return (json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def _read(folder: Path, kind: str) -> Artifact:
    sizes = _sizes(folder)
    if MANIFEST not in sizes:
        raise ArtifactError(f"{folder}: holds no {MANIFEST}, so it is no model folder")
    manifest = (folder / MANIFEST).read_bytes()
    hashes = _hashes(folder, json.loads(manifest), kind)
    if set(hashes) != set(sizes) - {MANIFEST}:
        odd = min(set(hashes) ^ (set(sizes) - {MANIFEST}))
        raise ArtifactError(f"{folder}: {odd} stands only in the manifest or only in the folder")
    contents = {name: (folder / name).read_bytes() for name in hashes}
    for name, data in contents.items():
        if hashlib.sha256(data).hexdigest() != hashes[name]:
            raise ArtifactError(f"{folder}: {name} was changed or torn; restore it from a backup or train again")
    texts = {name: json.loads(data) for name, data in contents.items() if name != ARRAYS}
    return Artifact(_arrays(contents[ARRAYS]), texts, hashlib.sha256(manifest).hexdigest())


def _sizes(folder: Path) -> dict[str, int]:
    """Name and size of every entry. Links and folders are refused: they lead out of what the manifest covers."""
    sizes = {}
    with os.scandir(folder) as entries:
        for entry in entries:
            status = entry.stat(follow_symlinks=False)
            if not stat.S_ISREG(status.st_mode):
                raise ArtifactError(f"{folder}: {entry.name} is no plain file")
            sizes[entry.name] = status.st_size
    if len(sizes) > MAX_FILES or sum(sizes.values()) > MAX_BYTES:
        raise ArtifactError(f"{folder}: more than {MAX_FILES} files or {MAX_BYTES >> 20} MiB")
    return sizes


def _hashes(folder: Path, manifest: dict[str, Any], kind: str) -> dict[str, str]:
    if manifest["format"] != FORMAT:
        raise ArtifactError(f"{folder}: has format {manifest['format']!r}, this version reads {FORMAT}; train it again")
    if manifest["kind"] != kind:
        raise ArtifactError(f"{folder}: is a {manifest['kind']!r}, not a {kind!r}")
    hashes: dict[str, str] = manifest["files"]
    for name in hashes:
        if name in {"", ".", "..", MANIFEST} or "/" in name or "\\" in name:
            raise ArtifactError(f"{folder}: {name!r} is no name of a file in it")
    return hashes


def _npz(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays as an npz file with a fixed date: numpy's own writer states the time."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(arrays):
            member = io.BytesIO()
            np.lib.format.write_array(member, np.asarray(arrays[name], order="C"), version=(1, 0), allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", _EPOCH), member.getvalue())
    return buffer.getvalue()


def _arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of an npz file: stored as they are, numbers only, all of them finite."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
            raise ValueError("a compressed array")
        arrays = {
            name.removesuffix(".npy"): np.lib.format.read_array(io.BytesIO(archive.read(name)), allow_pickle=False)
            for name in archive.namelist()
        }
    for name, array in arrays.items():
        if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
            raise ValueError(f"array {name} holds what is no finite number")
    return arrays
