"""Evidence of promises that stands in rows: what is proved and measured of the model that serves."""

from django.db import DatabaseError

from winnow.core.criteria.grammar import Call
from winnow.core.criteria.judge import Measured
from winnow.core.policy import Policy
from winnow.ml.serving import policy_from_json
from winnow.models import Evidence, ModelVersion
from winnow.services.certificates import policy_in_force
from winnow.services.measure import code_sha256
from winnow.services.tag_precision import precision_of_tags
from winnow.services.trial import champion_version


def measured_in_rows(kind: str, call: Call) -> Measured | None:
    """What rows of a kind say: `certificate`, `audits` or `evaluation` of the champion; None without one."""
    try:
        version = champion_version()
    except DatabaseError:
        return None  # no database yet: nothing was measured
    if version is None:
        return None
    if kind == "evaluation":
        return _evaluation(version, call)
    if call.tag:
        return _audited(call.tag)
    return _certified(version, policy_in_force(version) or policy_from_json(version.policy), call)


def _certified(version: ModelVersion, policy: Policy, call: Call) -> Measured | None:
    found = policy.certificate
    if found is None or found.threshold is None or not found.n:
        return None
    value = found.coverage if call.function == "coverage" else 1 - found.k / found.n
    return Measured(value, found.n, f"the certificate of {version.ref}", version.manifest_sha256[:8])


def _audited(tag: str) -> Measured | None:
    found = precision_of_tags().get(tag)
    if found is None:
        return None
    return Measured(found.precision.value, found.precision.n, f"blind audits of what {found.model} published")


def _evaluation(version: ModelVersion, call: Call) -> Measured | None:
    rows = Evidence.objects.filter(model_sha256=version.manifest_sha256, metric=call.function, scope=call.tag)
    row = rows.order_by("-pk").first()
    if row is None:
        return None
    is_current = row.code_sha256 == code_sha256()
    return Measured(row.value, row.n, f"{row.method} of {version.ref}", row.code_sha256[:8], is_current)
