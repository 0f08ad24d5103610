"""Judge and decide: Documents, and admitted Items, with a model, without one, with a broken one, side by side."""

import shutil
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from winnow.core.text import document
from winnow.core.values import Action, Document
from winnow.models import Item, Job, ModelVersion, Prediction, ReviewTask
from winnow.services import publish
from winnow.services.classify import (
    BATCH,
    MAY_BE_A_COPY,
    NO_MODEL,
    _decide_batch,
    classify_admitted,
    classify_documents,
)
from winnow.services.classify import champion as what_serves
from winnow.services.encode import encode, encoder, pack

SURE = {
    "title": "Segmentation of lungs in photographs",
    "description": "A convolutional network outlines objects in images; we report masks and bounding boxes.",
}
UNSURE = {"title": "zzz", "description": "qqq"}
UNANSWERED = {"tag": None, "confidence": 0.0, "decision": "review", "probabilities": {}, "model": None}


def as_json(answers):
    return [answer.as_json() for answer in answers]


def decide(item):
    """Let the platform decide about all that waits, and read the Item again."""
    classify_admitted()
    item.refresh_from_db()
    return item


def test_without_a_model_every_document_waits_for_a_person():
    assert as_json(classify_documents([Document("BERT"), Document("")], model=None)) == [UNANSWERED, UNANSWERED]


def test_no_documents_are_no_answers(champion):
    assert classify_documents([], model=None) == []


@pytest.mark.usefixtures("champion")
def test_an_answer_has_the_fields_of_the_contract_and_obeys_the_policy():
    serving = what_serves()
    sure, unsure = as_json(classify_documents([Document(**SURE), Document(**UNSURE)], model=serving))
    assert set(sure) == set(UNANSWERED)
    assert (sure["tag"], sure["decision"], sure["model"]) == ("computer-vision", "accept", serving.ref)
    assert (unsure["tag"], unsure["decision"]) == (None, "review")
    for answer in (sure, unsure):
        assert sum(answer["probabilities"].values()) == pytest.approx(1)
        assert answer["confidence"] == max(answer["probabilities"].values())


@pytest.mark.usefixtures("champion")
def test_an_answer_never_depends_on_its_neighbours():
    documents = [document(f"Tracking of {n} players in video", "About " * n) for n in range(5)]
    together = classify_documents([*documents, *reversed(documents)], model=what_serves())
    alone = [classify_documents([doc], model=what_serves())[0] for doc in documents]
    assert together == [*alone, *reversed(alone)]


def test_a_sure_item_is_published_with_its_prediction(champion, make_item):
    item = decide(make_item(**SURE))
    prediction = Prediction.objects.get()
    assert (item.state, item.tag_id, item.decided_by, item.model_version) == (
        "published",
        "computer-vision",
        "model",
        champion,
    )
    assert (prediction.item, prediction.model_version, prediction.tag) == (item, champion, "computer-vision")
    assert (prediction.action, prediction.confidence) == ("accept", item.confidence)
    assert (prediction.latency_ms > 0, prediction.words) == (True, None)
    assert Job.objects.get(kind="explain").key == str(item.pk)
    assert ReviewTask.objects.count() == 0


def test_an_unsure_item_waits_for_a_person_under_its_likeliest_tag(champion, make_item):
    item = decide(make_item(**UNSURE))
    prediction, task = Prediction.objects.get(), ReviewTask.objects.get()
    assert (item.state, item.tag_id, item.published_at) == ("in_review", None, None)
    assert item.likely_tag_id == max(prediction.probabilities, key=prediction.probabilities.get)
    assert (prediction.action, item.reason_detail) == ("review", "; ".join(prediction.reasons))
    assert (task.item, task.reason, task.priority) == (item, "low_confidence", pytest.approx(1 - item.confidence))


def test_without_a_model_an_item_waits_and_no_prediction_is_made_up(make_item):
    item = decide(make_item(**SURE))
    assert (item.state, item.likely_tag, item.confidence, item.reason_detail) == ("in_review", None, 0.0, NO_MODEL)
    assert ReviewTask.objects.get().priority == 1.0
    assert (Prediction.objects.count(), Job.objects.count()) == (0, 0)


def test_a_sure_item_that_may_be_a_copy_is_not_published(champion, make_item):
    item = decide(make_item(**SURE, resembles=make_item(state="published")))
    assert (item.state, item.tag_id, item.reason_detail) == ("in_review", None, MAY_BE_A_COPY)
    assert ReviewTask.objects.get().reason == "duplicate_pair"
    assert Prediction.objects.get().action == "accept"


