"""Keep measurements as Evidence: each figure once, for exactly this model, data, policy and code."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from django.db import transaction

from winnow.core.intervals import clopper_pearson
from winnow.core.policy import Policy
from winnow.core.values import Interval, Scorecard
from winnow.ml.behaviour import ALL_TAGS, BehaviourCard
from winnow.ml.serving import Model
from winnow.models import Evidence
from winnow.services.turns import take_turn

SOURCE = Path(__file__).parents[1]
COVERAGES = (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 1.0)


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a scorecard on its way to a row."""

    metric: str
    scope: str
    interval: Interval


def keep_scorecard(scorecard: Scorecard, *, model: Model, dataset_sha256: str, method: str) -> int:
    """Store every figure of a scorecard; returns how many are new. Measuring the same again changes nothing."""
    return _keep(figures_of(scorecard), model, dataset_sha256, method)


def keep_behaviour(card: BehaviourCard, *, model: Model) -> int:
    """Store the rates of the behavioural tests, by kind and tag; returns how many are new."""
    figures = [
        Figure(f"behaviour {kind}", "" if tag == ALL_TAGS else tag, rate)
        for kind, rates in card.rates.items()
        for tag, rate in rates.items()
    ]
    return _keep(figures, model, "", "behavioural tests of data/behaviour")


def keep_card(model: Model) -> int:
    """Store what training found of a model on rows that it was not taught; returns how many are new.

    A draft has no such figures.
    """
    found = model.card.get("out_of_fold")
    if found is None:
        return 0
    figures = [Figure(f"out of fold {name}", "", Interval(**found[name])) for name in ("accuracy", "calibration_error")]
    return _keep(figures, model, model.dataset_sha256, "out of fold, while training")


def figures_of(scorecard: Scorecard) -> Iterator[Figure]:
    """Every figure of a scorecard, all with n and interval.

    Of the whole and of each tag; the accuracy of each slice; precision at coverages from .10 to 1 (scope
    `coverage 0.90`: at least so many rows are kept); share right and mean confidence of each reliability bin (scope
    `bin 01`, least sure first; `low` and `high` of a mean confidence are the ends of its bin); and of the works of each
    tag the share that was answered so (metric `confusion`, scope `TAG as TAG`, `as nothing` being an abstention).
    """
    for name, interval in scorecard.intervals.items():
        metric, _, tag = name.partition(" of ")
        yield Figure(metric, tag, interval)
    for name, figures in scorecard.slices.items():
        yield Figure("accuracy", f"slice {name}", _share(figures["accuracy"], figures["n"]))
    yield from _curve(scorecard)
    for number, found in enumerate(scorecard.calibration["bins"], start=1):
        sure = Interval(found["confidence"], found["from"], found["to"], int(found["n"]))
        yield Figure("share right", f"bin {number:02}", _share(found["accuracy"], found["n"]))
        yield Figure("mean confidence", f"bin {number:02}", sure)
    for tag, answered in scorecard.confusion.items():
        n = sum(answered.values())
        for said, count in answered.items():
            yield Figure("confusion", f"{tag} as {said or 'nothing'}", clopper_pearson(count, n))


def _curve(scorecard: Scorecard) -> Iterator[Figure]:
    for coverage in COVERAGES:
        point = next((one for one in scorecard.coverage_curve if one["coverage"] >= coverage), None)
        if point is not None:
            yield Figure("precision", f"coverage {coverage:.2f}", _share(point["precision"], point["n"]))


def _share(value: float, n: float) -> Interval:
    return clopper_pearson(round(value * n), int(n))


@lru_cache(maxsize=1)
def code_sha256() -> str:
    """The hash of this program's own source: what a measurement was made by."""
    digest = hashlib.sha256()
    for path in sorted(SOURCE.rglob("*.py")):
        digest.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()


def _keep(figures: Iterable[Figure], model: Model, dataset_sha256: str, method: str) -> int:
    about = {
        "model_sha256": model.sha256,
        "dataset_sha256": dataset_sha256,
        "policy_sha256": policy_sha256(model.policy),
        "code_sha256": code_sha256(),
        "method": method,
    }
    with transaction.atomic():
        take_turn("measure")
        n_before = Evidence.objects.count()
        Evidence.objects.bulk_create([_row(figure, about) for figure in figures], ignore_conflicts=True)
        return Evidence.objects.count() - n_before


def _row(figure: Figure, about: dict[str, str]) -> Evidence:
    interval = figure.interval
    shares = {"value": interval.value, "low": interval.low, "high": interval.high, "n": interval.n}
    return Evidence(metric=figure.metric, scope=figure.scope, **shares, **about)


def policy_sha256(policy: Policy) -> str:
    """The hash of thresholds with their proof."""
    return hashlib.sha256(json.dumps(asdict(policy), sort_keys=True).encode()).hexdigest()
