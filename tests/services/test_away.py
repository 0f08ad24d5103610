"""A model that is away: people decide, an alert is open, and it is tried again."""

import shutil

import pytest

from winnow.core.values import Classification, Document
from winnow.models import Alert, Item, ReviewTask
from winnow.services import away
from winnow.services.away import answers_of_model, check_answers, is_resting, loaded_champion, probe, probe_if_due
from winnow.services.classify import champion as serves
from winnow.services.classify import classify_admitted, classify_documents
from winnow.services.encode import encoder

pytestmark = pytest.mark.django_db
SLUGS = ("a", "b")
GOOD = Classification("a", 0.8, {"a": 0.8, "b": 0.2})
LUNGS = Document("Segmentation of lungs in photographs", "A network outlines objects in images.")


def answer(value):
    """A model that says the same of everything."""
    return lambda places: [value for _ in places]


def crash(_places):
    raise MemoryError("no room")


@pytest.fixture
def at(monkeypatch):
    """A clock that this test moves."""
    now = [1000.0]
    monkeypatch.setattr(away.time, "monotonic", lambda: now[0])
    return now


def open_ones():
    return list(Alert.objects.filter(kind="away", closed_at=None))


@pytest.mark.parametrize(("wrong", "says"), [
    (Classification("c", 0.8, {"a": 0.8, "b": 0.2}), "'c' is no approved tag"),
    (Classification("a", float("nan"), {"a": 0.8, "b": 0.2}), "probabilities that are none"),
    (Classification("a", 0.8, {"a": 1.8, "b": -0.8}), "probabilities that are none"),
    (Classification("a", 0.8, {"a": 0.8, "b": 0.8}), "do not add up"),
])  # fmt: skip
def test_m5_what_is_no_answer_is_none(at, wrong, says):
    assert answers_of_model(answer(wrong), 3, SLUGS) == [None] * 3
    (alert,) = open_ones()
    assert says in alert.says
    assert "winnow doctor" in alert.remedy


def test_too_few_answers_are_none():
    with pytest.raises(away.WrongAnswerError, match="1 answers to 2 texts"):
        check_answers([GOOD], 2, SLUGS)
    check_answers([GOOD, Classification(None, 0.0, {})], 2, SLUGS)


def test_a_crash_is_no_error_and_the_model_is_left_alone_then_tried_again(at):
    assert answers_of_model(crash, 2, SLUGS) == [None, None]
    assert is_resting()
    at[0] += away.FIRST_REST
    assert not is_resting()
    answers_of_model(crash, 1, SLUGS)
    at[0] += away.FIRST_REST
    assert is_resting()
    at[0] += away.FIRST_REST
    assert answers_of_model(answer(GOOD), 2, SLUGS) == [GOOD, GOOD]
    assert not is_resting()
    assert open_ones() == []
    assert Alert.objects.get().n == 2


def test_the_rest_never_grows_beyond_its_bound(at):
    for _ in range(20):
        away.failed("it is away")
        at[0] += away.LONGEST_REST
        assert not is_resting()


def test_calls_that_fail_together_are_one_fault(at):
    for _ in range(8):
        away.failed("it is away")
    at[0] += away.FIRST_REST
    assert not is_resting()


def test_one_text_that_it_cannot_read_fails_nobody_elses(at):
    def ask(places):
        if 1 in places:
            raise ValueError("this text")
        return [GOOD for _ in places]

    assert answers_of_model(ask, 3, SLUGS) == [GOOD, None, GOOD]
    assert not is_resting()


def test_a_slow_answer_counts_and_then_it_is_left_alone(at):
    def ask(places):
        at[0] += 60
        return [GOOD for _ in places]

    assert answers_of_model(ask, 1, SLUGS) == [GOOD]
    assert is_resting()
    assert "it took 60 s for 1 texts" in open_ones()[0].says


def test_no_texts_are_no_sign_of_health(at):
    away.failed("it is away")
    assert answers_of_model(answer(GOOD), 0, SLUGS) == []
    assert is_resting()


def test_m4_files_that_are_gone_mean_review_and_their_return_is_found_by_itself(own_folder, tmp_path, at):
    shutil.move(own_folder, tmp_path / "elsewhere")
    assert serves() is None
    assert [one.as_json()["decision"] for one in classify_documents([LUNGS], model=serves())] == ["review"]
    assert "cannot" in open_ones()[0].says or "own-model" in open_ones()[0].says
    shutil.move(tmp_path / "elsewhere", own_folder)
    assert loaded_champion() is None
    at[0] += away.FIRST_REST
    (found,) = classify_documents([LUNGS], model=serves())
    assert found.decision.tag == "computer-vision"
    assert open_ones() == []


def test_files_taken_from_under_a_process_that_holds_them_open_an_alert_while_it_answers(
    own_folder, tmp_path, at, champion
):
    champion.refresh_from_db()
    assert probe_if_due() == ""
    assert serves() is not None
    shutil.move(own_folder, tmp_path / "elsewhere")
    assert probe_if_due() is None
    at[0] += away.PROBE_EVERY
    assert champion.ref in probe_if_due()
    assert len(open_ones()) == 1
    assert classify_documents([LUNGS], model=serves())[0].decision.tag == "computer-vision"
    shutil.move(tmp_path / "elsewhere", own_folder)
    assert probe(champion) == ""
    assert open_ones() == []


def test_an_encoder_that_is_gone_means_review(champion, settings, at):
    settings.ENCODER = "/nowhere"
    encoder.cache_clear()
    try:
        assert serves() is None
        assert len(open_ones()) == 1
    finally:
        encoder.cache_clear()


def test_works_that_come_meanwhile_wait_for_people(champion, make_item, monkeypatch, at):
    items = [make_item(LUNGS.title, description=LUNGS.description), make_item("Another work")]
    model = serves()
    monkeypatch.setattr(type(model.loaded.predictor), "classify", lambda *_: [Classification("nonsense", 1.0, {})])
    assert classify_admitted() == 2
    assert {item.state for item in Item.objects.filter(pk__in=[item.pk for item in items])} == {"in_review"}
    assert ReviewTask.objects.filter(closed_at=None).count() == 2
    assert len(open_ones()) == 1
