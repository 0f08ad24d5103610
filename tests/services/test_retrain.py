"""Learning from what people said."""

import pytest

from winnow.core.errors import InputError
from winnow.models import Certification, DatasetVersion, Deployment, Evidence, Label, ReviewTask
from winnow.services.audit import draw_audits
from winnow.services.classify import champion as what_serves
from winnow.services.freeze import examples_of
from winnow.services.import_rows import import_file
from winnow.services.retrain import retrain
from winnow.services.simulate import GATES


@pytest.fixture
def gold(labelled, tags):
    import_file(labelled)


def again(**others):
    return retrain("linear", target=0.9, delta=0.1, opens_audits=False, is_measured=False, gates=GATES, **others)


@pytest.mark.usefixtures("gold")
def test_all_labels_train_and_what_serves_publishes_nothing_yet():
    version = again()
    dataset = DatasetVersion.objects.get()
    assert (version.dataset, len(examples_of(dataset, "train")), examples_of(dataset, "certify")) == (dataset, 40, [])
    assert (what_serves().version, what_serves().policy.threshold) == (version, None)
    assert what_serves().loaded.policy.is_provisional
    assert Deployment.objects.get().reason == "trained on gold-1, 40 labels"


@pytest.mark.usefixtures("gold")
def test_the_same_labels_give_the_same_model_with_its_look():
    assert again() == again()
    assert Certification.objects.count() == 1


def test_answers_train_with_more_weight_and_audits_of_the_model_before_train_the_next(gold, stream, people):
    tasks = [*ReviewTask.objects.filter(reason="low_confidence")[:4], *draw_audits(4)]
    people(tasks)
    version = again()
    heavy = {example.id for example in examples_of(version.dataset, "train") if example.weight == 3.0}
    assert heavy == {str(task.item_id) for task in tasks}
    assert version.audits.count() == 0


@pytest.mark.usefixtures("gold", "stream")
def test_what_waits_is_asked_about_anew_and_audits_of_the_new_model_are_opened():
    version = retrain("linear", target=0.9, delta=0.1, is_measured=False, gates=GATES)
    assert version.predictions.count() == 80
    assert version.audits.filter(task__closed_at=None).count() == 38


def test_without_labels_there_is_nothing_to_learn(tags):
    assert not Label.objects.exists()
    with pytest.raises(InputError, match="no gold labels"):
        again()


@pytest.mark.usefixtures("gold")
def test_a_draft_is_another_model_than_the_one_that_may_be_certified():
    draft, version = again(is_draft=True), again()
    assert draft != version
    assert draft.dataset == version.dataset
    assert not Evidence.objects.filter(model_sha256=draft.manifest_sha256).exists()
