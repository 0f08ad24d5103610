"""Recipes trained in memory, each once for the same data, with vectors that are made once a text."""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from material import ENCODER, TAGS
from winnow.core.text import joined
from winnow.core.values import Classification, Document, Example
from winnow.ml.base import Predictor, Vectors
from winnow.ml.job import TrainingJob, cross_fit, prepare
from winnow.ml.recipes import Recipe
from winnow.ml.train import dataset_sha256

Ask = Callable[[Sequence[Example], Sequence[Example]], list[Classification]]
_vectors: dict[str, Vectors] = {}
_fitted: dict[tuple[str, str], tuple[Predictor, list[Classification]]] = {}


def ask(recipe: Recipe) -> Ask:
    """Trains on the examples given first, as `winnow train` does, and answers for those given second."""

    def answers(examples: Sequence[Example], asked: Sequence[Example]) -> list[Classification]:
        return classify(fitted(recipe, examples)[0], [example.document for example in asked])

    return answers


def fitted(recipe: Recipe, examples: Sequence[Example]) -> tuple[Predictor, list[Classification]]:
    """The calibrated predictor, and out-of-fold answers for its examples."""
    # Whatever a recipe is called: experiments share their training with what they build on.
    parameters = {name: Path(str(value)).name for name, value in recipe.parameters.items()}
    key = (f"{recipe.kind} {parameters} {recipe.guideline_weight}", dataset_sha256(examples))
    if key not in _fitted:
        job = TrainingJob(recipe, examples, TAGS, encoder=ENCODER)
        if job.needs_encoder:
            job = TrainingJob(recipe, examples, TAGS, ENCODER, vectors([example.document for example in examples]))
        _fitted[key] = cross_fit(prepare(job), recipe)
    return _fitted[key]


def classify(predictor: Predictor, documents: Sequence[Document]) -> list[Classification]:
    """Answers, with vectors where they are needed."""
    return predictor.classify(documents, vectors(documents) if predictor.needs_encoder else None)


def vectors(documents: Sequence[Document]) -> Vectors:
    """Those of the encoder, each made once."""
    texts = [joined(doc) for doc in documents]
    new = [text for text in dict.fromkeys(texts) if text not in _vectors]
    _vectors.update(zip(new, ENCODER.encode(new), strict=True))
    return np.stack([_vectors[text] for text in texts])
