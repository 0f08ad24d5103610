"""What is promised of a model, what was measured of that since it serves, and what burns."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from winnow.core.values import Interval
from winnow.ml import change, drift
from winnow.ml.audit import LivePrecision
from winnow.models import DriftCheck, ModelVersion
from winnow.queries.alerts import open_alerts
from winnow.queries.audits import newest_certification, newest_label
from winnow.queries.drift import newest_checks
from winnow.services.alerts import payload
from winnow.services.audit import live_precision
from winnow.services.budget import TagBudget, base_of, budgets_of, champion_row

FALSE_ALARMS = drift.BUDGET + change.BUDGET


@dataclass(frozen=True, slots=True)
class Promises:
    """Of one model: the precision that is promised, its live precision, and the budget of each tag.

    Live precision is that of audits alone: works drawn at random from what it publishes, judged blind.
    """

    ref: str
    target: float
    live: LivePrecision
    budgets: Mapping[str, TagBudget]

    @property
    def n_burnt(self) -> int:
        """How many tags were taken back."""
        return sum(one.is_burnt for one in self.budgets.values())


def promises() -> Promises | None:
    """Those of the model that serves; None where none does."""
    version = champion_row()
    return promises_of(version) if version is not None else None


def promises_of(version: ModelVersion) -> Promises:
    """Those of a model, counted anew only after somebody has said something."""
    certification = newest_certification(version)
    return _promises(version.pk, version.created_at, certification and certification.pk, newest_label())


def as_json() -> dict[str, Any]:
    """All of the page for programs."""
    found = promises()
    return {
        "model": found and found.ref,
        "target": found and found.target,
        "precision": found and _interval(found.live.precision),
        "is_below_target": found and found.live.alarmed_at is not None,
        "tags": {slug: _budget(one) for slug, one in found.budgets.items()} if found else {},
        "drift": [_check(check) for check in newest_checks()],
        "false_alarms_a_year": FALSE_ALARMS,
        "alerts": [payload(alert) for alert in open_alerts()],
    }


@lru_cache(maxsize=8)
def _promises(version_id: int, _made_at: object, _certification: int | None, _last_label: int) -> Promises:
    version = ModelVersion.objects.get(pk=version_id)
    policy, target = base_of(version)
    live = live_precision(version, policy, target=target)
    return Promises(version.ref, target, live, budgets_of(version))


def _interval(of: Interval) -> dict[str, float | int | None]:
    """A figure with its interval; no value where nothing was counted."""
    return {"value": of.value if of.n else None, "low": of.low, "high": of.high, "n": of.n}


def _budget(one: TagBudget) -> dict[str, Any]:
    return {
        "precision": _interval(one.budget.precision),
        "wrong": one.budget.wrong,
        "audits": one.budget.n,
        "allowed": one.budget.allowed,
        "spent": one.budget.spent,
        "is_burnt": one.is_burnt,
        "threshold": one.threshold,
    }


def _check(check: DriftCheck) -> dict[str, Any]:
    return {
        "measure": check.measure,
        "source": check.source and check.source.name,
        "says": check.says,
        "p_value": check.p_value,
        "alpha": check.alpha,
        "n_before": check.n_before,
        "n_now": check.n_now,
        "is_alarm": check.is_alarm,
        "at": check.created_at.isoformat(),
    }
