"""The steps that experiments of recipes/experiments/ take around a trained model, by their `method`.

Each makes an Ask: it trains on the examples given first and answers for those given second. Some look at all that they
are asked at once, which nothing that serves may do.
"""

import csv
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import scipy.linalg
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from material import ENCODER, SLUGS, TAGS
from record import SHARED
from trained import Ask, ask, fitted, vectors
from winnow.core.text import document
from winnow.core.values import Classification, Document, Example
from winnow.ml.base import Probabilities, Vectors
from winnow.ml.head import answer
from winnow.ml.job import TrainingJob, cross_fit, prepare
from winnow.ml.recipes import Recipe, load_recipe

SURE = 0.9
# Lengths of the vectors of text and title, so that both together have a length of one: two thirds and one third.
LONG, SHORT = np.sqrt(2 / 3), np.sqrt(1 / 3)
# How near is near, how much landmarks weigh beside words, and what keeps equal works among them from doing harm.
GAMMA, REACH, JITTER = 1.5, 3.0, 1e-4
ROUNDS = 200
STREAM_ROWS = 1_297
View = Callable[[Sequence[Document]], NDArray[np.floating]]


def plain_training(recipe: Recipe) -> Ask:
    """The recipe as it stands."""
    return ask(recipe)


def label_shift(recipe: Recipe) -> Ask:
    """The shares of the tags in what is asked, estimated without labels; source: Saerens et al. 2002, equation 2.2."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        given = _matrix(ask(recipe)(examples, asked))
        # The heads weigh every tag alike, so that their own shares are equal ones.
        own = np.full(len(SLUGS), 1 / len(SLUGS))
        return _answers(shifted(given, own))

    return answers


def shifted(given: Probabilities, own: NDArray[np.float64]) -> Probabilities:
    """Probabilities (n, k) under the shares of the tags that make the rows likeliest, by expectation maximisation."""
    shares = own
    for _ in range(ROUNDS):
        moved = given * (shares / own)
        moved /= moved.sum(axis=1, keepdims=True)
        shares = moved.mean(axis=0)
    return moved


def self_training(recipe: Recipe) -> Ask:
    """Works of a stream without labels on which the first model is sure train the second."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        stream = _stream()
        said = ask(recipe)(examples, stream)
        learned = [
            replace(one, tag=answer.tag, weight=0.3)
            for one, answer in zip(stream, said, strict=True)
            if answer.tag is not None and answer.confidence >= SURE
        ]
        return ask(recipe)([*examples, *learned], asked)

    return answers


def title_only(recipe: Recipe) -> Ask:
    """Descriptions are hidden, in training and after."""
    return _viewed(recipe, lambda doc: Document(doc.title))


def description_only(recipe: Recipe) -> Ask:
    """Titles are hidden wherever there is a description."""
    return _viewed(recipe, lambda doc: Document(doc.description or doc.title))


def stacking(recipe: Recipe) -> Ask:
    """A second regression over the logarithms of what two recipes answer out of fold."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        members = [load_recipe(name) for name in ("linear", "joined")]
        inside = np.hstack([np.log(_matrix(fitted(one, examples)[1])) for one in members])
        outside = np.hstack([np.log(_matrix(ask(one)(examples, asked))) for one in members])
        second = LogisticRegression(C=recipe.parameters["c"], max_iter=2_000)
        second.fit(inside, [SLUGS.index(example.tag) for example in examples])
        found = np.zeros((len(asked), len(SLUGS)))
        found[:, second.classes_] = second.predict_proba(outside)
        return _answers(found)

    return answers


def cascade(recipe: Recipe) -> Ask:
    """The encoder is asked only where the regression over words is not sure."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        first = ask(load_recipe("linear"))(examples, asked)
        second = ask(recipe)(examples, asked)
        return [a if a.confidence >= SURE else b for a, b in zip(first, second, strict=True)]

    return answers


def views(recipe: Recipe) -> Ask:
    """The vector of the title beside that of the whole, of one length together."""

    def both(documents: Sequence[Document]) -> Vectors:
        titles = vectors([Document(doc.title) for doc in documents])
        return np.hstack([vectors(documents) * LONG, titles * SHORT])

    return _seen_as(recipe, lambda _: both)


def landmarks(recipe: Recipe) -> Ask:
    """A vector's nearness to those of works that train in place of the vector: a kernel machine over the encoder.

    Divided by the root of the landmarks' nearness to one another, products of rows are the nearness of their vectors.
    Source: Williams and Seeger 2000, the Nystroem method.
    """

    def make(examples: Sequence[Example]) -> View:
        marks = vectors([one.document for one in examples])
        root = scipy.linalg.cholesky(_near(marks, marks) + JITTER * np.eye(len(marks)), lower=True)
        return lambda docs: REACH * scipy.linalg.solve_triangular(root, _near(marks, vectors(docs)), lower=True).T

    return _seen_as(recipe, make)


def _near(marks: Vectors, rows: Vectors) -> NDArray[np.float64]:
    """Nearness (m, n) of unit vectors (n, d) to landmarks (m, d): exp(-GAMMA * squared distance)."""
    return np.exp(2.0 * GAMMA * (marks.astype(np.float64) @ rows.T.astype(np.float64) - 1.0))


def _seen_as(recipe: Recipe, make: Callable[[Sequence[Example]], View]) -> Ask:
    """The recipe over other dense features than the encoder's vectors, which may depend on what trains."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        view = make(examples)

        def dense(documents: Sequence[Document]) -> Vectors:
            return np.ascontiguousarray(view(documents), dtype=np.float32)

        job = TrainingJob(recipe, examples, TAGS, ENCODER, vectors([one.document for one in examples]))
        prepared = prepare(job)
        prepared = replace(
            prepared,
            vectors=dense([one.document for one in examples]),
            guideline_vectors=dense([one.document for one in prepared.guidelines]),
        )
        documents = [one.document for one in asked]
        return cross_fit(prepared, recipe)[0].classify(documents, dense(documents))

    return answers


METHODS: dict[str, Callable[[Recipe], Ask]] = {
    "": plain_training,
    "label shift": label_shift,
    "self-training": self_training,
    "title only": title_only,
    "description only": description_only,
    "stacking": stacking,
    "cascade": cascade,
    "views": views,
    "landmarks": landmarks,
}


def _viewed(recipe: Recipe, view: Callable[[Document], Document]) -> Ask:
    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        seen = [[replace(one, document=view(one.document)) for one in rows] for rows in (examples, asked)]
        return ask(recipe)(*seen)

    return answers


def _stream() -> list[Example]:
    with (SHARED / "text" / "stream_papers_of_week.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))[:STREAM_ROWS]
    return [Example(document(row["title"], row["description"]), "", row["id"]) for row in rows]


def _matrix(answers: Sequence[Classification]) -> Probabilities:
    return np.maximum([[one.probabilities[tag] for tag in SLUGS] for one in answers], 1e-9)


def _answers(probabilities: Probabilities) -> list[Classification]:
    return [answer(SLUGS, row) for row in probabilities.tolist()]
