"""Models by reference: a name, a role, or a folder."""

from pathlib import Path

from winnow.ml.serving import Model, load_artifact
from winnow.services.deploy import load_version, version_of
from winnow.services.taxonomy import approved_list


def model_of(ref: str) -> tuple[Model, str]:
    """The loaded model behind `v5-3`, `champion` or a folder, and the name to cite it by.

    Raises NotFoundError where nothing is called that, ArtifactError where the folder is not to be trusted.
    """
    if "/" in ref or ref in (".", "..") or Path(ref).is_dir():
        return load_artifact(Path(ref), approved_list()), ref
    version = version_of(ref)
    return load_version(version), version.ref
