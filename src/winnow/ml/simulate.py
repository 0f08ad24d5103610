"""Replay a labelled stream through the loop: ask, retrain, audit, certify, publish.

The stream's tags stand behind `ask`, which is called once for each label spent; what was never asked cannot change a
decision. The certificate is an honest one: its audits are drawn at random from what would be published, and no audited
row, nor one that is nearly identical to it, trains the model that it is about.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.core.intervals import sample_size
from winnow.core.policy import Policy, decide
from winnow.core.values import Action, Certificate, Classification, Document
from winnow.ml.audit import watch
from winnow.ml.base import Vectors
from winnow.ml.job import TrainingJob
from winnow.ml.learner import Learner
from winnow.ml.thresholds import certify

# Chosen on other streams than those that are reported (bench/simulate.py): the share of the labels that trains, in how
# many rounds, and the share of the stream, surest first, that audits are drawn from.
TRAINING_SHARE = 0.6
ROUNDS = 6
SUREST_SHARE = 0.85

Ask = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the loop in words, and the labels used by its end."""

    name: str
    words: str
    labels_used: int


@dataclass(frozen=True, slots=True)
class Replay:
    """What the loop did: its steps, the certificate, and what it published by itself, tags by id."""

    steps: tuple[Step, ...]
    certificate: Certificate
    published: Mapping[str, str]
    labels_used: int
    alarms: int


@dataclass(frozen=True, slots=True)
class Total:
    """A replay held against the truth; `published_precision` is None where nothing was published."""

    published: int
    published_precision: float | None
    coverage: float
    labels_used: int
    alarms: int


def replay(
    job: TrainingJob,
    stream: Mapping[str, Document],
    ask: Ask,
    *,
    n_labels: int,
    vectors: Vectors | None = None,
    target: float = 0.90,
    delta: float = 0.10,
    seed: int = 0,
) -> Replay:
    """Spend at most `n_labels` on a stream, documents by id, beginning from the seed data of `job`.

    What is published holds `target` with probability 1 - `delta`. `vectors` are those of the stream, if they are known;
    `seed` draws the audits. Raises InputError for seed data that cannot be trained on.
    """
    ids = list(stream)
    n_labels = min(n_labels, len(ids))
    n_audits = audits_of(n_labels, target, delta)
    learner = Learner(job, list(stream.values()), vectors)
    steps = _learn(learner, ids, ask, n_labels - n_audits)
    answers = learner.answers()
    pool = surest_rows(answers, learner.free_rows())
    drawn = np.random.default_rng(seed).permutation(pool)[:n_audits].tolist()
    outcomes = {row: ask(ids[row]) != answers[row].tag for row in drawn}
    certificate = _certificate(answers, outcomes, target, delta)
    accepted = accepted_rows(answers, pool, certificate)
    published = {ids[row]: str(answers[row].tag) for row in sorted(accepted - outcomes.keys())}
    used = (steps[-1].labels_used if steps else 0) + len(drawn)
    audited = Step("audit", f"{sum(outcomes.values())} of {len(drawn)} random answers are wrong", used)
    certified = Step("certify", _words(certificate, len(published)), used)
    alarm = watch([outcomes[row] for row in drawn if row in accepted], target=target).alarmed_at
    return Replay((*steps, audited, certified), certificate, published, used, int(alarm is not None))


def audits_of(n_labels: int, target: float, delta: float) -> int:
    """How many of the labels are audits: what does not train, but enough to certify with two errors among them."""
    return min(n_labels, max(round((1.0 - TRAINING_SHARE) * n_labels), sample_size(2, target, delta)))


def surest_rows(answers: Sequence[Classification], rows: Sequence[int]) -> list[int]:
    """The surest share of the rows; equal confidences stay together, so that a threshold cuts all or none of them."""
    confidences = sorted((answers[row].confidence for row in rows), reverse=True)
    cut = confidences[round(SUREST_SHARE * len(rows)) - 1] if rows else 0.0
    return [row for row in rows if answers[row].confidence >= cut]


def accepted_rows(answers: Sequence[Classification], rows: Sequence[int], certificate: Certificate) -> set[int]:
    """Rows that the certificate's threshold lets through, audited ones among them."""
    policy = Policy(certificate.threshold, certificate=certificate)
    return {row for row in rows if decide(answers[row], policy).action is Action.ACCEPT}


def total(done: Replay, tags: Mapping[str, str]) -> Total:
    """The figures of a replay: precision of what it published by itself, coverage of the rows that it did not ask."""
    n, unasked = len(done.published), len(tags) - done.labels_used
    right = sum(tags[id_] == tag for id_, tag in done.published.items())
    return Total(n, right / n if n else None, n / unasked if unasked else 0.0, done.labels_used, done.alarms)


def _learn(learner: Learner, ids: Sequence[str], ask: Ask, n_labels: int) -> list[Step]:
    """Rounds of asking about what is nearest to the decision, each with the model of all answers before."""
    steps: list[Step] = []
    used = 0
    for part in np.array_split(np.arange(n_labels), ROUNDS):
        if rows := learner.nearest_rows(len(part)) if len(part) else []:
            learner.learn({row: ask(ids[row]) for row in rows})
            used += len(rows)
            steps.append(Step("learn", f"asked about the {len(rows)} answers nearest to the decision", used))
    return steps


def _certificate(
    answers: Sequence[Classification], outcomes: Mapping[int, bool], target: float, delta: float
) -> Certificate:
    confidences = [answers[row].confidence for row in outcomes]
    return certify(confidences, [not is_wrong for is_wrong in outcomes.values()], target=target, delta=delta)


def _words(certificate: Certificate, n_published: int) -> str:
    if certificate.threshold is None:
        return f"nothing is certified; {certificate.missing} labels more are needed at the least"
    return (
        f"confidence from {certificate.threshold:.3f} on is certified ({certificate.k} of {certificate.n} wrong, precision "
        f"at least {certificate.bound:.3f}); {n_published} published"
    )
