"""The registry: one row a folder, one row a deployment, exchanged while it serves."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from winnow.core.errors import ArtifactError, NotFoundError
from winnow.core.values import Document
from winnow.ml.recipes import RECIPES
from winnow.ml.serving import load_artifact
from winnow.models import Deployment, Event, ModelVersion
from winnow.services import deploy as registry
from winnow.services.deploy import load_version, register_model, serving, version_of
from winnow.services.taxonomy import approved_list
from winnow.services.train import train_model


@pytest.fixture
def dummy(tags, labelled):
    """A second registered model, which nothing uses."""
    return version_of(train_model("dummy", data=[labelled]).model)


def test_where_nothing_was_deployed_nothing_serves(db):
    assert serving("champion") is None


def test_a_model_is_loaded_once_a_process(champion):
    first = serving("champion")
    assert serving("champion") is first
    assert (first.ref, first.version, first.needs_encoder) == (champion.ref, champion, True)


def test_the_champion_is_exchanged_and_brought_back_without_a_restart(champion, dummy, let_serve):
    served = []
    for version in (dummy, champion, dummy):
        let_serve(version, role="champion", reason="exchange")
        served.append(serving("champion").ref)
    assert served == ["v1-1", champion.ref, "v1-1"]
    assert serving("champion").classify([Document("BERT")])[0].probabilities == dict.fromkeys(
        serving("champion").loaded.classes_, 0.25
    )


def test_roles_are_independent(champion, dummy, let_serve):
    let_serve(dummy, role="shadow", reason="to compare")
    assert (serving("champion").ref, serving("shadow").ref, serving("challenger")) == (champion.ref, dummy.ref, None)


@pytest.mark.django_db(transaction=True)
def test_many_threads_share_one_loaded_model(champion, monkeypatch):
    monkeypatch.setattr(registry, "_loaded", {})

    def load(_):
        try:
            return serving("champion")
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        loaded = list(pool.map(load, range(8)))
    assert {id(one) for one in loaded} == {id(loaded[0])}


def test_deploying_is_in_the_log_and_never_overwrites(champion, dummy, let_serve):
    let_serve(dummy, role="champion", reason="better")
    assert list(Deployment.objects.order_by("pk").values_list("model_version__ref", "reason")) == [
        (champion.ref, "for tests"),
        ("v1-1", "better"),
    ]
    assert Event.objects.filter(kind="model.deployed").last().data == {
        "ref": "v1-1",
        "role": "champion",
        "stage": "champion",
        "share": 1.0,
        "reason": "better",
    }


def test_a_model_is_found_by_name_and_by_role(champion, dummy):
    assert (version_of(champion.ref), version_of("v1-1"), version_of("champion")) == (champion, dummy, champion)


@pytest.mark.parametrize(
    ("ref", "advice"), [("v9-9", "winnow models"), ("", "winnow models"), ("shadow", "winnow train")]
)
def test_what_is_not_here_is_said_with_what_to_do(db, ref, advice):
    with pytest.raises(NotFoundError, match=advice):
        version_of(ref)


def test_the_same_folder_registered_twice_is_one_row(champion, trained_folder):
    again = register_model(load_artifact(trained_folder, approved_list()), dataset=None)
    assert (again, ModelVersion.objects.count()) == (champion, 1)
    assert Event.objects.filter(kind="model.registered").count() == 1


def test_the_row_says_what_the_folder_says(champion, trained_folder):
    loaded = load_artifact(trained_folder, approved_list())
    assert (champion.ref, champion.recipe) == ("v6-1", "steady")
    assert (champion.manifest_sha256, champion.dataset_sha256) == (loaded.sha256, loaded.dataset_sha256)
    assert champion.policy["certificate"]["threshold"] == loaded.policy.certificate.threshold


def test_a_recipe_of_ones_own_may_bear_a_version_that_is_taken(dummy, labelled, tmp_path):
    recipe = tmp_path / "mine.toml"
    recipe.write_text((RECIPES / "dummy.toml").read_text().replace('name = "dummy"', 'name = "mine"'))
    assert train_model(str(recipe), data=[labelled]).model == "v1-2"


def test_a_folder_that_was_exchanged_for_another_model_is_refused(own_folder, dummy, settings):
    shutil.rmtree(own_folder)
    shutil.copytree(settings.HOME / dummy.folder, own_folder)
    with pytest.raises(ArtifactError, match="is not the folder that was registered as v6-1"):
        load_version(ModelVersion.objects.get(ref="v6-1"))


def test_a_folder_that_is_gone_is_said(own_folder):
    shutil.rmtree(own_folder)
    with pytest.raises(ArtifactError, match="cannot be read"):
        serving("champion")


def harm(folder):
    arrays = next(folder.glob("*.json"))
    arrays.write_bytes(arrays.read_bytes()[:-1])


@pytest.mark.parametrize("harmed", [harm, shutil.rmtree])
@pytest.mark.parametrize("is_loaded", [True, False])
def test_the_old_model_goes_on_serving_where_the_new_one_is_torn(
    own_folder, champion, dummy, monkeypatch, harmed, is_loaded, let_serve
):
    """Before it is deployed: nothing changes. After: the one before it serves, in this process and in the next."""
    let_serve(dummy, role="champion", reason="the old one")
    assert serving("champion").ref == dummy.ref
    new = ModelVersion.objects.get(pk=champion.pk)
    let_serve(new, role="champion", reason="the new one")
    if is_loaded is False:
        monkeypatch.setattr(registry, "_loaded", {})
    harmed(own_folder)
    assert serving("champion").ref == dummy.ref
    with pytest.raises(ArtifactError):
        let_serve(new, role="champion", reason="again")
    assert Deployment.objects.order_by("-pk").first().reason == "the new one"
