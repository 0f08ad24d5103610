"""The registry as a list."""

from dataclasses import dataclass
from datetime import datetime

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
    roles = {}
    for deployment in Deployment.objects.order_by("pk"):
        roles[deployment.role] = deployment.model_version_id
    serves = {version_id: role for role, version_id in roles.items()}
    return [
        ModelRow(v.ref, v.recipe, serves.get(v.pk, ""), v.dataset_sha256, v.manifest_sha256, v.created_at)
        for v in ModelVersion.objects.order_by("-pk")
    ]
