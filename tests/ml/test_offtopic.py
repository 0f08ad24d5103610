import json
import subprocess
import sys
import threading

import numpy as np
import pytest

from winnow.core.errors import ArtifactError
from winnow.core.text import document
from winnow.core.values import Document
from winnow.ml.artifacts import read_artifact, write_artifact
from winnow.ml.features import Features
from winnow.ml.head import Head
from winnow.ml.linear import LinearPredictor
from winnow.ml.offtopic import KIND, SCREEN_FILE, OffTopicScreen, ensure_screen, load_screen
from winnow.ml.rules import Rule
from winnow.ml.topic_scorer import OFF_TOPIC, ON_TOPIC, TopicScorer

from .conftest import CACHE, DATA

SPAM = Rule("casino", "spam", "advertises gambling", ("casino*",))
VECTOR = np.array([1.0], dtype=np.float32)


def screen_with(score, threshold_described=0.7, threshold_bare=0.9):
    """A screen that gives every text a probability of another subject."""
    head = Head(np.zeros((1, 2)), np.array([np.log(score / (1 - score)), 0.0]))
    predictor = LinearPredictor((OFF_TOPIC, ON_TOPIC), head, Features(width=1))
    scorer = TopicScorer(predictor, VECTOR[None], VECTOR[None], 10.0)
    return OffTopicScreen(scorer, (SPAM,), threshold_described, threshold_bare, "hash")


def test_spam_is_told_by_a_rule_with_its_reason():
    found = screen_with(0.01).judge(Document("Deep learning CASINO bonus"), VECTOR)
    assert (found.kind, found.reason, found.score) == ("spam", "the text advertises gambling", 1.0)


@pytest.mark.parametrize(
    ("score", "described", "bare"),
    [(0.5, "on_topic", "on_topic"), (0.8, "off_topic", "on_topic"), (0.95, "off_topic", "off_topic")],
)
def test_a_title_alone_has_a_threshold_of_its_own(score, described, bare):
    screen = screen_with(score)
    assert screen.judge(Document("Title", "Description"), VECTOR).kind == described
    found = screen.judge(Document("Title"), VECTOR)
    assert found.kind == bare
    assert found.score == pytest.approx(score)
    assert found.reason == f"score {score:.2f} for another subject, threshold 0.90"


@pytest.fixture(scope="module")
def starter(real_encoder):
    """The screen of the starter material, made once a machine like the encoder's graph."""
    return ensure_screen(DATA, CACHE, real_encoder)


@pytest.mark.parametrize(
    ("title", "description", "kind"),
    [
        ("Attention is all you need", "", "on_topic"),
        ("A convolutional network that segments scans", "Trained on few images.", "on_topic"),
        ("Graph neural networks for molecules", "Learned potentials.", "on_topic"),
        ("President wins the election", "Voters went to the polls on Sunday and the opposition lost.", "off_topic"),
        ("django-forms", "A plugin for the admin of Django with forms and templates.", "off_topic"),
        ("Striker scores twice", "The team won the match and leads the league.", "off_topic"),
        ("Best online casino bonus", "Free spins for machine learning engineers!", "spam"),
        ("Buy followers", "Real followers, cheap.", "spam"),
    ],
)
def test_the_starter_screen_tells_subjects_apart(starter, encoder, title, description, kind):
    doc = document(title, description)
    assert starter.judge(doc, encoder.of([doc])[0]).kind == kind


def test_the_starter_screen_withholds_few_foreign_works(starter, encoder, shared_data):
    from .conftest import read_examples

    documents = [one.document for one in read_examples(shared_data / "text" / "lists_labelled.csv")]
    documents += [one.document for one in read_examples(shared_data / "made-with-ml" / "dataset.csv")]
    withheld = 0
    for doc, vector in zip(documents, encoder.of(documents), strict=True):
        withheld += starter.judge(doc, vector).kind != "on_topic"
    assert withheld / len(documents) <= 0.02


def test_the_screen_is_found_again_and_a_torn_one_is_made_again(tmp_path, small_data, encoder):
    first = ensure_screen(small_data, tmp_path / "cache", encoder)
    (folder,) = (tmp_path / "cache").iterdir()
    made_at = (folder / SCREEN_FILE).stat().st_mtime_ns
    assert ensure_screen(small_data, tmp_path / "cache", encoder).sha256 == first.sha256
    assert (folder / SCREEN_FILE).stat().st_mtime_ns == made_at
    (folder / SCREEN_FILE).write_text("{}")
    assert ensure_screen(small_data, tmp_path / "cache", encoder).sha256 == first.sha256
    assert [path.name for path in (tmp_path / "cache").iterdir()] == [folder.name]


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path, small_data, encoder):
    (tmp_path / "file").touch()
    closed = ensure_screen(small_data, tmp_path / "file" / "cache", encoder)
    assert closed.sha256 == ensure_screen(small_data, tmp_path / "cache", encoder).sha256


def test_other_material_makes_another_screen(tmp_path, small_data, encoder):
    first = ensure_screen(small_data, tmp_path / "cache", encoder)
    path = small_data / "offtopic" / "not-ml.csv"
    path.write_text(path.read_text() + "new,A new line,on cooking soup,life\n")
    assert ensure_screen(small_data, tmp_path / "cache", encoder).sha256 != first.sha256
    assert len(list((tmp_path / "cache").iterdir())) == 2


def test_many_may_make_it_at_once(tmp_path, small_data, encoder):
    found = []

    def make():
        found.append(ensure_screen(small_data, tmp_path / "cache", encoder).sha256)

    threads = [threading.Thread(target=make) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 3
    assert len(set(found)) == 1
    assert len(list((tmp_path / "cache").iterdir())) == 1


@pytest.mark.parametrize("change", [{"spam": 3}, {"threshold_bare": "high"}, {"spam": [{"name": "x"}]}])
def test_a_screen_that_does_not_fit_is_refused(tmp_path, small_data, encoder, change):
    ensure_screen(small_data, tmp_path / "cache", encoder)
    (folder,) = (tmp_path / "cache").iterdir()
    artifact = read_artifact(folder, KIND)
    texts = json.loads(json.dumps(dict(artifact.texts)))
    texts[SCREEN_FILE].update(change)
    write_artifact(tmp_path / "changed", KIND, artifact.arrays, texts)
    with pytest.raises(ArtifactError, match="does not hold what a screen has to hold"):
        load_screen(tmp_path / "changed")


def test_a_model_is_no_screen(model_folder):
    with pytest.raises(ArtifactError, match="is a 'classifier', not a 'off-topic screen'"):
        load_screen(model_folder)


def test_judging_imports_nothing_that_training_needs(tmp_path, small_data, encoder):
    ensure_screen(small_data, tmp_path / "cache", encoder)
    (folder,) = (tmp_path / "cache").iterdir()
    script = (
        "import sys, numpy; from pathlib import Path; from winnow.core.values import Document; "
        "from winnow.ml.offtopic import load_screen; "
        "load_screen(Path(sys.argv[1])).judge(Document('soup'), numpy.ones(384, 'float32')); "
        "print(sorted({'sklearn', 'scipy', 'onnx', 'torch'} & set(sys.modules)))"
    )
    command = [sys.executable, "-c", script, str(folder)]
    environment = {"PYTHONPATH": ":".join(sys.path)}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.strip() == "[]"
