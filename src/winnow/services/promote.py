"""Let a model serve, or take that back: through the gates, one at a time, each step a row."""

from pathlib import Path

from django.db import transaction

from winnow.core.errors import ConflictError, InputError
from winnow.ml.gates import Verdict
from winnow.models import Deployment, DeploymentStage, GateDecision, ModelVersion
from winnow.models.registry import FIRST_STAGE, ROLE_OF_STAGE, DeploymentRole
from winnow.services.deploy import deploy, version_of
from winnow.services.gates import GATES, judge, missing_labels, refusals
from winnow.services.lacking import ask_for_labels
from winnow.services.sides import plan
from winnow.services.trial import champion_version
from winnow.services.turns import take_turn

# Of the works that come in, unless it is said.
SHARES = {"champion": 1.0, "challenger": 0.1, "shadow": 1.0}


def promote(
    ref: str, *, role: str, share: float | None = None, reason: str = "", after: Deployment | None = None
) -> Deployment:
    """Let a registered model serve in a role, or at a stage of its way to readers, for a share of the works in (0, 1].

    `after`: only while that row is in force, so that nobody leads on what was taken back meanwhile.
    Raises NotFoundError and InputError for what is mistyped; ConflictError where a gate said no or lacks evidence, in
    which case works are put into the queue that would give it; the champion is what it was.
    """
    named = list(dict.fromkeys([*SHARES, *DeploymentStage.values]))
    if role not in named:
        raise InputError(f"--as: {role!r} is none of {', '.join(named)}")
    stage = role if role in DeploymentStage.values else FIRST_STAGE[DeploymentRole(role)].value
    role = ROLE_OF_STAGE[DeploymentStage(stage)].value
    usual = plan().stage(stage).share if role == Deployment.Role.CHALLENGER else SHARES[role]
    share = usual if share is None else share
    if not 0.0 < share <= 1.0 or (role == "champion" and share != 1.0):
        allowed = "a champion serves all works" if role == "champion" else "above 0 and at most 1"
        raise InputError(f"--share: {share:g} cannot be: {allowed}")
    version = version_of(ref)
    if version == champion_version():
        raise ConflictError(f"{version.ref} serves as champion already")
    _refuse_twice(version, role=role, stage=stage, share=share)
    words = reason or f"promoted to {stage}"
    return promote_version(version, role=role, stage=stage, share=share, reason=words, after=after)


def promote_version(
    version: ModelVersion,
    *,
    role: str,
    reason: str,
    share: float = 1.0,
    stage: str = "",
    gates: Path = GATES,
    after: Deployment | None = None,
) -> Deployment:
    """The same for a model at hand. Where two are promoted at once, the second is refused: it was judged too early."""
    before = _newest_of(role)
    decision = judge(version, role=role, path=gates)
    if decision.verdict != Verdict.PASSED.value:
        raise ConflictError(f"{version.ref} may not serve as {role}: {refusals(decision)}{_asked(version, decision)}")
    with transaction.atomic():
        take_turn("deploy")
        if champion_version() != decision.compared_with:
            raise ConflictError(
                f"{version.ref}: another model was promoted meanwhile; promote it again to compare them"
            )
        if _newest_of(role) != before:
            raise ConflictError(f"{version.ref}: another model was promoted to {role} meanwhile; look at it first")
        _refuse_twice(version, role=role, stage=stage, share=share)
        if after is not None and _newest_of(after.role) != after:
            raise ConflictError(f"{version.ref}: it was taken back, or led on, meanwhile")
        _end_others(version, role)
        return deploy(decision, share=share, stage=stage, reason=reason)


@transaction.atomic
def end_trial(trial: Deployment, *, reason: str) -> bool:
    """End what serves beside the champion, at whichever stage it is; False where that row is not in force any more."""
    take_turn("deploy")
    if _newest_of(trial.role) != trial:
        return False
    deploy(trial.gate, share=0.0, stage=trial.stage_name, reason=reason[:300])
    return True


@transaction.atomic
def rollback(role: str = "champion", *, reason: str = "") -> Deployment:
    """Take back what serves in a role: the one before it serves again, or, but for a champion, nothing.

    Twice goes back two. Raises ConflictError where there is nothing to go back to, ArtifactError where its folder is gone.
    """
    if role not in SHARES:
        raise InputError(f"--as: {role!r} is none of {', '.join(SHARES)}")
    take_turn("deploy")
    line = standing(role)
    if not line or (len(line) == 1 and role == Deployment.Role.CHAMPION):
        raise ConflictError(f"there is no {role} before the one that serves" if line else f"nothing serves as {role}")
    last, before = line[-1], line[-2] if len(line) > 1 else None
    words = reason or f"taken back: {last.model_version.ref}"
    if before is None:
        return deploy(last.gate, share=0.0, stage=last.stage_name, reason=words, takes_back=last)
    return deploy(before.gate, share=before.share, stage=before.stage_name, reason=words, takes_back=last)


def standing(role: str) -> list[Deployment]:
    """The deployments of a role that were not taken back, oldest first; what serves is the last, if any."""
    line: list[Deployment] = []
    rows = Deployment.objects.filter(role=role).select_related("model_version", "gate__model_version").order_by("pk")
    for row in rows:
        if row.takes_back_id is not None or row.share == 0.0:
            # The row stands for the one that it brought back.
            line = line[:-2] if row.share > 0.0 else []
        if row.share > 0.0:
            line.append(row)
    return line


def _refuse_twice(version: ModelVersion, *, role: str, stage: str, share: float) -> None:
    """What serves so already is not promoted again: asked at once, and again when it is its turn."""
    stage = stage or FIRST_STAGE[DeploymentRole(role)].value
    line = standing(role)
    if line and (line[-1].model_version, line[-1].stage_name, line[-1].share) == (version, stage, share):
        raise ConflictError(f"{version.ref} serves as {stage} already")


def _newest_of(role: str) -> Deployment | None:
    return Deployment.objects.filter(role=role).order_by("-pk").first()


def _asked(version: ModelVersion, decision: GateDecision) -> str:
    """Where evidence is all that lacks, people are asked for it."""
    if decision.verdict != Verdict.INSUFFICIENT.value:
        return ""
    n_asked = ask_for_labels(version, missing_labels(decision))
    return f"; {n_asked} works were put into the queue" if n_asked else ""


def _end_others(version: ModelVersion, role: str) -> None:
    """A model serves in one role at a time."""
    for other in SHARES:
        line = standing(other) if other not in (role, Deployment.Role.CHAMPION) else []
        if line and line[-1].model_version_id == version.pk:
            deploy(line[-1].gate, share=0.0, reason=f"promoted to {role}")
