"""The monitor of drift that looks at audits, for a drop of the precision of what is published below what is promised.

It may be wrong half a time a year, and asks for labels; what is taken back from a model is taken back on proof alone
(`services/budget.py`, `services/recertify.py`).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from winnow.ml.change import BUDGET, watch_change
from winnow.models import Audit, DriftCheck, Event, Item, ModelVersion
from winnow.queries.audits import answered_audits
from winnow.services.alerts import close_alert
from winnow.services.audit import is_accepted
from winnow.services.budget import base_of, champion_row
from winnow.services.drift_alarm import JUDGEABLE, KIND, raise_alarm

MEASURE = SUBJECT = "audits"
YEAR, WEEKS = timedelta(days=365), 52
# Labels are asked for of works that came in so lately.
NEW = timedelta(days=7)


def look_at_audits(now: datetime, *, every: timedelta) -> DriftCheck | None:
    """Look at the audits of what serves since its last alarm; a row is kept of each, and otherwise once in so long a time."""
    version = champion_row()
    if version is None:
        return None
    policy, target = base_of(version)
    audits = [audit for audit in answered_audits(version) if is_accepted(audit, policy)]
    n_before = _seen_by_last_alarm(version)
    outcomes = [not audit.is_right for audit in audits[n_before:]]
    a_year = _audits_a_year(now)
    told = watch_change(outcomes, allowed=1.0 - target, patience=a_year / BUDGET)
    if not outcomes or (not told.is_alarm and _was_kept_since(now - every)):
        return None
    lately = outcomes[told.since - 1 : told.at]
    check = DriftCheck(
        measure=MEASURE,
        begins=now - YEAR,
        ends=now,
        n_before=n_before + told.since - 1,
        n_now=len(lately),
        statistic=told.evidence,
        p_value=min(1.0, a_year / max(told.evidence, 1.0)),
        alpha=BUDGET,
        n_permutations=0,
        is_alarm=told.is_alarm,
        says=f"{sum(lately)} of {len(lately)} audits wrong ({sum(lately) / len(lately):.0%}), {1 - target:.0%} allowed",
    )
    return _keep(check, version, now)


def _seen_by_last_alarm(version: ModelVersion) -> int:
    """How many audits of a model its last alarm had seen: each is told once, and what follows is watched anew."""
    alarms = Event.objects.filter(kind="drift.alarmed", data__model=version.ref, data__subject=SUBJECT)
    last = alarms.order_by("-pk").first()
    return int(last.data["audits"]) if last else 0


def _was_kept_since(at: datetime) -> bool:
    return DriftCheck.objects.filter(measure=MEASURE, created_at__gt=at).exists()


def _audits_a_year(now: datetime) -> float:
    """As many as are answered, or asked for, whichever is more: fewer would make the alarm ring more often than it may."""
    n_answered = Audit.objects.filter(task__labels__created_at__gt=now - YEAR).distinct().count()
    return float(max(n_answered, settings.AUDIT_PUBLISHED * WEEKS, WEEKS))


@transaction.atomic
def _keep(check: DriftCheck, version: ModelVersion, now: datetime) -> DriftCheck:
    check.save()
    n_seen = check.n_before + check.n_now
    if check.is_alarm:
        told = f"precision of {version.ref} may have dropped: {check.says}"
        new = Item.objects.filter(model_version=version, admitted_at__gt=now - NEW, state__in=JUDGEABLE)
        raise_alarm(check, SUBJECT, told, list(new.order_by("pk")), model=version.ref, audits=n_seen)
    else:
        close_alert(KIND, SUBJECT)
    return check
