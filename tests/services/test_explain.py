"""The words that counted, worked out once and kept."""

import shutil

import pytest

from winnow.core.errors import ArtifactError
from winnow.models import Prediction
from winnow.services.classify import classify_admitted
from winnow.services.explain import explain_item, explain_waiting


@pytest.fixture
def decided(champion, make_item):
    """An Item with a Prediction that nothing explains yet."""
    item = make_item("Segmentation of lungs", description="A convolutional network outlines objects in images.")
    classify_admitted()
    return item


def test_the_words_of_the_text_are_kept_strongest_first(decided):
    assert explain_item(decided.pk)
    words = Prediction.objects.get().words
    assert {word for word, _ in words} <= {
        "segmentation", "lungs", "convolutional", "network", "outlines", "objects", "images",
    }  # fmt: skip
    assert [abs(change) for _, change in words] == sorted((abs(change) for _, change in words), reverse=True)
    assert words[0][1] > 0


def test_what_is_explained_is_not_explained_again(decided):
    assert (explain_item(decided.pk), explain_item(decided.pk)) == (True, False)


def test_what_serves_is_not_read_from_its_folder_for_each_work(decided, make_item, monkeypatch):
    make_item("Serving models", description="Autoscaling of inference servers.")
    classify_admitted()
    monkeypatch.setattr("winnow.services.explain.load_version", lambda version: pytest.fail("it is held already"))
    assert explain_waiting() == 2


def test_another_than_what_serves_is_read_from_its_folder(decided, monkeypatch):
    monkeypatch.setattr("winnow.services.explain.serving", lambda role: None)
    assert explain_item(decided.pk)


def test_where_there_is_no_prediction_there_is_nothing_to_explain(make_item):
    assert not explain_item(make_item().pk)
    assert not explain_item(10**9)


def test_what_another_worker_wrote_meanwhile_stays(decided):
    Prediction.objects.update(words=[["theirs", 1.0]])
    assert not explain_item(decided.pk)
    assert Prediction.objects.get().words == [["theirs", 1.0]]


def test_the_newest_prediction_is_the_one_that_is_shown(decided):
    first = Prediction.objects.get()
    second = Prediction.objects.get()
    second.pk = None
    second.save()
    explain_item(decided.pk)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.words, bool(second.words)) == (None, True)


def test_everything_that_waits_is_explained_with_progress(decided, make_item):
    make_item("Serving models", description="Autoscaling of inference servers.")
    classify_admitted()
    steps = []
    assert explain_waiting(progress=lambda *step: steps.append(step)) == 2
    assert (steps, explain_waiting()) == ([(1, 2), (2, 2)], 0)


def test_a_model_that_is_gone_explains_nothing_and_leaves_the_question_open(decided, own_folder):
    shutil.rmtree(own_folder)
    with pytest.raises(ArtifactError):
        explain_item(decided.pk)
    assert Prediction.objects.get().words is None
