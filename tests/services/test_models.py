"""Models by reference: a name, a role, or a folder."""

import pytest

from winnow.core.errors import ArtifactError, NotFoundError
from winnow.services.models import model_of


@pytest.mark.parametrize("ref", ["champion", "v6-1"])
def test_a_role_and_a_name_are_cited_by_name(champion, ref):
    model, name = model_of(ref)
    assert (model.sha256, name) == (champion.manifest_sha256, "v6-1")


def test_a_folder_is_cited_as_it_was_given(own_folder):
    model, name = model_of(str(own_folder))
    assert (model.recipe["name"], name) == ("steady", str(own_folder))


def test_a_folder_beside_needs_no_slash(own_folder, monkeypatch):
    monkeypatch.chdir(own_folder.parent)
    assert model_of(own_folder.name)[1] == own_folder.name


@pytest.mark.parametrize("ref", ["v6-2", "challenger", "CHAMPION"])
def test_what_nothing_is_called_is_said(champion, ref):
    with pytest.raises(NotFoundError):
        model_of(ref)


@pytest.mark.parametrize("ref", ["/nowhere", "./v6-1", ".", ".."])
def test_what_looks_like_a_folder_is_read_as_one(champion, tmp_path, monkeypatch, ref):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ArtifactError):
        model_of(ref)


def test_a_folder_for_other_tags_is_refused(own_folder, tags):
    tags["other"].is_approved = False
    tags["other"].save()
    with pytest.raises(ArtifactError, match="train it for the list in force"):
        model_of(str(own_folder))
