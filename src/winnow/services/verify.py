"""Train a model again from what was recorded of it, and compare the bytes."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings

from winnow.ml.artifacts import manifest_of
from winnow.models import ModelVersion
from winnow.services.deploy import MODELS, load_version, version_of
from winnow.services.measure import code_sha256
from winnow.services.train import train_again


@dataclass(frozen=True, slots=True)
class Verification:
    """What came of it; `differing` names the files that are not the same, `code_changed` says whether that may be why."""

    model: str
    is_same: bool
    sha256: str
    again_sha256: str
    differing: tuple[str, ...]
    code_changed: bool
    seconds: float

    def as_json(self) -> dict[str, object]:
        """The line of the command."""
        return asdict(self)


def verify_model(ref: str, *, data: Sequence[Path] = ()) -> Verification:
    """Check the folder of a model against its hashes, train it again, and compare every file.

    Raises ArtifactError where the folder is torn, InputError where the data of it is not at hand.
    """
    started = time.monotonic()
    version = version_of(ref)
    load_version(version)
    (settings.HOME / MODELS).mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=settings.HOME / MODELS, prefix="verify.tmp.") as scratch:
        folder = Path(scratch) / "model"
        again = train_again(version, folder, data=data)
        mine, other = (manifest_of(place) for place in (settings.HOME / version.folder, folder))
    differing = tuple(sorted(name for name in mine.keys() | other.keys() if mine.get(name) != other.get(name)))
    return Verification(
        model=version.ref,
        is_same=again.sha256 == version.manifest_sha256,
        sha256=version.manifest_sha256,
        again_sha256=again.sha256,
        differing=differing,
        code_changed=_code_of(version) not in (None, code_sha256()),
        seconds=time.monotonic() - started,
    )


def _code_of(version: ModelVersion) -> str | None:
    run = version.runs.order_by("pk").first()
    return run.code_sha256 if run else None
