"""Learn from a stream: which rows to ask about, and a model of seed data and answers together."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from winnow.core.values import Classification, Document, Example
from winnow.ml.base import Vectors
from winnow.ml.job import TrainingJob, cross_fit, encoded, prepare
from winnow.ml.splits import group_examples

# How much a label of the stream weighs beside a row of the seed data. Weights of 1 and 10 did as well.
LABEL_WEIGHT = 3.0


class Learner:
    """A model that follows a stream of documents, which it knows by their place; `vectors` (n, d) are made if not given."""

    def __init__(self, job: TrainingJob, stream: Sequence[Document], vectors: Vectors | None = None) -> None:
        rows = [Example(doc, "", weight=LABEL_WEIGHT) for doc in stream]
        self._seed = replace(job, vectors=encoded(job, job.examples, job.vectors))
        self._rows, self._vectors = rows, encoded(job, rows, vectors)
        self._groups = group_examples(rows)
        self._learned: dict[int, str] = {}

    def learn(self, labels: Mapping[int, str]) -> None:
        """Add labels, by row."""
        self._learned |= labels

    def free_rows(self) -> list[int]:
        """Rows that no model was taught, nor any that is nearly identical to one of those."""
        taught = {self._groups[row] for row in self._learned}
        return [row for row, group in enumerate(self._groups) if group not in taught]

    def nearest_rows(self, n: int) -> list[int]:
        """Up to `n` free rows nearest to the decision (likeliest tag least ahead of the second), one of each group."""
        answers, free = self.quick_answers(), self.free_rows()
        nearest: dict[int, int] = {}
        for row in sorted(free, key=lambda one: _lead(answers[one])):
            nearest.setdefault(self._groups[row], row)
        return list(nearest.values())[:n]

    def quick_answers(self) -> list[Classification]:
        """Answers for the whole stream; their order of confidence means something, its value does not."""
        prepared = prepare(self._job())
        predictor = prepared.fit(range(len(prepared.examples)))
        return predictor.classify([row.document for row in self._rows], self._vectors)

    def answers(self) -> list[Classification]:
        """Answers for the whole stream of a model that is calibrated, as those that serve are."""
        job = self._job()
        predictor, _ = cross_fit(prepare(job), job.recipe)
        return predictor.classify([row.document for row in self._rows], self._vectors)

    def _job(self) -> TrainingJob:
        seed, rows = self._seed, list(self._learned)
        labelled = [replace(self._rows[row], tag=tag) for row, tag in self._learned.items()]
        vectors = seed.vectors
        if vectors is not None and self._vectors is not None:
            vectors = np.concatenate([vectors, self._vectors[rows]])
        return replace(seed, examples=[*seed.examples, *labelled], vectors=vectors)


def _lead(answer: Classification) -> float:
    """How far the likeliest tag is ahead of the second."""
    (_, first), (_, second) = answer.ranking[:2]
    return first - second
