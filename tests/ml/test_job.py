from dataclasses import replace

import numpy as np
import pytest

from winnow.core.errors import InputError
from winnow.core.values import Document, Example
from winnow.ml.job import cross_fit, make_classifier, prepare
from winnow.ml.recipes import EXPERIMENTS, load_recipe, recipes
from winnow.ml.splits import group_examples, grouped_folds


def only(job, *rows, **changes):
    return replace(
        job,
        examples=[Example(Document(title), tag, id=str(row)) for row, (title, tag) in enumerate(rows, 1)],
        **changes,
    )


@pytest.mark.parametrize(
    ("rows", "fault"),
    [
        ([], "no rows to train on"),
        (
            [("a", "mlops"), ("b", "cooking"), ("c", "mlops")],
            r"'cooking' \(row 2\) is no approved tag; the tags are natural-",
        ),
        ([("a", "mlops"), ("b", "mlops")], "all rows bear the tag mlops"),
        ([("a", "mlops"), ("b", "mlops"), ("c", "other")], "tag other: only one row"),
        ([("a", "mlops"), ("A!", "mlops"), ("a.", "other"), ("a", "other")], "all rows are one work"),
    ],
)
def test_data_that_cannot_be_trained_on_is_refused_in_one_line(job, rows, fault):
    with pytest.raises(InputError, match=fault) as caught:
        prepare(only(job, *rows))
    assert "\n" not in str(caught.value)


def test_a_held_out_row_needs_an_approved_tag_too(job):
    with pytest.raises(InputError, match="'cooking' is no approved tag"):
        prepare(replace(job, held_out=[Example(Document("x"), "cooking")]))


def test_a_recipe_that_reads_vectors_needs_an_encoder(job):
    with pytest.raises(InputError, match=f"recipe {job.recipe.name}: needs an encoder; set WINNOW_ENCODER"):
        prepare(replace(job, encoder=None))
    assert prepare(replace(job, encoder=None, recipe=load_recipe("linear"))).vectors is None


def test_vectors_given_are_not_made_again(job, encoder):
    given = np.full((len(job.examples), 384), 0.05, dtype=np.float32)
    assert prepare(replace(job, vectors=given)).vectors is given


def test_guidelines_train_with_their_weight(job, tags):
    prepared = prepare(job)
    assert len(prepared.guidelines) == sum(len(tag.typical) for tag in tags)
    assert {one.weight for one in prepared.guidelines} == {job.recipe.guideline_weight}
    assert prepared.guideline_vectors.shape == (len(prepared.guidelines), 384)
    assert prepare(replace(job, recipe=replace(job.recipe, guideline_weight=0.0))).guidelines == ()


def test_an_answer_comes_from_a_predictor_that_never_saw_the_work(job):
    """Rows whose tags say nothing are learned by heart by who sees them, and by nobody out of fold."""
    names = [f"qx{letter}{number} vz{number}{letter}" for number in range(15) for letter in "abcd"]
    rows = [(name, ("mlops", "other")[place % 2]) for place, name in enumerate(names)]
    noise = only(job, *rows, encoder=None, recipe=load_recipe("linear"))
    prepared = prepare(noise)
    predictor, unseen = cross_fit(prepared, noise.recipe)
    labels = [example.tag for example in noise.examples]
    seen = prepared.classify(predictor, range(len(labels)))
    assert sum(answer.tag == label for answer, label in zip(seen, labels, strict=True)) == len(labels)
    assert sum(answer.tag == label for answer, label in zip(unseen, labels, strict=True)) < len(labels) * 0.8


def test_out_of_fold_answers_are_in_the_order_of_the_examples_and_calibrated_alike(job):
    prepared = prepare(job)
    predictor, unseen = cross_fit(prepared, job.recipe)
    labels = [example.tag for example in job.examples]
    fold = grouped_folds(group_examples(job.examples), labels, job.recipe.folds, job.recipe.seed)[2]
    rest = sorted(set(range(len(labels))) - set(fold))
    own = prepared.fit(rest)
    own = replace(own, head=replace(own.head, temperature=predictor.head.temperature))
    assert prepared.classify(own, fold) == [unseen[row] for row in fold]


def test_tiny_data_is_folded_as_far_as_it_goes(job):
    tiny = only(
        job, ("one", "mlops"), ("two", "mlops"), ("three", "other"), ("four", "other"), recipe=load_recipe("linear")
    )
    assert len(cross_fit(prepare(tiny), tiny.recipe)[1]) == 4
    bare = replace(tiny, recipe=replace(tiny.recipe, guideline_weight=0.0))
    assert len(cross_fit(prepare(bare), bare.recipe)[1]) == 4


@pytest.mark.parametrize(("name", "parameters"), [("linear", {"features": ["tfidf"], "depth": 3}), ("dummy", {"c": 1})])
def test_an_unknown_hyperparameter_is_named(name, parameters):
    recipe = replace(load_recipe(name), parameters=parameters)
    with pytest.raises(InputError, match=f"recipe {name}: parameters: "):
        make_classifier(recipe)


@pytest.mark.parametrize("recipe", recipes(EXPERIMENTS), ids=lambda recipe: recipe.name)
def test_every_experiment_can_be_trained(recipe):
    assert make_classifier(recipe).c == recipe.parameters["c"]
