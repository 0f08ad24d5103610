"""How often what is shown under a tag bears it rightly: counted by people, blind, on works drawn at random."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from django.utils import timezone

from winnow.core.values import Interval
from winnow.ml.audit import watch
from winnow.ml.serving import policy_from_json
from winnow.models import Deployment, Evidence, Label, ModelVersion
from winnow.queries.audits import AuditAnswer, answered_audits, newest_certification, newest_label
from winnow.services.audit import is_accepted
from winnow.services.certificates import policy_in_force

# The interval holds whatever is promised; of the alarm, which asks for a target, nothing is shown.
TARGET = 0.9


@dataclass(frozen=True, slots=True)
class TagPrecision:
    """The precision of what the model publishes under a tag, with an interval that holds however often one looks.

    `audited_at` is when the last of its audits was answered, `model` what was audited.
    """

    precision: Interval
    audited_at: datetime
    model: str


@dataclass(frozen=True, slots=True)
class Mistaken:
    """A tag that the model gives to works of another, with the share of them and its n."""

    slug: str
    share: Interval


def precision_of_tags() -> Mapping[str, TagPrecision]:
    """What the audits of the model that serves say of each tag; a tag without an answered one is not in it."""
    version = _serving()
    if version is None:
        return {}
    certification = newest_certification(version)
    hour = f"{timezone.now():%Y-%m-%d %H}"
    return _precision(version.pk, version.created_at, certification and certification.pk, newest_label(), hour)


def mistaken_for(slug: str) -> list[Mistaken]:
    """The tags that works of this one are most often taken for, by the newest measurement of what serves."""
    version = _serving()
    if version is None:
        return []
    rows = Evidence.objects.filter(model_sha256=version.manifest_sha256, metric="confusion")
    newest = {row.scope: row for row in rows.filter(scope__startswith=f"{slug} as ").order_by("pk")}
    found = [
        Mistaken(scope.removeprefix(f"{slug} as "), Interval(row.value, row.low, row.high, row.n))
        for scope, row in newest.items()
        if row.value > 0
    ]
    others = [one for one in found if one.slug not in (slug, "nothing")]
    return sorted(others, key=lambda one: -one.share.value)


def _serving() -> ModelVersion | None:
    """The row of the champion; pages need not load the model itself."""
    newest = Deployment.objects.filter(role=Deployment.Role.CHAMPION).select_related("model_version").order_by("-pk")
    deployment = newest.first()
    return deployment.model_version if deployment else None


@lru_cache(maxsize=8)
def _precision(
    version_id: int, _made_at: datetime, _certification: int | None, _last_label: int, _hour: str
) -> Mapping[str, TagPrecision]:
    """Counted anew only after somebody has said something, or an hour later: whose answers weigh changes with time."""
    version = ModelVersion.objects.get(pk=version_id)
    policy = policy_in_force(version) or policy_from_json(version.policy)
    audits = [audit for audit in answered_audits(version) if is_accepted(audit, policy)]
    answered = Label.objects.filter(task__audit__model_version=version, undoes=None)
    at = dict(answered.order_by("pk").values_list("item_id", "created_at"))
    return {tag: _of_tag([a for a in audits if a.tag == tag], at, version.ref) for tag in {a.tag for a in audits}}


def _of_tag(audits: list[AuditAnswer], at: Mapping[int, datetime], ref: str) -> TagPrecision:
    live = watch([not audit.is_right for audit in audits], target=TARGET)
    return TagPrecision(live.precision, max(at[audit.item_id] for audit in audits), ref)
