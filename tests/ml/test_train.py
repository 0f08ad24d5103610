import hashlib
from dataclasses import replace

import pytest

from winnow.core.errors import ArtifactError
from winnow.core.values import Document, Example, Tag
from winnow.ml.evaluate import evaluate
from winnow.ml.recipes import load_recipe
from winnow.ml.serving import load_artifact
from winnow.ml.thresholds import certify_answers
from winnow.ml.train import DRAFT, dataset_sha256, recipe_json, train


def contents(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_training_twice_gives_the_same_bytes(job, model_folder, tmp_path):
    summary = train(job, tmp_path / "again")
    assert contents(tmp_path / "again") == contents(model_folder)
    assert summary.sha256 == hashlib.sha256((model_folder / "manifest.json").read_bytes()).hexdigest()
    assert summary.seconds > 0


def test_the_model_says_what_it_was_made_of(job, model, encoder):
    assert model.dataset_sha256 == dataset_sha256(job.examples)
    assert model.encoder_sha256 == encoder.sha256
    assert model.recipe == recipe_json(job.recipe)
    assert "folder" not in model.recipe
    assert model.card["n"] == 160
    assert model.card["n_per_tag"] == dict.fromkeys(model.classes_, 40)
    assert model.card["out_of_fold"]["accuracy"]["n"] == 160


def test_a_model_beats_the_dummy_on_unseen_works(model, unseen, slugs, job, tmp_path, tags, encoder):
    train(replace(job, recipe=load_recipe("dummy")), tmp_path / "v1")
    documents = [example.document for example in unseen]
    dummy = load_artifact(tmp_path / "v1", tags).classify(documents)
    ours = model.classify(documents, encoder)
    accuracies = [evaluate(answers, unseen, slugs).overall["accuracy"] for answers in (dummy, ours)]
    assert accuracies[0] == 0.25
    assert accuracies[1] >= 0.7


def test_without_held_out_rows_the_proof_is_provisional(job, model, tmp_path, tags):
    assert model.policy.provenance == "out of fold, provisional"
    assert model.policy.certificate.n <= len(job.examples)
    train(replace(job, provenance="proved on the starter set"), tmp_path / "m")
    assert (
        load_artifact(tmp_path / "m", tags).policy.provenance == "out of fold, provisional; proved on the starter set"
    )


def test_with_held_out_rows_the_proof_stands_on_them_alone(job, unseen, tmp_path, tags, encoder):
    summary = train(replace(job, held_out=unseen), tmp_path / "m")
    model = load_artifact(tmp_path / "m", tags)
    answers = model.classify([example.document for example in unseen], encoder)
    assert model.policy == summary.policy
    assert model.policy.certificate == certify_answers(answers, unseen, target=0.9, delta=0.1)
    assert model.policy.threshold == model.policy.certificate.threshold
    assert model.policy.provenance == "held-out labels"


def test_all_examples_train_the_served_head(job, tmp_path, tags, encoder):
    """The last example alone knows a word; the served model knows it too."""
    odd = Example(Document("Zyzzyva", "zyzzyva zyzzyva"), "mlops")
    linear = replace(job, recipe=load_recipe("linear"), examples=[*job.examples, odd])
    train(linear, tmp_path / "m")
    (answer,) = load_artifact(tmp_path / "m", tags).classify([odd.document])
    assert answer.tag == "mlops"


def test_a_taken_folder_is_refused(job, model_folder):
    before = contents(model_folder)
    with pytest.raises(ArtifactError, match="name a new or an empty folder"):
        train(replace(job, recipe=load_recipe("dummy")), model_folder)
    assert contents(model_folder) == before


def test_the_hash_of_data_follows_content_and_order():
    one, two = Example(Document("a"), "x"), Example(Document("b"), "y")
    assert dataset_sha256([one, two]) == dataset_sha256([Example(Document("a"), "x"), two])
    assert len({dataset_sha256(rows) for rows in ([one], [one, two], [two, one], [replace(one, tag="y"), two])}) == 4


WORDS = {
    "birds": "robin sparrow wings feathers nest",
    "fish": "salmon trout fins gills river",
    "trees": "oak birch leaves bark roots",
    "stones": "granite basalt quartz crystal ore",
    "stars": "sun giant dwarf nebula galaxy",
    "boats": "sail mast harbour keel rudder",
    "bread": "flour yeast oven crust dough",
}


@pytest.mark.parametrize("name", ["dummy", "rules", "linear", "encoder", "joined", "steady"])
def test_another_taxonomy_of_seven_tags_works_without_a_change(name, tmp_path, encoder, job):
    tags = tuple(Tag(slug, slug, slug, f"About {slug}.", typical=(f"All about {slug}.",)) for slug in WORDS)
    examples = [
        Example(Document(f"{first} and {second}", f"A text on {first}."), slug)
        for slug, text in WORDS.items()
        for first in text.split()
        for second in text.split()
        if first < second
    ]
    train(replace(job, recipe=load_recipe(name), tags=tags, examples=examples), tmp_path / name)
    model = load_artifact(tmp_path / name, tags)
    answers = model.classify([Document("a big oak with green leaves"), Document("an oven for dough")], encoder)
    expected = {"dummy": ["birds", "birds"], "rules": [None, None]}.get(name, ["trees", "bread"])
    assert model.classes_ == tuple(WORDS)
    assert [answer.tag for answer in answers] == expected


def test_a_tag_without_rows_is_learned_from_its_guideline(job, tmp_path, tags, encoder):
    some = [example for example in job.examples if example.tag != "mlops"]
    train(replace(job, examples=some), tmp_path / "m")
    model = load_artifact(tmp_path / "m", tags)
    (answer,) = model.classify(
        [Document("Serving models in production with containers", "Deployment and monitoring.")], encoder
    )
    assert answer.tag == "mlops"
    assert sum(model.card["n_per_tag"].values()) == 120


def test_a_draft_answers_as_the_model_does_and_publishes_nothing(job, model, unseen, tmp_path, tags, encoder):
    train(replace(job, is_draft=True), tmp_path / "draft")
    draft = load_artifact(tmp_path / "draft", tags)
    documents = [example.document for example in unseen]
    assert (draft.policy.threshold, draft.policy.provenance) == (None, DRAFT)
    assert "out_of_fold" not in draft.card
    assert [a.tag for a in draft.classify(documents, encoder)] == [a.tag for a in model.classify(documents, encoder)]
