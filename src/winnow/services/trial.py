"""A model on trial: what the checks of a gate look at, each part loaded when it is first asked for."""

from dataclasses import dataclass, field
from functools import cached_property

from django.conf import settings

from winnow.core.policy import Policy
from winnow.core.values import Example
from winnow.ml.serving import Model, policy_from_json
from winnow.ml.smoke import Smoke, smoke
from winnow.models import DatasetVersion, Deployment, ModelVersion
from winnow.services.certificates import policy_in_force
from winnow.services.deploy import load_version
from winnow.services.freeze import examples_of
from winnow.services.taxonomy import approved_list


def champion_version() -> ModelVersion | None:
    """The model that was made champion last; None where none ever was."""
    newest = Deployment.objects.filter(role=Deployment.Role.CHAMPION).select_related("model_version")
    deployment = newest.order_by("-pk").first()
    return deployment.model_version if deployment else None


@dataclass
class Trial:
    """A model that wants to serve in a role, and the champion that it is held against; None for a first model."""

    version: ModelVersion
    role: str
    champion: ModelVersion | None = field(default_factory=champion_version)
    _smoke: Smoke | None = None

    @cached_property
    def model(self) -> Model:
        """The model itself. Raises ArtifactError where its folder is torn or tampered with."""
        return load_version(self.version)

    @cached_property
    def policy(self) -> Policy:
        """The thresholds that would be in force: its certificate's, or those that it was trained with."""
        return policy_in_force(self.version) or policy_from_json(self.version.policy)

    @cached_property
    def dataset(self) -> DatasetVersion | None:
        """The frozen set that it learned from; None where it was trained from files."""
        return self.version.dataset

    def taught(self) -> list[Example]:
        """What it learned from, as far as that was frozen."""
        return examples_of(self.dataset, "train") if self.dataset else []

    def smoked(self, *, seconds: float, memory_mb: int) -> Smoke:
        """What came of trying it in a child process; tried once."""
        if self._smoke is None:
            self._smoke = smoke(
                settings.HOME / self.version.folder,
                approved_list(),
                encoder=settings.ENCODER,
                cache=settings.CACHE,
                seconds=seconds,
                memory_mb=memory_mb,
            )
        return self._smoke
