"""The error budget of each tag: spent by answers to audits, and where it burns the tag is taken back at once, by rule."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db import transaction

from winnow.core.policy import Policy, decide
from winnow.core.values import Action, Classification
from winnow.ml.audit import ALPHA
from winnow.ml.budget import Budget, budget_of, raised_threshold
from winnow.ml.serving import policy_from_json
from winnow.models import Alert, Audit, Deployment, Label, ModelVersion, Tag, TagBurn
from winnow.queries.audits import AuditAnswer, answered_audits, newest_certification, newest_label
from winnow.services.alerts import close_alert, open_alert
from winnow.services.certificates import with_burns
from winnow.services.log import record_event
from winnow.services.turns import take_turn

KIND = "budget"
# What is promised where neither certificate nor recipe says.
TARGET = 0.9
REMEDY = (
    "Read what was wrong in the history of its audited works, answer the tasks that wait, and train another model "
    "(`winnow train best`): a new model is the only way back."
)


@dataclass(frozen=True, slots=True)
class TagBudget:
    """The budget of a tag under the model that serves; `threshold` is that since the last burn, None for people."""

    tag: str
    budget: Budget
    is_burnt: bool
    threshold: float | None


def spend(label: Label) -> TagBurn | None:
    """Look at the budget of the tag that an answer is about; what is burnt is taken back in the caller's transaction.

    Only answers to the audits of what serves spend anything: not reports, nor what the classifier was unsure of.
    """
    if not Audit.objects.filter(item=label.item_id).exists():
        return None
    version = champion_row()
    audit = Audit.objects.filter(item=label.item_id, model_version=version).first() if version else None
    if version is None or audit is None:
        return None
    # Of two answers at the same moment the second sees the first.
    take_turn("budget")
    policy, target = base_of(version)
    burns = [burn for burn in version.burns.order_by("pk") if burn.tag == audit.tag]
    outcomes = epoch(version, audit.tag, policy, burns)
    alpha = ALPHA / max(Tag.objects.filter(is_approved=True).count(), 1)
    found = budget_of([not one.is_right for one in outcomes], target=target, alpha=alpha)
    return (
        _burn(version, audit.tag, label, found, _raised(outcomes, policy, burns, target, alpha))
        if found.is_burnt
        else None
    )


def budgets() -> Mapping[str, TagBudget]:
    """The budget of each approved tag under the model that serves; empty where none does."""
    version = champion_row()
    return budgets_of(version) if version is not None else {}


def budgets_of(version: ModelVersion) -> Mapping[str, TagBudget]:
    """The budget of each approved tag under a model, in their order."""
    certification = newest_certification(version)
    return _budgets(version.pk, version.created_at, certification and certification.pk, newest_label())


def close_settled() -> int:
    """Close the alerts of models that serve no more: their epoch has ended. Returns how many."""
    version = champion_row()
    ours = f"{version.ref} " if version else ""
    past = Alert.objects.filter(kind=KIND, closed_at=None).exclude(subject__startswith=ours or "-")
    return sum(close_alert(KIND, alert.subject) for alert in past)


def champion_row() -> ModelVersion | None:
    """The row of what serves; the model itself is not loaded."""
    newest = Deployment.objects.filter(role=Deployment.Role.CHAMPION).select_related("model_version").order_by("-pk")
    deployment = newest.first()
    return deployment.model_version if deployment else None


def base_of(version: ModelVersion) -> tuple[Policy, float]:
    """What a model publishes without its burns, and the precision that is promised of it."""
    certification = newest_certification(version)
    if certification is not None:
        return policy_from_json(certification.policy), float(certification.policy.get("target", TARGET))
    own = policy_from_json(version.policy)
    return own, own.certificate.target if own.certificate else TARGET


def epoch(version: ModelVersion, tag: str, policy: Policy, burns: Sequence[TagBurn]) -> list[AuditAnswer]:
    """The answered audits of a tag since its last burn, of what is published under it, first answered first."""
    now = with_burns(policy, [(burn.tag, burn.threshold) for burn in burns])
    spent = {one.item_id for one in answered_audits(version, up_to=burns[-1].label_id or 0)} if burns else set()
    return [
        one
        for one in answered_audits(version)
        if one.tag == tag and one.item_id not in spent and _is_published(one, now)
    ]


def _is_published(audit: AuditAnswer, policy: Policy) -> bool:
    return decide(Classification(audit.tag or None, audit.confidence, {}), policy).action is Action.ACCEPT


def _raised(
    outcomes: Sequence[AuditAnswer], policy: Policy, burns: Sequence[TagBurn], target: float, alpha: float
) -> float | None:
    """Where the threshold rises to. A tag that burns a second time goes to people."""
    if burns or not outcomes:
        return None
    above = policy.threshold_of(outcomes[0].tag)
    sure, is_wrong = [one.confidence for one in outcomes], [not one.is_right for one in outcomes]
    return None if above is None else raised_threshold(sure, is_wrong, above=above, target=target, alpha=alpha)


@transaction.atomic
def _burn(version: ModelVersion, tag: str, label: Label, found: Budget, threshold: float | None) -> TagBurn:
    burn = TagBurn.objects.create(
        model_version=version,
        tag=tag,
        label=label,
        wrong=found.wrong,
        n=found.n,
        allowed=found.allowed,
        threshold=threshold,
    )
    follows = f"its threshold rises to {threshold:.3f}" if threshold is not None else "people decide about its works"
    says = (
        f"{found.wrong} of {found.n} audited works under {tag} were wrong, {found.allowed:.0%} are allowed: {follows}"
    )
    record_event("tag.burnt", ref=version.ref, tag=tag, wrong=found.wrong, n=found.n, threshold=threshold, says=says)
    open_alert(KIND, f"{version.ref} {tag}", says=says, remedy=REMEDY)
    return burn


@lru_cache(maxsize=4)
def _budgets(
    version_id: int, _made_at: object, _certification: int | None, _last_label: int
) -> Mapping[str, TagBudget]:
    """Counted anew only after somebody has said something."""
    version = ModelVersion.objects.get(pk=version_id)
    policy, target = base_of(version)
    burns = list(version.burns.order_by("pk"))
    tags = list(Tag.objects.filter(is_approved=True))
    return {tag.slug: _budget(version, tag.slug, policy, target, burns, ALPHA / len(tags)) for tag in tags}


def _budget(
    version: ModelVersion, tag: str, policy: Policy, target: float, burns: Sequence[TagBurn], alpha: float
) -> TagBudget:
    own = [burn for burn in burns if burn.tag == tag]
    # Of a tag that people decide about nothing is published any more: what counts is what burnt it.
    is_for_people = bool(own) and own[-1].threshold is None
    outcomes = epoch(version, tag, policy, own[:-1] if is_for_people else own)
    found = budget_of([not one.is_right for one in outcomes], target=target, alpha=alpha)
    return TagBudget(tag, found, bool(own), own[-1].threshold if own else policy.threshold_of(tag))
