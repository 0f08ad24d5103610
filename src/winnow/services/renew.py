"""Train anew, on schedule or after an alarm: freeze, train, evaluate, and let it shadow; never straight to readers.

Each step is a job of its own, and what it came to is a row, so that an operator sees it and may stop what follows.
"""

from datetime import timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError, WinnowError
from winnow.models import Account, DatasetVersion, Label, Renewal
from winnow.queries.rollout import standing_trials
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.log import record_event
from winnow.services.promote import promote
from winnow.services.train import measure_model, train_model
from winnow.services.trial import champion_version

KIND = "renew"
RECIPE = "best"
# Fewer new answers would hardly teach anything.
ENOUGH_LABELS = 50
Step = Renewal.Step


def renewal() -> Renewal | None:
    """The training anew that is under way, if any."""
    return Renewal.objects.filter(ended_at=None).select_related("dataset", "model_version").first()


def has_step() -> bool:
    """Whether a step is to be taken now; begins one where the schedule says so."""
    under_way = renewal()
    if under_way is None:
        return _is_scheduled() and ask_to_renew("on schedule") is not None
    # One at a time: what is on trial is judged before the next comes.
    return under_way.step != Step.SHADOW or not standing_trials()


def ask_to_renew(reason: str, *, recipe: str = RECIPE) -> Renewal | None:
    """Begin to train anew; None where it is under way already."""
    try:
        with transaction.atomic():
            begun = Renewal.objects.create(reason=reason[:300], recipe=recipe)
            record_event("model.renewal_begun", reason=begun.reason, recipe=recipe)
    except IntegrityError:
        return None
    return begun


@transaction.atomic
def stop_renewal(*, account: Account | None = None) -> Renewal:
    """End what is under way; the step that runs is finished, and none follows. Raises ConflictError where none is."""
    found = renewal()
    if found is None or not Renewal.objects.filter(pk=found.pk, ended_at=None).update(
        ended_at=timezone.now(), is_stopped=True, says="stopped"
    ):
        raise ConflictError("no model is trained anew now")
    record_event("model.renewal_stopped", account=account, step=found.step)
    found.refresh_from_db()
    return found


def take_step() -> Renewal | None:
    """Take the next step of what is under way; what stands in the way ends it, with the reason. None where nothing is."""
    found = renewal()
    if found is None:
        return None
    try:
        changes = _STEPS[Step(found.step)](found)
    except WinnowError as error:
        changes = {"says": str(error)[:500], "ended_at": timezone.now()}
    # Whoever stopped it meanwhile has the last word.
    if Renewal.objects.filter(pk=found.pk, ended_at=None, step=found.step).update(**changes):
        record_event("model.renewed", step=found.step, says=str(changes["says"]))
    found.refresh_from_db()
    return found


def _freeze(_found: Renewal) -> dict[str, object]:
    dataset = freeze_dataset()
    champion = champion_version()
    if champion is not None and champion.dataset_id == dataset.pk:
        raise InputError(f"nothing was said since {dataset.version}, from which {champion.ref} has learned")
    return {"step": Step.TRAIN, "dataset": dataset, "says": f"froze {dataset.version}, {dataset.n} labels"}


def _train(found: Renewal) -> dict[str, object]:
    trained = train_model(found.recipe, is_measured=False)
    version = version_of(trained.model)
    if version == champion_version():
        raise InputError(f"the same labels gave the same model, {version.ref}")
    return {
        "step": Step.EVALUATE,
        "model_version": version,
        "says": f"trained {version.ref} in {trained.seconds:.0f} s",
    }


def _evaluate(found: Renewal) -> dict[str, object]:
    assert found.model_version is not None  # noqa: S101 - the step before has set it
    measure_model(found.model_version)
    return {"step": Step.SHADOW, "says": f"measured {found.model_version.ref}"}


def _shadow(found: Renewal) -> dict[str, object]:
    assert found.model_version is not None  # noqa: S101 - a step before has set it
    ref = found.model_version.ref
    promote(ref, role="shadow", reason=f"trained anew {found.reason}")
    return {"says": f"{ref} shadows the champion", "ended_at": timezone.now()}


_STEPS = {Step.FREEZE: _freeze, Step.TRAIN: _train, Step.EVALUATE: _evaluate, Step.SHADOW: _shadow}


def _is_scheduled() -> bool:
    champion = champion_version()
    if not settings.RETRAIN_DAYS or champion is None or standing_trials():
        return False
    long_ago = timezone.now() - timedelta(days=settings.RETRAIN_DAYS)
    frozen = DatasetVersion.objects.order_by("-pk").first()
    if Renewal.objects.filter(created_at__gt=long_ago).exists() or (frozen and frozen.created_at > long_ago):
        return False
    since = frozen.created_at if frozen else champion.created_at
    return Label.objects.filter(is_gold=True, created_at__gt=since).count() >= ENOUGH_LABELS
