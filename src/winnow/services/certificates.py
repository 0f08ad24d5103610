"""Whether a certificate still holds: what may be published now, by the evidence as it stands now."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from functools import lru_cache

from winnow.core.policy import Policy
from winnow.ml.serving import policy_from_json
from winnow.models import Certification, ModelVersion, TagBurn
from winnow.queries.audits import AuditAnswer, answered_audits, newest_certification, newest_label

# Tags and the thresholds that they have from then on, None for none.
Burns = Sequence[tuple[str, float | None]]
VOID = "the certificate is void: its model or the answers that it rests on are not what they were"


def policy_in_force(version: ModelVersion) -> Policy | None:
    """What the newest certificate of a model allows; None where its audits were never looked at.

    A certificate whose model or audits have changed allows nothing until `recertify` has looked again.
    """
    certification = newest_certification(version)
    if certification is None:
        return None
    return _policy(certification.pk, certification.created_at, version.manifest_sha256, newest_label())


def burns_of(version: ModelVersion) -> Burns:
    """The tags of a model whose error budget burnt, with their thresholds since, oldest first."""
    return _burns(version.pk, version.created_at, newest_label())


def with_burns(policy: Policy, burns: Burns) -> Policy:
    """A policy after the budgets of tags burnt, oldest first: each has a higher threshold from then on, or none."""
    if not burns:
        return policy
    per_tag, withdrawn = dict(policy.per_tag), list(policy.withdrawn)
    for tag, threshold in burns:
        before = per_tag.get(tag, policy.threshold)
        if threshold is None or before is None:
            withdrawn.append(tag)
        else:
            per_tag[tag] = max(before, threshold)
    return replace(policy, per_tag=per_tag, withdrawn=tuple(dict.fromkeys(withdrawn)))


def audits_sha256(audits: Sequence[AuditAnswer]) -> str:
    """The hash of audits with their answers, in any order."""
    rows = sorted((asdict(audit) for audit in audits), key=lambda row: int(row["item_id"]))
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()


@lru_cache(maxsize=16)
def _policy(certification_id: int, _made_at: datetime, manifest_sha256: str, _last_label: int) -> Policy:
    """Looked up again only after somebody has said something: this is on the way of every classification."""
    certification = Certification.objects.select_related("model_version").get(pk=certification_id)
    audits = answered_audits(certification.model_version, up_to=certification.last_label)
    is_same = certification.model_sha256 == manifest_sha256 and certification.audits_sha256 == audits_sha256(audits)
    return policy_from_json(certification.policy) if is_same else Policy(threshold=None, provenance=VOID)


@lru_cache(maxsize=16)
def _burns(version_id: int, _made_at: datetime, _last_label: int) -> Burns:
    """A budget burns with a label alone, in its transaction."""
    rows = TagBurn.objects.filter(model_version=version_id).order_by("pk")
    return tuple(rows.values_list("tag", "threshold"))
