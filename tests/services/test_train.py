"""From files or frozen labels to a folder or a registered model."""

import shutil

import pytest

from winnow.core.errors import ConflictError, InputError
from winnow.ml.recipes import RECIPES
from winnow.ml.serving import load_artifact
from winnow.models import Label, ModelVersion
from winnow.queries.evidence import evidence_of
from winnow.services.deploy import register_model
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.taxonomy import approved_list
from winnow.services.train import STARTER, newest_dataset, train_model


@pytest.fixture
def frozen(tags, labelled):
    """Forty gold labels, frozen."""
    assert import_file(labelled).accepted == 40
    return freeze_dataset()


def models_folder(settings):
    return sorted(path.name for path in (settings.HOME / "models").iterdir())


def test_with_a_folder_named_nothing_is_registered(tags, labelled, tmp_path):
    trained = train_model("dummy", data=[labelled], out=tmp_path / "m")
    loaded = load_artifact(tmp_path / "m", approved_list())
    assert (trained.model, trained.dataset_sha256) == (str(tmp_path / "m"), loaded.dataset_sha256)
    assert (ModelVersion.objects.count(), trained.seconds > 0) == (0, True)


@pytest.fixture
def experiment(tmp_path):
    path = tmp_path / "experiment.toml"
    path.write_text(f'{(RECIPES / "dummy.toml").read_text()}verdict = "It helps nobody."\n')
    return path


def test_an_experiment_is_trained_into_a_folder_and_never_registered(tags, labelled, tmp_path, experiment):
    train_model(str(experiment), data=[labelled], out=tmp_path / "m")
    loaded = load_artifact(tmp_path / "m", approved_list())
    assert loaded.recipe["verdict"] == "It helps nobody."
    with pytest.raises(ConflictError, match="recipe dummy: a proof of concept; it cannot be deployed"):
        train_model(str(experiment), data=[labelled])
    with pytest.raises(ConflictError, match="a proof of concept; it cannot be deployed") as caught:
        register_model(loaded, dataset=None)
    assert "\n" not in str(caught.value)
    assert ModelVersion.objects.count() == 0


def test_an_empty_folder_is_taken_and_a_deep_one_made(tags, labelled, tmp_path):
    (tmp_path / "empty").mkdir()
    for folder in (tmp_path / "empty", tmp_path / "a" / "b" / "c"):
        train_model("dummy", data=[labelled], out=folder)
        assert (folder / "manifest.json").is_file()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "empty", "labelled.csv"]


@pytest.mark.parametrize("make", [lambda path: path.write_text("x"), lambda path: (path / "mine").mkdir(parents=True)])
def test_what_is_there_is_never_overwritten(tags, labelled, tmp_path, make):
    make(tmp_path / "m")
    with pytest.raises(InputError, match="is not empty"):
        train_model("dummy", data=[labelled], out=tmp_path / "m")
    assert (tmp_path / "m").exists()


def test_equal_data_is_one_model_under_one_name(tags, labelled, settings):
    first, again = train_model("dummy", data=[labelled]), train_model("dummy", data=[labelled])
    version = ModelVersion.objects.get()
    assert (first.model, again.model, version.ref) == ("v1-1", "v1-1", "v1-1")
    assert load_artifact(settings.HOME / version.folder, approved_list()).sha256 == version.manifest_sha256


def test_a_folder_that_was_lost_is_made_again_by_the_same_training(tags, labelled, settings):
    train_model("dummy", data=[labelled])
    folder = settings.HOME / ModelVersion.objects.get().folder
    shutil.rmtree(folder)
    train_model("dummy", data=[labelled])
    assert load_artifact(folder, approved_list()).sha256 == ModelVersion.objects.get().manifest_sha256


def test_nothing_is_left_on_the_bench(tags, labelled, tmp_path, settings):
    train_model("dummy", data=[labelled])
    before = models_folder(settings)
    (tmp_path / "bad.csv").write_text("id,title,tag\n1,A,mlops\n")
    with pytest.raises(InputError):
        train_model("linear", data=[tmp_path / "bad.csv"])
    assert models_folder(settings) == before
    assert [name for name in before if name.startswith("training.tmp.")] == []


def test_without_files_the_newest_frozen_labels_train_and_say_that_they_are_provisional(frozen):
    version = ModelVersion.objects.get(ref=train_model("linear").model)
    n_held_out = sum(row["split"] == "certify" for row in frozen.rows)
    assert (version.dataset, version.policy["provenance"]) == (frozen, f"held-out labels; {STARTER}")
    found = {row.metric: row for row in evidence_of(version) if not row.scope}
    assert (found["accuracy"].n, n_held_out > 0) == (n_held_out, True)
    assert {"out of fold accuracy", "behaviour minimum functionality"} < set(found)


def test_from_files_there_is_no_data_set_and_no_more_evidence_than_training_gives(frozen, labelled):
    version = ModelVersion.objects.get(ref=train_model("linear", data=[labelled]).model)
    assert (version.dataset, version.policy["provenance"]) == (None, "out of fold, provisional")
    kept = {row.metric: (row.value, row.n) for row in evidence_of(version)}
    found = version.card["out_of_fold"]
    assert kept == {f"out of fold {name}": (figure["value"], figure["n"]) for name, figure in found.items()}


def test_the_data_set_that_was_frozen_last_is_the_newest(frozen, tags):
    assert newest_dataset() == frozen
    Label.objects.filter(pk=Label.objects.filter(tag="other").first().pk).update(tag="mlops")
    assert newest_dataset() == frozen
    later = freeze_dataset()
    assert (later.version, newest_dataset()) == ("gold-2", later)


def test_without_labels_and_files_there_is_nothing_to_train(tags):
    with pytest.raises(InputError, match="no frozen data set yet"):
        train_model("dummy")


def test_an_unknown_recipe_names_those_that_exist(tags, labelled, tmp_path):
    with pytest.raises(InputError, match="there are dummy"):
        train_model("nonsense", data=[labelled], out=tmp_path / "m")
    assert not (tmp_path / "m").exists()
