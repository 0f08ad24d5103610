"""Every classifier passes the battery, and the battery catches those that break a promise."""

from dataclasses import dataclass, replace

import numpy as np
import pytest

from winnow.core.values import Classification
from winnow.ml.base import ODD_DOCUMENTS, check_classifier
from winnow.ml.dummy import DummyClassifier, DummyPredictor
from winnow.ml.job import make_classifier
from winnow.ml.recipes import load_recipe

TINY = 24


@pytest.fixture(scope="module")
def few(examples):
    return [example for start in range(0, len(examples), 40) for example in examples[start : start + TINY]]


def reload(predictor):
    arrays = {name: array.copy() for name, array in predictor.arrays().items()}
    return type(predictor).restore(predictor.classes_, arrays, predictor.settings())


@pytest.mark.parametrize("name", ["dummy", "rules", "linear", "encoder", "joined", "steady"])
def test_every_recipe_passes_the_battery(name, few, slugs, encoder):
    check_classifier(lambda: make_classifier(load_recipe(name)), few, slugs, encoder.of, reload)


def test_odd_documents_are_odd():
    texts = [f"{doc.title} {doc.description}".strip() for doc in ODD_DOCUMENTS]
    assert "" in texts
    assert max(map(len, texts)) > 20_000
    assert any(not text.isascii() for text in texts)


@dataclass(frozen=True)
class Broken(DummyPredictor):
    """A predictor that answers what `change` makes of each right answer."""

    change: object = None

    def classify(self, documents, vectors=None):
        right = super().classify(documents, vectors)
        return [self.change(answer, row, documents, vectors) for row, answer in enumerate(right)]

    @classmethod
    def restore(cls, classes, arrays, settings):
        return cls(classes, arrays["priors"], settings["change"])

    def settings(self):
        return {"change": self.change}


def sharpened(answer, share):
    """The answer with probability moved to its tag."""
    moved = {tag: p * (1 - share) for tag, p in answer.probabilities.items()}
    moved[answer.tag] += share
    return Classification(answer.tag, moved[answer.tag], moved)


def of_neighbours(answer, row, documents, vectors):
    return sharpened(answer, 0.1 / len(documents))


def of_order(answer, row, documents, vectors):
    return sharpened(answer, 0.1 if documents and documents[0].title == "" else 0.0)


def of_place(answer, row, documents, vectors):
    return sharpened(answer, min(row, 90) / 100)


def not_one(answer, row, documents, vectors):
    return replace(answer, probabilities={tag: p * 1.1 for tag, p in answer.probabilities.items()})


def no_class(answer, row, documents, vectors):
    return replace(answer, tag="unheard-of")


def unlikely(answer, row, documents, vectors):
    return replace(answer, tag=min(answer.probabilities, key=answer.probabilities.get))


def too_sure(answer, row, documents, vectors):
    return replace(answer, confidence=1.0)


def sure_of_nothing(answer, row, documents, vectors):
    return replace(answer, tag=None)


def other_order(answer, row, documents, vectors):
    return replace(answer, probabilities=dict(reversed(answer.probabilities.items())))


def meddling(answer, row, documents, vectors):
    vectors[row] = 0.0
    return answer


class Drifting:
    """Never the same twice."""

    def __init__(self):
        self.calls = 0

    def __call__(self, answer, *_):
        self.calls += 1
        return sharpened(answer, min(self.calls, 900) / 1_000)


@pytest.mark.parametrize(
    ("change", "promise"),
    [
        (of_neighbours, "alone and in a batch"),
        (of_order, "alone and in a batch|the order of rows"),
        (of_place, "alone and in a batch"),
        (not_one, "sum to one"),
        (no_class, "a tag is one of classes_"),
        (unlikely, "the tag is the likeliest"),
        (too_sure, "confidence is the tag's probability"),
        (sure_of_nothing, "confidence is the tag's probability"),
        (other_order, "in the order of classes_"),
        (meddling, "inputs stay as they were"),
        (Drifting(), "training twice gives the same answers"),
    ],
)
def test_the_battery_catches_a_broken_promise(change, promise, few, slugs, encoder):
    class Make(DummyClassifier):
        def fit(self, examples, tags, vectors=None):
            fitted = super().fit(examples[1:], tags, vectors)
            return Broken(fitted.classes_, fitted.priors, change)

    with pytest.raises(AssertionError, match=promise):
        check_classifier(Make, few, slugs, encoder.of, reload)


def test_the_battery_catches_a_bad_reload(few, slugs, encoder):
    def forgetful(predictor):
        return DummyPredictor(predictor.classes_, np.array([0.4, 0.3, 0.2, 0.1]))

    with pytest.raises(AssertionError, match="saving and loading"):
        check_classifier(DummyClassifier, few, slugs, encoder.of, forgetful)


def test_the_battery_catches_classes_in_another_order(few, slugs, encoder):
    class Make(DummyClassifier):
        def fit(self, examples, tags, vectors=None):
            return super().fit(examples, tags[::-1], vectors)

    with pytest.raises(AssertionError, match="classes_ are the tags"):
        check_classifier(Make, few, slugs, encoder.of, reload)
