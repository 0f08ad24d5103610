"""Documents in, answers out; nothing is stored, and a model that is away is no error."""

import shutil

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from winnow.api.schemas import MAX_BATCH
from winnow.models import Event, Item, Prediction
from winnow.services.encode import encoder
from winnow.services.train import train_model

LUNGS = {"title": "Segmentation of lungs in photographs", "description": "A network outlines objects in images."}
FIELDS = {"id", "tag", "confidence", "decision", "probabilities", "model"}
UNANSWERED = {"id": None, "tag": None, "confidence": 0.0, "decision": "review", "probabilities": {}, "model": None}


@pytest.fixture
def classify(api):
    """Classify documents with a token that may."""
    caller = api.as_token("classify")
    return lambda *items: caller.post("/classify", {"items": list(items)})


def test_answers_come_in_order_with_the_fields_of_the_command(champion, classify):
    answer = classify(LUNGS, {"title": "zzz"})
    first, second = answer.json()["items"]
    assert (answer.status_code, set(first), set(second)) == (200, FIELDS, FIELDS)
    assert (first["tag"], first["decision"], first["model"]) == ("computer-vision", "accept", champion.ref)
    assert (second["tag"], second["decision"]) == (None, "review")
    assert sum(first["probabilities"].values()) == pytest.approx(1)


def test_an_answer_never_depends_on_its_neighbours(champion, classify):
    documents = [LUNGS, {"title": "BERT"}, {"title": "BERT", "description": "x" * 3000}]
    together = classify(*documents).json()["items"]
    assert together == [classify(document).json()["items"][0] for document in documents]


def test_nothing_is_stored(champion, classify):
    before = Event.objects.count()
    classify(LUNGS)
    assert (Item.objects.count(), Prediction.objects.count(), Event.objects.count()) == (0, 0, before)


def test_without_a_model_everything_waits_for_people(classify):
    assert classify(LUNGS, LUNGS).json() == {"items": [UNANSWERED, UNANSWERED]}


def test_a_model_whose_folder_is_gone_is_no_error(own_folder, classify):
    shutil.rmtree(own_folder)
    answer = classify(LUNGS)
    assert (answer.status_code, answer.json()["items"]) == (200, [UNANSWERED])


def test_an_encoder_that_is_away_is_no_error(champion, classify, settings):
    settings.ENCODER = "/nowhere"
    encoder.cache_clear()
    try:
        answer = classify(LUNGS)
        assert (answer.status_code, answer.json()["items"]) == (200, [UNANSWERED])
    finally:
        encoder.cache_clear()


def test_the_next_call_is_answered_by_the_model_that_was_deployed_meanwhile(
    champion, classify, labelled_rows, let_serve
):
    from winnow.services.deploy import version_of

    assert classify(LUNGS).json()["items"][0]["model"] == champion.ref
    let_serve(version_of(train_model("dummy", data=[labelled_rows]).model), role="champion", reason="exchange")
    assert classify(LUNGS).json()["items"][0]["model"] == "v1-1"
    let_serve(champion, role="champion", reason="back")
    assert classify(LUNGS).json()["items"][0]["model"] == champion.ref


@pytest.mark.parametrize("n", [0, 1, MAX_BATCH])
def test_up_to_256_documents_a_call(classify, n):
    assert len(classify(*[{"title": "A"}] * n).json()["items"]) == n


@pytest.mark.parametrize(
    ("items", "field"),
    [
        ([{"title": "A"}] * (MAX_BATCH + 1), "items"),
        ([{"title": ""}], "items.0.title"),
        ([{"title": "A"}, {}], "items.1.title"),
        ([{"title": "A", "description": None}], "items.0.description"),
        ([{"title": "A", "tag": "mlops"}], "items.0.tag"),
        ([{"title": "A" * 5001}], "items.0.title"),
        ([{"title": ["A"]}], "items.0.title"),
        (["A"], "items.0"),
    ],
)
def test_what_cannot_be_classified_is_named_by_its_place(classify, items, field):
    answer = classify(*items)
    assert (answer.status_code, answer.json()["errors"][0]["field"].removeprefix("body.")) == (422, field)


@pytest.mark.parametrize("title", ["\u200b", "\x00", "A\x00B", "🤖" * 500, "\u202eevil"])
def test_text_of_any_kind_is_answered(champion, classify, title):
    answer = classify({"title": title})
    assert (answer.status_code, len(answer.json()["items"])) == (200, 1)


@pytest.mark.parametrize("n", [1, 20])
def test_the_number_of_queries_does_not_grow_with_the_documents(champion, classify, n):
    classify(LUNGS)
    with CaptureQueriesContext(connection) as one:
        classify(LUNGS)
    with CaptureQueriesContext(connection) as many:
        classify(*[LUNGS] * n)
    assert len(one) == len(many)
