"""The registry: take trained models in, say what serves, load it."""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from winnow.core.errors import ArtifactError, ConflictError, NotFoundError
from winnow.core.policy import Policy
from winnow.core.values import Classification, Document
from winnow.ml.encoder import Encoder
from winnow.ml.serving import Model, load_artifact
from winnow.models import DatasetVersion, Deployment, GateDecision, ModelVersion
from winnow.models.registry import FIRST_STAGE, DeploymentRole
from winnow.services.certificates import burns_of, policy_in_force, with_burns
from winnow.services.encode import Vectors
from winnow.services.log import record_event
from winnow.services.taxonomy import approved_list
from winnow.services.turns import take_turn

MODELS = "models"
# How many deployments back a model is looked for that can be loaded.
FALLBACKS = 5


@dataclass(frozen=True, slots=True)
class Serving:
    """A loaded model with its row, and the thresholds in force: its certificate's, or those that it came with."""

    version: ModelVersion
    loaded: Model
    policy: Policy

    @property
    def ref(self) -> str:
        """The name by which answers cite it."""
        return self.version.ref

    @property
    def needs_encoder(self) -> bool:
        """Whether it reads vectors."""
        return self.loaded.needs_encoder

    def classify(
        self, documents: Sequence[Document], *, encoder: Encoder | None = None, vectors: Vectors | None = None
    ) -> list[Classification]:
        """One classification a Document."""
        return self.loaded.classify(documents, encoder=encoder, vectors=vectors)


_loaded: dict[str, Serving] = {}
_lock = threading.Lock()


def serving(role: str) -> Serving | None:
    """What serves in a role, loaded once a process and exchanged as soon as the newest Deployment names another.

    Where the folder of that one is torn or tampered with, the model before it goes on serving.
    None where nothing was ever deployed, or the role was ended. Raises ArtifactError where none of the newest few can be loaded.
    """
    rows = Deployment.objects.filter(role=role).select_related("model_version").order_by("-pk")
    newest = list(rows[:FALLBACKS])
    if newest and newest[0].share == 0.0:
        return None
    fault: ArtifactError | None = None
    for version in dict.fromkeys(deployment.model_version for deployment in newest):
        try:
            return _held(role, version)
        except ArtifactError as error:
            fault = fault or error
    if fault is not None:
        raise fault
    return None


def _held(role: str, version: ModelVersion) -> Serving:
    """The model of a role, from memory where it is there; its policy is that which is in force now."""
    certified, burns = policy_in_force(version), burns_of(version)
    with _lock:
        held = _loaded.get(role)
        if held is None or held.version.manifest_sha256 != version.manifest_sha256 or held.version.pk != version.pk:
            loaded = load_version(version)
            held = Serving(version, loaded, loaded.policy)
        policy = with_burns(certified or held.loaded.policy, burns)
        held = _loaded[role] = held if held.policy == policy else replace(held, policy=policy)
    return held


def load_version(version: ModelVersion) -> Model:
    """The model behind a row. Raises ArtifactError, also where the folder is not the one that was registered."""
    loaded = load_artifact(settings.HOME / version.folder, approved_list())
    if loaded.sha256 != version.manifest_sha256:
        raise ArtifactError(f"{version.folder}: is not the folder that was registered as {version.ref}")
    return loaded


def version_of(ref: str) -> ModelVersion:
    """The model of a name such as `v5-3` or of a role. Raises NotFoundError."""
    if ref in Deployment.Role.values:
        newest = Deployment.objects.filter(role=ref).select_related("model_version").order_by("-pk").first()
        if newest is None or newest.share == 0.0:
            raise NotFoundError(
                f"nothing serves as {ref} yet: train a model with `winnow train best`, or run `make demo`"
            )
        return newest.model_version
    version = ModelVersion.objects.filter(ref=ref).first()
    if version is None:
        raise NotFoundError(f"there is no model {ref!r}: `winnow models` names them, or give a model folder")
    return version


def refuse_experiment(recipe: Mapping[str, Any]) -> None:
    """Raises ConflictError where a recipe is one of recipes/experiments/: those have a verdict, and prove a concept."""
    if recipe.get("verdict"):
        raise ConflictError(
            f"recipe {recipe['name']}: a proof of concept; it cannot be deployed. `winnow train {recipe['name']} --out DIR` keeps it in a folder"
        )


def register_model(loaded: Model, *, dataset: DatasetVersion | None) -> ModelVersion:
    """Give a trained folder (already below the home) its row and its name; the same folder twice is one row.

    Raises ConflictError for an experiment, so that none is ever there to be deployed.
    """
    refuse_experiment(loaded.recipe)
    with transaction.atomic():
        take_turn("register")
        known = ModelVersion.objects.filter(manifest_sha256=loaded.sha256).first()
        if known is not None:
            return known
        recipe = loaded.recipe
        # By version, not by recipe: recipes of people's own may share a version with ours.
        n_before = ModelVersion.objects.filter(ref__startswith=f"{recipe['version']}-").count()
        version = ModelVersion.objects.create(
            ref=f"{recipe['version']}-{n_before + 1}",
            recipe=recipe["name"],
            folder=str(Path(MODELS) / loaded.sha256[:16]),
            manifest_sha256=loaded.sha256,
            dataset=dataset,
            dataset_sha256=loaded.dataset_sha256,
            encoder_sha256=loaded.encoder_sha256 or "",
            policy=asdict(loaded.policy),
            card=loaded.card,
        )
        record_event("model.registered", ref=version.ref, sha256=loaded.sha256)
    return version


@transaction.atomic
def deploy(
    gate: GateDecision, *, reason: str, share: float = 1.0, stage: str = "", takes_back: Deployment | None = None
) -> Deployment:
    """Let the model that passed a gate serve in its role from now on; what served before is one row away.

    Whatever is asked here, the database lets nothing through that did not pass. A share of 0 ends a role.
    `stage` is the first one of the role unless it is said.
    Raises ArtifactError where the folder is torn or tampered with; then nothing has changed. A role ends all the same.
    """
    version = gate.model_version
    if share > 0.0:
        load_version(version)
    deployment = Deployment.objects.create(
        role=gate.role,
        model_version=version,
        gate=gate,
        share=share,
        stage=stage or FIRST_STAGE[DeploymentRole(gate.role)],
        model_sha256=gate.model_sha256,
        dataset_sha256=gate.dataset_sha256,
        policy_sha256=gate.policy_sha256,
        code_sha256=gate.code_sha256,
        takes_back=takes_back,
        reason=reason,
    )
    record_event("model.deployed", ref=version.ref, role=gate.role, share=share, stage=deployment.stage, reason=reason)
    return deployment
