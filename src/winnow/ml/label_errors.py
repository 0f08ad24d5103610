"""Labels that are likely wrong, for a person to look at; nothing here mends any.

Source: Northcutt, Jiang and Chuang, Confident learning (arXiv 1911.00068).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from winnow.core.values import Example
from winnow.ml.base import Probabilities
from winnow.ml.job import TrainingJob, cross_fit, prepare

_SMALLEST = 1e-12


@dataclass(frozen=True, slots=True)
class Suspect:
    """An example that a model which never saw it would tag otherwise.

    `score`, from .5 to 1, is the share of `suspected_tag` in what the model gives to it and to `tag` together.
    """

    id: str
    tag: str
    suspected_tag: str
    score: float


def find_label_errors(job: TrainingJob) -> tuple[Suspect, ...]:
    """The suspects among a job's examples, worst first, by answers out of fold; one work is never on both sides.

    Raises InputError for what cannot be trained on.
    """
    _, answers = cross_fit(prepare(job), job.recipe)
    probabilities = np.array([[answer.probabilities[tag] for tag in job.slugs] for answer in answers])
    return suspects(job.examples, probabilities, job.slugs)


def suspects(examples: Sequence[Example], probabilities: Probabilities, classes: Sequence[str]) -> tuple[Suspect, ...]:
    """Examples with a tag likelier than their own, worst first; equals in the order of the examples.

    `probabilities` (n, k) are out of fold, columns in the order of `classes`. They are ranked by the ratio of the two
    probabilities: it found more planted errors than their difference or the own one alone (bench/label_errors.py).
    """
    given, rows = _given(examples, classes), np.arange(len(examples))
    own = np.maximum(probabilities[rows, given], _SMALLEST)
    others = probabilities.copy()
    others[rows, given] = -1.0
    suspected = others.argmax(axis=1)
    best = others[rows, suspected]
    scores = best / (best + own)
    order = [row for row in np.argsort(-scores, kind="stable").tolist() if best[row] > own[row]]
    return tuple(
        Suspect(examples[row].id, examples[row].tag, classes[suspected[row]], float(scores[row])) for row in order
    )


def expected_errors(examples: Sequence[Example], probabilities: Probabilities, classes: Sequence[str]) -> float:
    """About how many labels are wrong: what lies off the diagonal of `confident_joint`, scaled to all examples."""
    given = _given(examples, classes)
    joint = confident_joint(given, probabilities).astype(np.float64)
    sizes = np.bincount(given, minlength=len(classes))
    shares = joint / np.maximum(joint.sum(axis=1, keepdims=True), 1.0)
    return float(((1.0 - np.diag(shares)) * sizes * (joint.sum(axis=1) > 0)).sum())


def confident_joint(given: NDArray[np.int_], probabilities: Probabilities) -> NDArray[np.int_]:
    """Counts (k, k): rows are the given classes, columns the classes that examples confidently belong to.

    An example belongs to a class where its probability is at least the mean of those that bear it; to the likeliest
    of several; to none where no class is reached.
    """
    k = probabilities.shape[1]
    # A class that no example bears is reached by none.
    means = np.array([probabilities[given == c, c].mean() if (given == c).any() else np.inf for c in range(k)])
    reached = np.where(probabilities >= means - _SMALLEST, probabilities, -1.0)
    is_confident = reached.max(axis=1) >= 0.0
    joint = np.zeros((k, k), dtype=np.int_)
    np.add.at(joint, (given[is_confident], reached.argmax(axis=1)[is_confident]), 1)
    return joint


def _given(examples: Sequence[Example], classes: Sequence[str]) -> NDArray[np.int_]:
    return np.array([classes.index(example.tag) for example in examples], dtype=np.int_)
