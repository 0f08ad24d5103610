"""The registry as a list."""

from dataclasses import dataclass
from datetime import datetime

from winnow.core.errors import NotFoundError
from winnow.models import Deployment, ModelVersion


@dataclass(frozen=True, slots=True)
class ModelRow:
    """A trained model and the role in which it serves, empty where it does not."""

    ref: str
    recipe: str
    role: str
    dataset_sha256: str
    manifest_sha256: str
    created_at: datetime
    stage: str = ""

    def as_json(self) -> dict[str, object]:
        """The row of the command."""
        return {
            "ref": self.ref,
            "recipe": self.recipe,
            "role": self.role or None,
            "stage": self.stage or None,
            "dataset_sha256": self.dataset_sha256,
            "manifest_sha256": self.manifest_sha256,
            "created_at": self.created_at.isoformat(),
        }


def model_rows() -> list[ModelRow]:
    """Every model, newest first."""
    serves = _serving()
    return [_row(version, serves.get(version.pk)) for version in ModelVersion.objects.order_by("-pk")]


def model_row(ref: str) -> tuple[ModelVersion, str]:
    """One model by its name, and the role in which it serves, empty where it does not. Raises NotFoundError."""
    version = ModelVersion.objects.select_related("dataset").defer("dataset__rows").filter(ref=ref).first()
    if version is None:
        raise NotFoundError(f"there is no model {ref!r}; `/models` names them")
    serves = _serving().get(version.pk)
    return version, serves.role if serves else ""


def _row(version: ModelVersion, serves: Deployment | None) -> ModelRow:
    return ModelRow(
        version.ref,
        version.recipe,
        serves.role if serves else "",
        version.dataset_sha256,
        version.manifest_sha256,
        version.created_at,
        serves.stage_name if serves else "",
    )


def _serving() -> dict[int, Deployment]:
    """What puts a model to work, by its key."""
    newest = {deployment.role: deployment for deployment in Deployment.objects.order_by("pk")}
    return {row.model_version_id: row for _, row in sorted(newest.items(), reverse=True) if row.share > 0.0}
