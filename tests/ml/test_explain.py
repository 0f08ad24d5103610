from dataclasses import replace

import pytest

from winnow.core.values import Document
from winnow.ml.explain import MAX_WORDS, content_words, explain
from winnow.ml.job import TrainingJob
from winnow.ml.recipes import load_recipe
from winnow.ml.serving import load_artifact
from winnow.ml.train import train

DOC = Document("Segmentation of images", "A network for segmentation, of scans.")


@pytest.fixture(scope="module")
def plain_model(examples, tags, tmp_path_factory):
    folder = tmp_path_factory.mktemp("plain") / "v3"
    train(TrainingJob(load_recipe("linear"), examples, tags), folder)
    return load_artifact(folder, tags)


def test_changes_are_those_of_the_served_probability(model, encoder):
    found = explain(model, DOC, encoder)
    (whole,) = model.classify([DOC], encoder)
    (without,) = model.classify([Document("of images", "A network for , of scans.")], encoder)
    assert found.tag == whole.tag == "computer-vision"
    changes = dict(found.words)
    assert changes["segmentation"] == pytest.approx(whole.confidence - without.probabilities[found.tag], abs=1e-12)
    assert set(changes) == {"segmentation", "images", "network", "scans"}


def test_words_are_sorted_by_what_they_weigh(model, encoder):
    weights = [abs(change) for _, change in explain(model, DOC, encoder).words]
    assert weights == sorted(weights, reverse=True)
    assert weights[0] > 0


def test_runner_up_is_the_second_likeliest(model, encoder):
    found = explain(model, DOC, encoder)
    (whole,) = model.classify([DOC], encoder)
    assert (found.runner_up, found.runner_up_probability) == whole.ranking[1]


def test_a_model_without_an_encoder_is_explained_without_one(plain_model):
    assert explain(plain_model, DOC).tag == "computer-vision"


def test_a_long_text_is_tried_in_its_first_words(plain_model):
    doc = Document("title", " ".join(f"word{number}" for number in range(100)))
    assert len(explain(plain_model, doc).words) == MAX_WORDS


def test_an_empty_text_has_no_words(plain_model):
    assert explain(plain_model, Document("")).words == ()


def test_content_words_are_different_and_no_function_words():
    assert content_words("The state-of-the-art and the BERT's state, a BERT's x") == [
        "state-of-the-art",
        "bert's",
        "state",
    ]


def test_a_word_is_taken_out_whole_and_nowhere_else(plain_model):
    """`art` is a part of other words here and no word of its own but once."""
    doc = Document("Art, state-of-the-art artists' art")
    (with_it,) = plain_model.classify([doc])
    found = dict(explain(plain_model, doc).words)
    (without,) = plain_model.classify([Document(", state-of-the-art artists'")])
    tag = with_it.tag
    assert found["art"] == pytest.approx(with_it.probabilities[tag] - without.probabilities[tag], abs=1e-12)


def test_rules_give_their_reasons(examples, tags, tmp_path, job):
    train(replace(job, recipe=load_recipe("rules")), tmp_path / "v2")
    found = explain(load_artifact(tmp_path / "v2", tags), DOC)
    assert found.reasons == ("works on images or video", "names a task of vision")
