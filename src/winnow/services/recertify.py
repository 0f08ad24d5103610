"""Prove, from answered audits alone, what the model that serves may publish; then decide again about what waits."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import IntegrityError, transaction

from winnow.core.errors import NotFoundError
from winnow.core.intervals import sample_size
from winnow.core.policy import Policy
from winnow.core.values import Certificate
from winnow.ml.asking import risk_of
from winnow.ml.serving import policy_from_json
from winnow.ml.thresholds import certify, is_contradicted
from winnow.models import Certification, ModelVersion
from winnow.queries.audits import AuditAnswer, answered_audits, newest_certification, newest_label
from winnow.queries.tags import approved_tags
from winnow.services.audit import draw_audits, live_precision
from winnow.services.certificates import audits_sha256, policy_in_force
from winnow.services.log import record_event
from winnow.services.reconsider import reconsider_waiting

PROVENANCE = "audits of the stream that it serves, drawn at random and labelled blind"
ALARM = "alarm: the audits show that precision is below the target"


def recertify(version: ModelVersion, *, target: float, delta: float, opens_audits: bool = True) -> Certification:
    """Look at the audits of the model that serves, put what they prove in force, and publish what it lets through.

    Looking again at the same answers is no new look, nor is one at more of them while the certificate stands: no alarm,
    and no tag that they contradict. Each look takes its part of the risk, so that all that is ever certified of this
    model holds together with probability 1 - `delta`.
    Where the evidence does not suffice, nothing is published, and audits for what is missing are opened.
    """
    certification = look(version, target=target, delta=delta)
    reconsider_waiting()
    missing = certificate_of(certification).missing
    if opens_audits and missing:
        draw_audits(missing - _n_open(version))
    return certification


def look(version: ModelVersion, *, target: float, delta: float) -> Certification:
    """The certificate of a model by its audits as they are answered now, stored and in force."""
    last_label = newest_label()
    audits = answered_audits(version)
    sha256 = audits_sha256(audits)
    before = newest_certification(version)
    if before is not None and _stands(before, audits, sha256, target=target, delta=delta):
        return before
    taken = list(Certification.objects.filter(model_version=version, risk__gt=0).values_list("risk", flat=True))
    risk = risk_of(delta, taken)
    policy = _policy(version, audits, target=target, delta=delta, risk=risk)
    try:
        with transaction.atomic():
            certification = Certification.objects.create(
                model_version=version,
                model_sha256=version.manifest_sha256,
                audits_sha256=sha256,
                last_label=last_label,
                n=len(audits),
                look=before.look + 1 if before else 1,
                # What could not have proved anything has risked nothing.
                risk=risk if len(audits) >= sample_size(1, target, risk) else 0.0,
                policy=asdict(policy) | {"target": target, "delta": delta},
                per_tag={tag: asdict(one) for tag, one in _per_tag(audits, target=target, risk=risk).items()},
            )
            threshold = policy.threshold
            record_event("model.certified", ref=version.ref, n=len(audits), target=target, threshold=threshold)
    except IntegrityError as error:
        # Somebody looked at the same moment; theirs is the look that counts.
        other = newest_certification(version)
        if other is None:
            raise NotFoundError(f"{version.ref}: is not certified") from error
        return other
    return certification


def certificate_of(certification: Certification) -> Certificate:
    """The overall certificate that a look gave."""
    return Certificate(**certification.policy["certificate"])


def is_alarmed(version: ModelVersion, target: float) -> bool:
    """Whether the audits of what a model may publish have shown that precision is below the target."""
    policy = policy_in_force(version)
    return policy is not None and live_precision(version, policy, target=target).alarmed_at is not None


def comparable(audits: Sequence[AuditAnswer]) -> list[AuditAnswer]:
    """The audits that are together one random sample: those from the highest floor of any draw on.

    Below it the earlier draws alone have looked, and the later ones would make what is above weigh too much.
    """
    floor = max((audit.floor for audit in audits), default=0.0)
    return [audit for audit in audits if audit.confidence >= floor]


def _policy(
    version: ModelVersion, audits: Sequence[AuditAnswer], *, target: float, delta: float, risk: float
) -> Policy:
    # To withdraw risks nothing of the promise, so it takes no share of delta and stays, however small later shares are.
    withdrawn = _contradicted(audits, target, delta)
    certificate = _certificate([a for a in audits if a.tag not in withdrawn], target, risk)
    if is_alarmed(version, target):
        return Policy(None, certificate=certificate, provenance=ALARM, is_provisional=False, withdrawn=withdrawn)
    return Policy(
        certificate.threshold,
        certificate=certificate,
        provenance=PROVENANCE,
        is_provisional=False,
        withdrawn=withdrawn,
    )


def _per_tag(audits: Sequence[AuditAnswer], *, target: float, risk: float) -> dict[str, Certificate]:
    """A certificate of its own for each of K tags at risk / K: told beside the overall one."""
    by_tag = _by_tag(audits)
    return {tag: _certificate(own, target, risk / len(by_tag)) for tag, own in by_tag.items()}


def _certificate(audits: Sequence[AuditAnswer], target: float, delta: float) -> Certificate:
    sample = comparable(audits)
    return certify([a.confidence for a in sample], [a.is_right for a in sample], target=target, delta=delta)


def _contradicted(audits: Sequence[AuditAnswer], target: float, delta: float) -> tuple[str, ...]:
    wrong = {tag: (sum(not audit.is_right for audit in own), len(own)) for tag, own in _by_tag(audits).items()}
    return tuple(tag for tag, (k, n) in wrong.items() if is_contradicted(k, n, target=target, delta=delta))


def _by_tag(audits: Sequence[AuditAnswer]) -> dict[str, list[AuditAnswer]]:
    return {tag.slug: [audit for audit in audits if audit.tag == tag.slug] for tag in approved_tags()}


def _stands(before: Certification, audits: Sequence[AuditAnswer], sha256: str, *, target: float, delta: float) -> bool:
    """Whether a new look would be at the same answers, or could only take back what is proved already."""
    policy = policy_from_json(before.policy)
    asked = (before.policy["target"], before.policy["delta"])
    if asked != (target, delta) or policy_in_force(before.model_version) != policy:
        return False
    if before.audits_sha256 == sha256:
        return True
    is_contradicted_anew = not set(_contradicted(audits, target, delta)) <= set(policy.withdrawn)
    return policy.threshold is not None and not is_contradicted_anew and not is_alarmed(before.model_version, target)


def _n_open(version: ModelVersion) -> int:
    """Audits that people have not answered yet."""
    return version.audits.filter(task__closed_at=None).count()
