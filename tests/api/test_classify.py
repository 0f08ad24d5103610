"""`POST /classify`."""

import pytest

from winnow.services.encode import encoder

WORK = {"title": "Serving models on Kubernetes", "description": "Autoscaling, canary releases, monitoring."}
UNANSWERED = {"id": None, "tag": None, "confidence": 0.0, "decision": "review", "probabilities": {}, "model": None}


@pytest.fixture
def other_encoder(settings, tmp_path):
    """An installation whose encoder has gone."""
    encoder.cache_clear()
    settings.ENCODER = str(tmp_path / "nothing")
    yield
    encoder.cache_clear()


def test_one_answer_a_document_in_order(api, champion):
    answers = api.as_token("classify").post("/classify", {"items": [WORK, {"title": "zzz"}]}).json()["items"]
    assert [(a["tag"], a["decision"], a["model"]) for a in answers] == [
        ("mlops", "accept", champion.ref),
        (None, "review", champion.ref),
    ]


def test_without_a_model_everything_is_for_people(api):
    assert api.as_token("classify").post("/classify", {"items": [WORK]}).json() == {"items": [UNANSWERED]}


@pytest.mark.usefixtures("champion", "other_encoder")
def test_without_its_encoder_a_model_is_away(api):
    answer = api.as_token("classify").post("/classify", {"items": [WORK]})
    assert (answer.status_code, answer.json()) == (200, {"items": [UNANSWERED]})


@pytest.mark.usefixtures("champion")
@pytest.mark.parametrize("n", [0, 256, 257])
def test_at_most_256_documents(api, n):
    answer = api.as_token("classify").post("/classify", {"items": [{"title": "zzz"}] * n})
    assert answer.status_code == (200 if n <= 256 else 422)