def test_only_what_is_admitted_is_decided_and_twice_changes_nothing(champion, make_item):
    for state in ("published", "rejected", "in_review"):
        make_item(state=state)
    make_item(**SURE)
    assert (classify_admitted(), classify_admitted()) == (1, 0)
    assert Prediction.objects.count() == 1


@pytest.mark.usefixtures("tags")
def test_more_than_a_batch_is_decided_to_the_end(make_item):
    for _ in range(BATCH + 1):
        make_item()
    assert classify_admitted() == BATCH + 1
    assert not Item.objects.filter(state="admitted").exists()


def test_what_a_person_decided_meanwhile_stands(champion, make_item, tags):
    stale = make_item(**SURE)
    publish.publish_item(Item.objects.get(pk=stale.pk), tag=tags["other"], decided_by=Item.DecidedBy.PERSON)
    assert _decide_batch([stale], what_serves()) == 0
    item = Item.objects.get(pk=stale.pk)
    assert (item.tag_id, item.decided_by) == ("other", "person")
    assert (Prediction.objects.count(), Job.objects.count(), ReviewTask.objects.count()) == (0, 0, 0)


def test_a_stored_vector_answers_as_its_text_does(champion, make_item):
    vector = pack(encode([Document(**SURE)])[0])
    stored = make_item(**SURE, vector=vector, encoder_sha256=encoder().sha256)
    stale = make_item(**SURE, vector=bytes(len(vector)), encoder_sha256="another")
    bare = make_item(**SURE)
    classify_admitted()
    confidences = {p.item_id: p.confidence for p in Prediction.objects.all()}
    assert confidences[stored.pk] == confidences[stale.pk] == confidences[bare.pk]


@pytest.mark.django_db(transaction=True)
def test_side_by_side_every_item_is_decided_once(champion, make_item):
    items = [make_item(f"Tracking of {n} players in video", description="A network for images.") for n in range(24)]

    def run(_):
        try:
            return classify_admitted()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        decided = sum(pool.map(run, range(4)))
    assert decided == len(items)
    assert sorted(Prediction.objects.values_list("item_id", flat=True)) == [item.pk for item in items]
    held = Item.objects.filter(state="in_review")
    assert sorted(ReviewTask.objects.values_list("item_id", flat=True)) == sorted(held.values_list("pk", flat=True))


def tamper(folder):
    arrays = folder / "arrays.npz"
    data = bytearray(arrays.read_bytes())
    data[len(data) // 2] ^= 1
    arrays.write_bytes(bytes(data))


@pytest.mark.parametrize("harm", [tamper, shutil.rmtree, lambda folder: (folder / "model.json").unlink()])
def test_a_model_that_is_torn_or_gone_sends_everything_to_people(own_folder, make_item, harm):
    harm(own_folder)
    assert what_serves() is None
    assert as_json(classify_documents([Document(**SURE)], model=what_serves())) == [UNANSWERED]
    assert decide(make_item(**SURE)).reason_detail == NO_MODEL


def test_a_folder_that_comes_back_serves_again_without_a_restart(own_folder, tmp_path, monkeypatch):
    monkeypatch.setattr("winnow.services.away.FIRST_REST", 0.0)
    away = own_folder.rename(tmp_path / "away")
    assert what_serves() is None
    away.rename(own_folder)
    assert what_serves().ref == ModelVersion.objects.get().ref


def test_what_is_loaded_goes_on_serving_though_its_folder_is_gone(own_folder):
    assert what_serves() is not None
    shutil.rmtree(own_folder)
    answer = classify_documents([Document(**SURE)], model=what_serves())[0]
    assert answer.decision.action is Action.ACCEPT


@pytest.mark.usefixtures("champion", "other_encoder")
def test_vectors_of_another_encoder_are_never_shown_to_the_model(make_item):
    assert what_serves() is None
    assert decide(make_item(**SURE)).state == "in_review"


@pytest.mark.usefixtures("champion")
def test_an_encoder_that_is_away_sends_everything_to_people(settings, make_item):
    settings.ENCODER = "/nowhere"
    encoder.cache_clear()
    try:
        assert as_json(classify_documents([Document(**SURE)], model=what_serves())) == [UNANSWERED]
        assert decide(make_item(**SURE)).reason_detail == NO_MODEL
    finally:
        encoder.cache_clear()
