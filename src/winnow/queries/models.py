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

    def as_json(self) -> dict[str, object]:
        """The row of the command."""
        return {
            "ref": self.ref,
            "recipe": self.recipe,
            "role": self.role or None,
            "dataset_sha256": self.dataset_sha256,
            "manifest_sha256": self.manifest_sha256,
            "created_at": self.created_at.isoformat(),
        }


def model_rows() -> list[ModelRow]:
    """Every model, newest first."""
    serves = _roles()
    return [
        ModelRow(v.ref, v.recipe, serves.get(v.pk, ""), v.dataset_sha256, v.manifest_sha256, v.created_at)
        for v in ModelVersion.objects.order_by("-pk")
    ]


def model_row(ref: str) -> tuple[ModelVersion, str]:
    """One model by its name, and the role in which it serves, empty where it does not. Raises NotFoundError."""
    version = ModelVersion.objects.select_related("dataset").defer("dataset__rows").filter(ref=ref).first()
    if version is None:
        raise NotFoundError(f"there is no model {ref!r}; `/models` names them")
    return version, _roles().get(version.pk, "")


def _roles() -> dict[int, str]:
    """The role in which a model serves, by its key."""
    newest = {deployment.role: deployment for deployment in Deployment.objects.order_by("pk")}
    return {row.model_version_id: role for role, row in sorted(newest.items(), reverse=True) if row.share > 0.0}
