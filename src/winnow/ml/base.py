"""The contract of every classifier, and the battery that each of them passes.

Training and serving are two objects, so that serving never imports what training needs.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from winnow.core.text import document
from winnow.core.values import Classification, Document, Example

Arrays = dict[str, NDArray[Any]]
Vectors = NDArray[np.float32]
Probabilities = NDArray[np.float64]

# What a stream brings sooner or later: nothing, words never seen, other scripts, far too much.
ODD_DOCUMENTS = (
    document(""),
    document("", "Only a description."),
    document("zzyzx qwxk vvvrt"),
    document("深度学习用于图像识别"),
    document("Распознавание речи", "Нейронная сеть для распознавания речи."),
    document("شبكة عصبية لترجمة النصوص"),
    document("🤖 🧠 !!!"),
    document("word " * 100, "long text " * 4_000),
)


class Predictor(Protocol):
    """What a classifier becomes by training: immutable, quick to load, the same answer always.

    `classes_` orders the probabilities. Rows of `vectors` belong to `documents`; only where `needs_encoder` is true
    are they looked at. A row's answer never depends on the other rows.
    """

    @property
    def classes_(self) -> tuple[str, ...]: ...

    @property
    def needs_encoder(self) -> bool: ...

    def classify(self, documents: Sequence[Document], vectors: Vectors | None = None) -> list[Classification]:
        """One Classification a document, in order."""
        ...

    def calibrated(self, probabilities: Probabilities, labels: Sequence[str]) -> Self:
        """The same predictor whose confidence fits its `probabilities` (n, k) for documents it never saw."""
        ...

    def arrays(self) -> Arrays:
        """All numbers of it, by name."""
        ...

    def settings(self) -> dict[str, Any]:
        """All else of it, as JSON."""
        ...

    @classmethod
    def restore(cls, classes: tuple[str, ...], arrays: Arrays, settings: Mapping[str, Any]) -> Self:
        """The predictor that had these arrays and settings. Raises ValueError, KeyError or TypeError at misfits."""
        ...


class Classifier(Protocol):
    """An approach: hyperparameters in `__init__`, data in `fit`."""

    def fit(self, examples: Sequence[Example], tags: Sequence[str], vectors: Vectors | None = None) -> Predictor:
        """Train on examples whose tags are among `tags`, which order `classes_`. Equal inputs, equal bits."""
        ...


def check_classifier(
    make: Callable[[], Classifier],
    examples: Sequence[Example],
    tags: Sequence[str],
    encode: Callable[[Sequence[Document]], Vectors],
    reload: Callable[[Predictor], Predictor],
) -> None:
    """Raise AssertionError at the first promise of the contract that a classifier breaks.

    `encode` gives the vectors of documents; `reload` saves a predictor, loads it again and returns that.
    """
    own = tuple(example.document for example in examples)
    vectors, before = encode(own), tuple(examples)
    predictor = make().fit(examples, tags, vectors)
    documents = (*ODD_DOCUMENTS, *own[:40])
    rows = encode(documents)
    kept = rows.copy()
    answers = predictor.classify(documents, rows)
    _holds(tuple(examples) == before and np.array_equal(rows, kept), "inputs stay as they were")
    _holds(predictor.classes_ == tuple(tags), "classes_ are the tags in their order")
    for answer in answers:
        _check_answer(answer, predictor.classes_)
    again = make().fit(examples, tags, vectors)
    _holds(again.classify(documents, rows) == answers, "training twice gives the same answers")
    _holds(reload(predictor).classify(documents, rows) == answers, "saving and loading changes nothing")
    _check_independence(predictor, documents, rows, answers)


def _check_answer(answer: Classification, classes: tuple[str, ...]) -> None:
    probabilities = list(answer.probabilities.values())
    _holds(tuple(answer.probabilities) == classes, "probabilities stand in the order of classes_")
    _holds(abs(sum(probabilities) - 1.0) < 1e-9 and min(probabilities) >= 0.0, "probabilities sum to one")
    _holds(answer.tag is None or answer.tag in classes, "a tag is one of classes_, an abstention is None")
    likeliest = max(classes, key=lambda tag: answer.probabilities[tag])
    _holds(answer.tag in {None, likeliest}, "the tag is the likeliest class")
    expected = 0.0 if answer.tag is None else answer.probabilities[answer.tag]
    _holds(answer.confidence == expected, "confidence is the tag's probability, and nothing where there is no tag")


def _check_independence(
    predictor: Predictor, documents: Sequence[Document], rows: Vectors, answers: Sequence[Classification]
) -> None:
    alone = [predictor.classify([doc], row[None])[0] for doc, row in zip(documents, rows, strict=True)]
    _holds(alone == list(answers), "alone and in a batch the answer is the same")
    turned = predictor.classify(documents[::-1], rows[::-1])
    _holds(turned[::-1] == list(answers), "the order of rows does not matter")
    _holds(predictor.classify((), rows[:0]) == [], "no documents, no answers")


def _holds(promise: bool, words: str) -> None:
    if not promise:
        raise AssertionError(words)
