"""A recipe with its data: checked, encoded, fitted, and scored on rows that were kept out of the fitting."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from winnow.core.errors import InputError
from winnow.core.text import document, joined
from winnow.core.values import Classification, Example, Tag
from winnow.ml.base import Classifier, Predictor, Vectors
from winnow.ml.dummy import DummyClassifier
from winnow.ml.encoder import Encoder, Progress
from winnow.ml.linear_training import LinearClassifier
from winnow.ml.recipes import Recipe
from winnow.ml.rules import RuleClassifier, load_rules
from winnow.ml.splits import group_examples, grouped_folds


@dataclass(frozen=True, slots=True)
class TrainingJob:
    """A recipe and all that it is applied to.

    `vectors` (n, d) belong to `examples`; without them `encoder` makes them, where the recipe needs any.
    `held_out` are examples that never train: where they are given, the threshold is certified on them.
    `provenance` is what the policy is to say of its proof. A draft is neither calibrated nor certified: the order of
    its confidences means something, their value does not, and nothing is published on it.
    """

    recipe: Recipe
    examples: Sequence[Example]
    tags: Sequence[Tag]
    encoder: Encoder | None = None
    vectors: Vectors | None = None
    held_out: Sequence[Example] = ()
    held_out_vectors: Vectors | None = None
    provenance: str = ""
    is_draft: bool = False
    progress: Progress | None = None

    @property
    def slugs(self) -> tuple[str, ...]:
        """The tags in their order."""
        return tuple(tag.slug for tag in self.tags)

    @property
    def needs_encoder(self) -> bool:
        """Whether the recipe reads vectors."""
        return "encoder" in self.recipe.parameters.get("features", ())


@dataclass(frozen=True, slots=True)
class Prepared:
    """A job that was checked and encoded. `guidelines` are extra examples that train in every fold and test in none."""

    classifier: Classifier
    slugs: tuple[str, ...]
    examples: tuple[Example, ...]
    vectors: Vectors | None
    guidelines: tuple[Example, ...]
    guideline_vectors: Vectors | None

    def fit(self, rows: Iterable[int]) -> Predictor:
        """The classifier trained on some of the examples and on the guidelines."""
        chosen = list(rows)
        examples = [self.examples[row] for row in chosen] + list(self.guidelines)
        vectors = None
        if self.vectors is not None and self.guideline_vectors is not None:
            vectors = np.concatenate([self.vectors[chosen], self.guideline_vectors])
        return self.classifier.fit(examples, self.slugs, vectors)

    def classify(self, predictor: Predictor, rows: Sequence[int]) -> list[Classification]:
        """Answers for some of the examples."""
        vectors = None if self.vectors is None else self.vectors[list(rows)]
        return predictor.classify([self.examples[row].document for row in rows], vectors)


def prepare(job: TrainingJob) -> Prepared:
    """Check and encode a job. Raises InputError that says what is wrong with it."""
    _check(job)
    guidelines = tuple(_guidelines(job))
    return Prepared(
        classifier=make_classifier(job.recipe),
        slugs=job.slugs,
        examples=tuple(job.examples),
        vectors=encoded(job, job.examples, job.vectors),
        guidelines=guidelines,
        guideline_vectors=encoded(job, guidelines, None),
    )


def encoded(job: TrainingJob, examples: Sequence[Example], vectors: Vectors | None) -> Vectors | None:
    """The vectors given, or made by the job's encoder; None where the recipe reads none."""
    if not job.needs_encoder or vectors is not None:
        return vectors
    if job.encoder is None:
        raise InputError(f"recipe {job.recipe.name}: needs an encoder; set WINNOW_ENCODER")
    return job.encoder.encode([joined(example.document) for example in examples], progress=job.progress)


def cross_fit(prepared: Prepared, recipe: Recipe) -> tuple[Predictor, list[Classification]]:
    """The calibrated predictor of all examples, and for each example the answer of one that never saw it.

    What answers for an example was trained without it and without any near-identical work, and is calibrated alike.
    """
    labels = [example.tag for example in prepared.examples]
    groups = group_examples(prepared.examples)
    folds = grouped_folds(groups, labels, min(recipe.folds, len(set(groups))), recipe.seed)
    order = [row for fold in folds for row in fold]
    predictors = [prepared.fit(sorted(set(order) - set(fold))) for fold in folds]
    raw = _answers(prepared, predictors, folds)
    scores = np.array([list(answer.probabilities.values()) for answer in raw])
    right = [labels[row] for row in order]
    calibrated = _answers(prepared, [one.calibrated(scores, right) for one in predictors], folds)
    by_row = dict(zip(order, calibrated, strict=True))
    return prepared.fit(range(len(labels))).calibrated(scores, right), [by_row[row] for row in range(len(labels))]


def make_classifier(recipe: Recipe) -> Classifier:
    """The untrained classifier of a recipe. Raises InputError for hyperparameters that it does not have."""
    makers: Mapping[str, Callable[..., Classifier]] = {
        "dummy": DummyClassifier,
        "rules": lambda rules: RuleClassifier(load_rules(recipe.folder / rules)),
        "linear": lambda features, rules=None, **others: LinearClassifier(
            features=tuple(features), rules=load_rules(recipe.folder / rules) if rules else (), **others
        ),
    }
    try:
        return makers[recipe.kind](**recipe.parameters)
    except TypeError as error:
        raise InputError(f"recipe {recipe.name}: parameters: {error}") from error


def _answers(
    prepared: Prepared, predictors: Sequence[Predictor], folds: Sequence[Sequence[int]]
) -> list[Classification]:
    pairs = zip(predictors, folds, strict=True)
    return [answer for predictor, fold in pairs for answer in prepared.classify(predictor, fold)]


def _guidelines(job: TrainingJob) -> list[Example]:
    weight = job.recipe.guideline_weight
    texts = [(text, tag.slug) for tag in job.tags for text in tag.typical if weight > 0.0]
    return [Example(document(text), slug, weight=weight) for text, slug in texts]


def _check(job: TrainingJob) -> None:
    if not job.examples:
        raise InputError("no rows to train on")
    counts = Counter(example.tag for example in job.examples)
    for example in (*job.examples, *job.held_out):
        if example.tag not in job.slugs:
            named = f" (row {example.id})" if example.id else ""
            raise InputError(f"{example.tag!r}{named} is no approved tag; the tags are {', '.join(job.slugs)}")
    if len(counts) < 2:
        raise InputError(f"all rows bear the tag {next(iter(counts))}; training needs two tags or more")
    tag, fewest = min(counts.items(), key=lambda pair: pair[1])
    if fewest < 2:
        raise InputError(f"tag {tag}: only one row; training needs two or more of each tag that occurs")
    if len(set(group_examples(job.examples))) < 2:
        raise InputError("all rows are one work; training needs several")
