"""The scorecard of a model on a file."""

import json
from pathlib import Path

import pytest

from winnow.core.errors import ConflictError, InputError, NotFoundError
from winnow.ml.train import dataset_sha256
from winnow.queries.evidence import measured_on
from winnow.services.evaluate import evaluate_file
from winnow.services.freeze import examples_of, freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.train import train_model


def test_every_row_counts_and_the_model_is_named(champion, labelled):
    card = evaluate_file("champion", labelled)
    assert (card["model"], card["n"]) == (champion.ref, 40)
    assert {tag: figures["n"] for tag, figures in card["per_tag"].items()} == {
        "natural-language-processing": 10,
        "computer-vision": 10,
        "mlops": 10,
        "other": 10,
    }
    assert card["overall"]["accuracy"] > 0.8


def test_the_card_carries_the_rates_of_the_behavioural_tests(champion, labelled):
    rates = evaluate_file("champion", labelled)["behaviour"]
    assert len(rates) == 7
    assert set(rates["direction"]) == {"all", "natural-language-processing", "computer-vision", "mlops", "other"}
    assert rates["minimum functionality"]["all"]["value"] > 0.9


def test_it_is_plain_json(champion, labelled):
    card = evaluate_file(champion.ref, labelled)
    assert set(json.loads(json.dumps(card, allow_nan=False))) == set(card)


def test_a_frozen_set_is_measured_on_what_it_keeps_and_named(champion, labelled):
    import_file(labelled)
    dataset = freeze_dataset()
    kept = examples_of(dataset, "certify")
    card = evaluate_file("champion", Path("gold-1"))
    assert card["n"] == len(kept) < 40
    assert card["dataset"] == {"version": "gold-1", "split": "certify", "sha256": dataset_sha256(kept)}
    ((version, found),) = measured_on(card["dataset"]["sha256"])
    assert (version, found.n, found.method) == (champion, len(kept), "works of gold-1 that were kept from training")
    assert evaluate_file("champion", labelled)["dataset"]["version"] is None


def test_a_set_that_keeps_nothing_measures_nothing(champion, labelled):
    import_file(labelled)
    freeze_dataset(holds_out=False)
    with pytest.raises(InputError, match="gold-1: no rows; nothing to measure"):
        evaluate_file("champion", Path("gold-1"))


def test_the_dummy_is_right_by_chance_alone(tags, labelled, tmp_path):
    folder = tmp_path / "dummy"
    train_model("dummy", data=[labelled], out=folder)
    card = evaluate_file(str(folder), labelled)
    assert (card["model"], card["overall"]["accuracy"]) == (str(folder), 0.25)


def test_progress_follows_the_texts_of_a_model_that_reads_vectors(champion, labelled):
    seen = []
    evaluate_file("champion", labelled, progress=lambda *step: seen.append(step))
    assert (len(seen), seen[-1]) == (40, (40, 40))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("id,title,tag\n", "no rows; nothing to measure"),
        ("id,title,tag\n1,A,\n", ":2: tag: missing"),
        ("id,title,tag\n1,A,cooking\n", ":2: tag: 'cooking'"),
        ("", "is empty"),
    ],
)
def test_a_file_that_measures_nothing_is_refused(champion, tmp_path, content, words):
    path = tmp_path / "rows.csv"
    path.write_text(content)
    with pytest.raises(InputError, match=words):
        evaluate_file("champion", path)


def test_a_model_that_is_not_here_is_said_before_the_file_is_read(tags, tmp_path):
    with pytest.raises(NotFoundError, match="nothing serves as champion"):
        evaluate_file("champion", tmp_path / "nowhere.csv")


@pytest.mark.usefixtures("champion", "other_encoder")
def test_vectors_of_another_encoder_measure_nothing(labelled):
    with pytest.raises(ConflictError, match="another encoder"):
        evaluate_file("champion", labelled)
