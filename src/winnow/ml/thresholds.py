"""Certificates: thresholds at which a precision is proved by a fixed sequence of exact tests.

Source: Angelopoulos et al., Learn then Test (arXiv 2110.01052), fixed-sequence form; Clopper and Pearson 1934.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtr, bdtrc

from winnow.core.intervals import precision_lower_bound, sample_size
from winnow.core.values import Certificate, Classification, Example


def certify(confidences: Sequence[float], is_right: Sequence[bool], *, target: float, delta: float) -> Certificate:
    """The lowest threshold at which precision is at least `target`, wrong with probability at most `delta`.

    The rows are a random sample of what would be served, labelled without looking at the model, never trained on.
    An abstention enters with confidence 0 and is not right.
    The walk goes from high to low and begins where one error is allowed: where none is, a single error at the top ends
    it. It looks where a further error is allowed, and at the end: looking at every row between would only give one
    early error more occasions to end it. Where it looks is known from the confidences alone; equal ones are passed
    together.
    """
    order = np.argsort(-np.asarray(confidences, dtype=np.float64), kind="stable")
    ranked = np.asarray(confidences, dtype=np.float64)[order]
    wrong = np.cumsum(~np.asarray(is_right, dtype=bool)[order])
    needed = sample_size(1, target, delta)
    passed = 0
    for n in _stops(ranked, target, delta):
        if bdtr(int(wrong[n - 1]), n, 1.0 - target) > delta:
            break
        passed = n
    if not passed:
        return _nothing(wrong, needed, target, delta)
    k = int(wrong[passed - 1])
    return Certificate(
        target=target,
        delta=delta,
        threshold=float(ranked[passed - 1]),
        n=passed,
        k=k,
        bound=precision_lower_bound(k, passed, delta),
        coverage=passed / len(ranked),
    )


def is_contradicted(wrong: int, n: int, *, target: float, delta: float) -> bool:
    """Whether so many errors are too many for a precision of `target`: wrong with probability at most `delta`.

    The one-sided exact binomial test, the other way round than `certify` looks.

    >>> [is_contradicted(k, 10, target=0.9, delta=0.1) for k in range(5)]
    [False, False, False, True, True]
    """
    return wrong > 0 and bool(bdtrc(wrong - 1, n, 1.0 - target) <= delta)


def certify_answers(
    answers: Sequence[Classification], examples: Sequence[Example], *, target: float, delta: float
) -> Certificate:
    """The certificate for answers to `examples`, row by row."""
    confidences = [answer.confidence for answer in answers]
    is_right = [answer.tag == example.tag for answer, example in zip(answers, examples, strict=True)]
    return certify(confidences, is_right, target=target, delta=delta)


def certify_per_tag(
    answers: Sequence[Classification], examples: Sequence[Example], tags: Sequence[str], *, target: float, delta: float
) -> dict[str, Certificate]:
    """A certificate for the rows answered with each of K tags, at delta / K, so that all hold together at `delta`.

    `coverage` is a share of the rows answered with the tag.
    """
    pairs = list(zip(answers, examples, strict=True))
    certificates = {}
    for tag in tags:
        own = [(answer, example) for answer, example in pairs if answer.tag == tag]
        said, meant = [answer for answer, _ in own], [example for _, example in own]
        certificates[tag] = certify_answers(said, meant, target=target, delta=delta / len(tags))
    return certificates


def _stops(ranked: NDArray[np.float64], target: float, delta: float) -> list[int]:
    """Numbers of rows after which the walk looks, each the end of a run of equal confidences."""
    ends = np.flatnonzero(np.append(ranked[1:] != ranked[:-1], [True])) + 1 if len(ranked) else np.array([], dtype=int)
    stops: list[int] = []
    n_allowed = 0
    for end in ends.tolist():
        n_before = n_allowed
        while bdtr(n_allowed + 1, end, 1.0 - target) <= delta:
            n_allowed += 1
        if n_allowed > n_before:
            stops.append(end)
    return list(dict.fromkeys([*stops, int(ends[-1])])) if stops else []


def _nothing(wrong: NDArray[np.int_], needed: int, target: float, delta: float) -> Certificate:
    """Not certified: how many labels, all of them right, would have to be added."""
    n = min(needed, len(wrong))
    k = int(wrong[n - 1]) if n else 0
    return Certificate(
        target=target,
        delta=delta,
        threshold=None,
        n=n,
        k=k,
        bound=precision_lower_bound(k, n, delta),
        coverage=0.0,
        missing=max(sample_size(max(k, 1), target, delta) - n, 1),
    )
