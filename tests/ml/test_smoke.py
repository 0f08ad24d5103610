"""Smoke: whatever a model does, it does it in a child process."""

import json

import numpy as np
import pytest
from django.conf import settings

from winnow.core.values import Document
from winnow.ml.artifacts import read_artifact, write_artifact
from winnow.ml.serving import KIND, MODEL_FILE
from winnow.ml.smoke import _fault, smoke
from winnow.ml.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def approved():
    return load_taxonomy(settings.TAXONOMY)


@pytest.fixture
def asked(approved):
    def ask(folder, **limits):
        return smoke(folder, approved, encoder=settings.ENCODER, cache=settings.CACHE, **limits)

    return ask


@pytest.fixture
def written(trained_folder, tmp_path):
    """The trained model with something of it changed, as a folder whose hashes are right."""

    def write(change):
        artifact = read_artifact(trained_folder, KIND)
        arrays, texts = dict(artifact.arrays), json.loads(json.dumps(dict(artifact.texts)))
        change(arrays, texts)
        write_artifact(tmp_path / "changed", KIND, arrays, texts)
        return tmp_path / "changed"

    return write


def spoil(value):
    def change(arrays, _texts):
        for name, array in arrays.items():
            if array.dtype.kind == "f":
                arrays[name] = np.full_like(array, value)

    return change


def test_a_sound_model_answers_each_text_and_the_slowest_is_last(asked, trained_folder):
    found = asked(trained_folder)
    assert (found.fault, len(found.seconds)) == ("", 8)
    assert 0.0 < found.seconds[0] <= found.seconds[-1]


def test_one_that_answers_with_what_is_no_number_is_found_out(asked, written):
    assert asked(written(spoil(np.nan))).fault


def test_one_for_other_tags_is_found_out(asked, written):
    def rename(_arrays, texts):
        texts[MODEL_FILE]["classes"][0] = "rockets"

    assert "rockets" in asked(written(rename)).fault


def test_a_folder_that_is_none_is_found_out(asked, tmp_path):
    assert "cannot be read" in asked(tmp_path / "none").fault


def test_time_and_memory_are_limited(asked, trained_folder):
    assert "within 0 s" in asked(trained_folder, seconds=0.05).fault
    assert asked(trained_folder, memory_mb=64).fault


def test_what_it_is_asked_may_be_chosen(asked, trained_folder):
    assert len(asked(trained_folder, documents=[Document("One", ""), Document("Two", "")]).seconds) == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({"tag": "a", "confidence": 1.0, "probabilities": {"a": 1.0}}, "other tags"),
        ({"tag": "a", "confidence": 1.0, "probabilities": {"b": 1.0, "a": 0.0}}, "other tags"),
        ({"tag": "a", "confidence": float("nan"), "probabilities": {"a": 1.0, "b": 0.0}}, "are none"),
        ({"tag": "a", "confidence": 0.5, "probabilities": {"a": 1.5, "b": -0.5}}, "are none"),
        ({"tag": "a", "confidence": 0.5, "probabilities": {"a": 0.5, "b": 0.1}}, "add up to 0.600"),
        ({"tag": "c", "confidence": 0.5, "probabilities": {"a": 0.5, "b": 0.5}}, "no approved tag"),
    ],
)
def test_answers_are_judged_on_this_side(row, words):
    assert words in _fault([row], ["a", "b"])


def test_an_abstention_is_no_fault():
    assert _fault([{"tag": None, "confidence": 0.0, "probabilities": {"a": 0.5, "b": 0.5}}], ["a", "b"]) == ""
