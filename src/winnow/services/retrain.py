"""Learn from what people said since: train on every label, and let what comes out serve under what is proved of it."""

from pathlib import Path

from winnow.ml.encoder import Progress
from winnow.models import Deployment, ModelVersion
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.promote import promote_version
from winnow.services.recertify import look, recertify
from winnow.services.train import train_model
from winnow.services.trial import champion_version


def retrain(
    recipe: str = "best",
    *,
    target: float,
    delta: float,
    gates: Path,
    opens_audits: bool = True,
    is_draft: bool = False,
    is_measured: bool = True,
    progress: Progress | None = None,
) -> ModelVersion:
    """Train on all labels and serve it; what waits is asked about anew, and audits of the new model are opened.

    The certificate of the model before is no proof for this one: until its own audits suffice it publishes nothing.
    The audits of the model before train this one, since what is proved of this one rests on audits of its own.
    The same labels give the same model, which goes on serving and keeps its certificate. A draft (see `train_model`)
    only chooses what is asked about next.
    `gates` are those that it has to pass: in production a model goes through its shadow first (see `services/renew.py`).
    Raises ConflictError where it does not pass, InputError where the labels cannot be trained on.
    """
    dataset = freeze_dataset(holds_out=False)
    trained = train_model(recipe, is_draft=is_draft, is_measured=is_measured, progress=progress)
    version = version_of(trained.model)
    # Looked at before it serves, so that nothing is published on what its own training says of it.
    look(version, target=target, delta=delta)
    if version != champion_version():
        reason = f"trained on {dataset.version}, {dataset.n} labels"
        promote_version(version, role=Deployment.Role.CHAMPION, reason=reason, gates=gates)
    recertify(version, target=target, delta=delta, opens_audits=opens_audits)
    return version
