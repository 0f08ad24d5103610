import json
import os
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from winnow.core.errors import ArtifactError, ConflictError
from winnow.core.policy import Policy
from winnow.core.values import Certificate, Document
from winnow.ml.artifacts import read_artifact, write_artifact
from winnow.ml.recipes import load_recipe
from winnow.ml.serving import KIND, load_artifact, policy_from_json
from winnow.ml.train import train

from .conftest import CACHE, DATA

DOCUMENTS = [Document("Attention is all you need"), Document("Serving models with Kubernetes"), Document("")]

SCRIPT = """
import sys
from pathlib import Path
from winnow.core.text import document
from winnow.ml.encoder import load_encoder
from winnow.ml.serving import load_artifact
from winnow.ml.taxonomy import load_taxonomy
model = load_artifact(Path(sys.argv[1]), load_taxonomy(Path(sys.argv[2])))
(answer,) = model.classify([document("Attention is all you need")], load_encoder("bundled", Path(sys.argv[3])))
print(answer.tag, repr(answer.confidence), sorted({"sklearn", "scipy", "onnx", "torch"} & set(sys.modules)))
"""


def test_serving_imports_nothing_that_training_needs(model_folder, model, encoder):
    path = os.pathsep.join(sys.path)
    command = [sys.executable, "-c", SCRIPT, str(model_folder), str(DATA / "taxonomy.toml"), str(CACHE)]
    done = subprocess.run(command, env={"PYTHONPATH": path}, capture_output=True, text=True, check=True, timeout=120)
    (here,) = model.classify(DOCUMENTS[:1], encoder)
    assert done.stdout.strip() == f"{here.tag} {here.confidence!r} []"


def test_vectors_and_encoder_give_the_same_answers(model, encoder):
    assert model.classify(DOCUMENTS, encoder) == model.classify(DOCUMENTS, vectors=encoder.of(DOCUMENTS))


def test_a_model_that_reads_vectors_says_what_it_misses(model, encoder):
    assert model.needs_encoder
    with pytest.raises(ConflictError, match="needs an encoder"):
        model.classify(DOCUMENTS)
    other = replace(model, encoder_sha256="0" * 64)
    with pytest.raises(ConflictError, match="another encoder"):
        other.classify(DOCUMENTS, encoder)


def test_a_model_without_an_encoder_needs_none(job, tags, tmp_path):
    train(replace(job, recipe=load_recipe("linear"), encoder=None), tmp_path / "v3")
    model = load_artifact(tmp_path / "v3", tags)
    assert not model.needs_encoder
    assert model.encoder_sha256 is None
    assert [answer.tag for answer in model.classify(DOCUMENTS[1:2])] == ["mlops"]


def test_a_row_has_the_same_bits_alone_and_among_many(model, unseen, encoder):
    documents = [example.document for example in unseen]
    vectors = encoder.of(documents)
    together = model.classify(documents, vectors=vectors)
    assert [model.classify([doc], vectors=vectors[[row]])[0] for row, doc in enumerate(documents)] == together


def test_a_model_for_other_tags_is_refused(model_folder, tags):
    for others in (tags[::-1], tags[:3], (*tags, replace(tags[0], slug="fifth"))):
        with pytest.raises(
            ArtifactError, match="was trained for the tags natural-language-processing, computer-vision"
        ):
            load_artifact(model_folder, others)


def rewritten(folder, target, model=None, predictor=None, arrays=None):
    """A folder whose hashes fit and whose content was changed."""
    found = read_artifact(folder, KIND)
    texts = json.loads(json.dumps(dict(found.texts)))
    texts["model.json"].update(model or {})
    texts["predictor.json"].update(predictor or {})
    write_artifact(target, KIND, {**found.arrays, **(arrays or {})}, texts)
    return target


@pytest.mark.parametrize(
    "change",
    [
        {"arrays": {"coef": np.ones((3, 4))}},
        {"arrays": {"intercept": np.ones(5)}},
        {"arrays": {"idf": np.ones(2)}},
        {"arrays": {"temperature": np.array(-1.0)}},
        {"arrays": {"temperature": np.ones(3)}},
        {"predictor": {"width": 10}},
        {"predictor": {"width": "many"}},
        {"predictor": {"vocabulary": 7}},
        {"predictor": {"rules": [{"name": "x"}]}},
        {"model": {"recipe": {"kind": "magic"}}},
        {"model": {"recipe": None}},
        {"model": {"policy": {}}},
        {"model": {"policy": {"threshold": 1, "per_tag": 3, "certificate": None, "provenance": ""}}},
        {"model": {"policy": {"threshold": 1, "per_tag": {}, "certificate": {"x": 1}, "provenance": ""}}},
        {"model": {"classes": 3}},
    ],
)
def test_content_that_does_not_fit_is_refused_in_one_line(model_folder, tags, tmp_path, change):
    with pytest.raises(ArtifactError) as caught:
        load_artifact(rewritten(model_folder, tmp_path / "m", **change), tags)
    assert "\n" not in str(caught.value)


def test_a_rewritten_folder_without_a_change_is_the_same_model(model_folder, model, tags, tmp_path):
    assert load_artifact(rewritten(model_folder, tmp_path / "m"), tags).sha256 == model.sha256


def test_a_policy_survives_json():
    certificate = Certificate(0.9, 0.1, 0.7, 100, 3, 0.92, 0.8)
    for policy in (Policy(0.7, {"a": 0.8}, certificate, "words"), Policy(None)):
        value = {
            "threshold": policy.threshold,
            "per_tag": dict(policy.per_tag),
            "certificate": None
            if policy.certificate is None
            else {name: getattr(certificate, name) for name in certificate.__slots__},
            "provenance": policy.provenance,
            "is_provisional": policy.is_provisional,
        }
        assert policy_from_json(json.loads(json.dumps(value))) == policy
