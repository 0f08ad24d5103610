"""A model trained again from what was recorded of it."""

import pytest

from winnow.core.errors import ArtifactError, InputError
from winnow.models import ModelVersion, TrainingRun, guards
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.train import train_model
from winnow.services.verify import verify_model


@pytest.fixture
def frozen(labelled, tags):
    import_file(labelled)
    return freeze_dataset()


@pytest.mark.parametrize(("recipe", "is_draft"), [("dummy", False), ("linear", True), ("best", False)])
def test_the_same_inputs_give_the_same_bytes(frozen, recipe, is_draft):
    ref = train_model(recipe, is_draft=is_draft, is_measured=False).model
    found = verify_model(ref)
    assert (found.model, found.is_same, found.differing, found.code_changed) == (ref, True, (), False)
    assert found.sha256 == found.again_sha256 == version_of(ref).manifest_sha256


def test_a_training_is_a_row_with_its_recipe_and_the_hashes_of_what_went_in(frozen):
    version = version_of(train_model("linear", is_measured=False).model)
    run = TrainingRun.objects.get()
    assert (run.model_version, run.recipe["name"], run.is_draft) == (version, "linear", False)
    assert (run.dataset_sha256, len(run.code_sha256)) == (version.dataset_sha256, 64)
    assert run.seconds > 0


def test_what_was_trained_from_files_needs_them_again(labelled, tags):
    ref = train_model("dummy", data=[labelled]).model
    with pytest.raises(InputError, match="name them with --data"):
        verify_model(ref)
    assert verify_model(ref, data=[labelled]).is_same


def test_other_data_gives_other_bytes_and_the_files_are_named(labelled, tags, tmp_path):
    ref = train_model("linear", data=[labelled]).model
    lines = labelled.read_text().splitlines()
    fewer = tmp_path / "fewer.csv"
    fewer.write_text("\n".join(lines[:-3]) + "\n")
    found = verify_model(ref, data=[fewer])
    assert not found.is_same
    assert "model.json" in found.differing
    assert found.as_json()["again_sha256"] != found.as_json()["sha256"]


def test_that_the_code_has_changed_since_is_said(frozen):
    from django.db import connection

    ref = train_model("dummy", is_measured=False).model
    guards.lift(connection)
    TrainingRun.objects.update(code_sha256="older")
    guards.install(connection)
    assert verify_model(ref).code_changed


def test_a_torn_folder_is_not_trained_over(own_folder, champion):
    (own_folder / "model.json").write_text("{}")
    with pytest.raises(ArtifactError):
        verify_model(ModelVersion.objects.get().ref)
