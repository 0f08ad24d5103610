"""The checks of `data/gates.toml`, each by its name: a model on trial and the limits of its gate in, what was found out."""

import json
from collections.abc import Callable, Mapping
from statistics import median

from django.conf import settings

from winnow.core.errors import ArtifactError
from winnow.core.values import Example, Interval
from winnow.ml.base import Predictor, check_classifier
from winnow.ml.behaviour import ALL_TAGS
from winnow.ml.expectations import Severity, check_examples
from winnow.ml.gates import Check, Gate, Verdict
from winnow.ml.job import make_classifier
from winnow.ml.recipes import recipe_of
from winnow.services.behaviour import behaviour_of
from winnow.services.deploy import load_version
from winnow.services.encode import encode
from winnow.services.freeze import examples_of
from winnow.services.gate_precision import compare
from winnow.services.taxonomy import approved_list
from winnow.services.trial import Trial

MEGABYTE = 1024 * 1024
# The battery trains twice: on so many works of each tag, so that it takes seconds.
BATTERY_PER_TAG = 12


def _smoke(trial: Trial, gate: Gate) -> Check:
    found = trial.smoked(seconds=gate.limits["seconds"], memory_mb=int(gate.limits["memory_mb"]))
    return _check(gate, not found.fault, found.fault or f"{len(found.seconds)} odd texts answered as they should be")


def _tags(trial: Trial, gate: Gate) -> Check:
    try:
        classes = trial.model.classes_
    except ArtifactError as error:
        return _check(gate, False, str(error))
    return _check(gate, True, f"{len(classes)} approved tags, folder {trial.model.sha256[:12]}")


def _size(trial: Trial, gate: Gate) -> Check:
    folder = settings.HOME / trial.version.folder
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / MEGABYTE
    return _check(gate, size <= gate.limits["megabytes"], f"{size:.1f} MB, at most {gate.limits['megabytes']:.0f}")


def _latency(trial: Trial, gate: Gate) -> Check:
    seconds = trial.smoked(seconds=10.0, memory_mb=4096).seconds
    if not seconds:
        return _check(gate, False, "it was never seen to answer")
    took, limit = median(seconds) * 1000, gate.limits["milliseconds"]
    return _check(gate, took <= limit, f"the median of {len(seconds)} took {took:.0f} ms, at most {limit:.0f}")


def _code(trial: Trial, gate: Gate) -> Check:
    examples = _few(trial.taught())
    if not examples:
        return _check(gate, False, _from_files(trial))
    recipe = recipe_of(trial.model.recipe)
    tags = [tag.slug for tag in approved_list()]
    try:
        check_classifier(lambda: make_classifier(recipe), examples, tags, encode, _reloaded)
    except AssertionError as error:
        return _check(gate, False, f"the recipe {recipe.name} breaks the contract: {error}")
    return _check(gate, True, f"the recipe {recipe.name} passed the battery on {len(examples)} works")


def _data(trial: Trial, gate: Gate) -> Check:
    if trial.dataset is None:
        return _check(gate, False, _from_files(trial))
    tags = [tag.slug for tag in approved_list()]
    findings = check_examples(trial.taught(), examples_of(trial.dataset, "certify"), tags)
    broken = [finding.message for finding in findings if finding.severity is Severity.FAILS]
    met = f"{trial.dataset.version}, {trial.dataset.n} works; {len(findings)} warnings"
    return _check(gate, not broken, "; ".join(broken) or met)


def _behaviour(trial: Trial, gate: Gate) -> Check:
    mine = _rates(trial)
    if not mine:
        return _check(gate, True, "there are no cases for these tags")
    other = _rates(Trial(trial.champion, trial.role)) if trial.champion else {}
    weak = [
        f"{kind} {rate.value:.2f} (n={rate.n}, wanted {line:.2f})"
        for kind, rate in mine.items()
        if rate.value < (line := max(gate.limits["minimum"], _line(other.get(kind), gate)))
    ]
    least = min(mine.items(), key=lambda pair: pair[1].value)
    return _check(gate, not weak, "; ".join(weak) or f"least: {least[0]} {least[1].value:.2f} (n={least[1].n})")


def _calibration(trial: Trial, gate: Gate) -> Check:
    found = trial.model.card.get("out_of_fold", {}).get("calibration_error")
    if found is None:
        return Check(gate.name, Verdict.INSUFFICIENT, "a draft, which nobody calibrated: train it in full")
    error, limit = Interval(**found), gate.limits["error"]
    says = f"error {error.value:.3f} ({error.low:.3f} to {error.high:.3f}, n={error.n}), at most {limit:.2f}"
    return _check(gate, error.value <= limit, says)


def _certificate(trial: Trial, gate: Gate) -> Check:
    policy, certificate = trial.policy, trial.policy.certificate
    if certificate is None:
        return Check(gate.name, Verdict.INSUFFICIENT, "no audit of its answers was looked at yet", {"": 1})
    if certificate.threshold is None or policy.is_provisional:
        missing = max(1, certificate.missing)
        return Check(
            gate.name, Verdict.INSUFFICIENT, f"{policy.provenance or 'not proved on the stream'}", {"": missing}
        )
    return _check(
        gate, True, f"precision at least {certificate.bound:.3f} ({certificate.k} of {certificate.n} audits wrong)"
    )


CHECKS: Mapping[str, Callable[[Trial, Gate], Check]] = {
    "smoke": _smoke,
    "tags": _tags,
    "size": _size,
    "latency": _latency,
    "code": _code,
    "data": _data,
    "behaviour": _behaviour,
    "precision": compare,
    "calibration": _calibration,
    "certificate": _certificate,
}


def _check(gate: Gate, is_passed: bool, says: str) -> Check:
    return Check(gate.name, Verdict.PASSED if is_passed else Verdict.FAILED, says)


def _from_files(trial: Trial) -> str:
    return f"{trial.version.ref} was trained from files, which nobody froze: `winnow freeze`, then train without --data"


def _rates(trial: Trial) -> dict[str, Interval]:
    rates = behaviour_of(load_version(trial.version)).rates
    return {kind: by_tag[ALL_TAGS] for kind, by_tag in rates.items()}


def _line(rate: Interval | None, gate: Gate) -> float:
    """What the champion reaches, less the margin; 0 where there is nothing to be held against."""
    return rate.value - gate.limits["margin"] if rate else 0.0


def _few(examples: list[Example]) -> list[Example]:
    """The first works of each tag."""
    n_taken: dict[str, int] = {}
    few = []
    for example in examples:
        n_taken[example.tag] = n_taken.get(example.tag, 0) + 1
        if n_taken[example.tag] <= BATTERY_PER_TAG:
            few.append(example)
    return few


def _reloaded(predictor: Predictor) -> Predictor:
    """Through JSON and back, as an artifact does it."""
    kept = json.loads(json.dumps(predictor.settings()))
    return type(predictor).restore(predictor.classes_, predictor.arrays(), kept)
