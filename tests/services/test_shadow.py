"""What programs ask, a model on trial is asked too: beside the answers, and never in their way."""

import threading
import time

import pytest
from django.db import connection

from winnow.core.values import Document
from winnow.models import ShadowCount
from winnow.services import classify
from winnow.services import shadow as shadows
from winnow.services.classify import champion as what_serves
from winnow.services.classify import classify_documents
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.shadow import Heard, Shadow
from winnow.services.sides import on_trial
from winnow.services.train import train_model

TEXTS = [Document("Segmentation of lungs in photographs", "A network outlines objects in images."), Document("zzz")]


@pytest.fixture
def weak(labelled, champion, let_serve):
    import_file(labelled)
    freeze_dataset(holds_out=False)
    version = version_of(train_model("dummy", is_measured=False).model)
    let_serve(version, "shadow")
    return version


@pytest.fixture
def own(monkeypatch):
    """A shadow of this test, whose thread has ended by its end."""
    own = Shadow(waiting=4)
    monkeypatch.setattr(classify, "shadow", own)
    yield own
    own.end()


def heard(version, n=1):
    return Heard(TEXTS * n, ["mlops", "mlops"] * n, None, version)


@pytest.mark.django_db(transaction=True)
def test_calls_are_counted_by_hour_and_nothing_of_them_is_kept(weak, champion, own):
    own.begin()
    for _ in range(3):
        classify_documents(TEXTS, model=what_serves())
        time.sleep(0.05)
    own.end()
    count = ShadowCount.objects.get()
    assert (count.new, count.old, count.n, count.n_failed, count.n_left_out) == (weak, champion, 6, 0, 0)
    assert (1 <= count.n_differs <= 6, count.seconds > 0, count.hour.minute) == (True, True, 0)


@pytest.mark.django_db(transaction=True)
def test_counts_of_one_hour_add_up(weak, champion, own):
    for _ in range(2):
        own.begin()
        own.note(heard(champion))
        own.end()
    assert ShadowCount.objects.get().n == 4


def test_before_it_begins_it_takes_nothing(weak, champion, own):
    own.note(heard(champion))
    assert not own._heard


@pytest.mark.django_db(transaction=True)
def test_what_there_is_no_time_for_is_left_out_and_nobody_waits(weak, champion, own, monkeypatch):
    goes_on = threading.Event()
    asked = shadows.on_trial

    def slow():
        goes_on.wait(10)
        return asked()

    monkeypatch.setattr(shadows, "on_trial", slow)
    own.begin()
    started = time.perf_counter()
    for _ in range(30):
        own.note(heard(champion))
    assert time.perf_counter() - started < 1.0
    goes_on.set()
    own.end()
    count = ShadowCount.objects.get()
    assert (count.n_left_out, count.n) == (26, 8)


@pytest.mark.django_db(transaction=True)
def test_one_that_fails_fails_nobody(weak, champion, own, monkeypatch):
    def fails(*_args, **_others):
        raise MemoryError

    monkeypatch.setattr(type(on_trial()[0].model.loaded.predictor), "classify", fails)
    own.begin()
    answers = classify_documents(TEXTS, model=what_serves())
    own.end()
    assert answers[0].model == champion.ref
    assert (ShadowCount.objects.get().n, ShadowCount.objects.get().n_failed) == (0, 1)


@pytest.mark.django_db(transaction=True)
def test_a_call_that_fails_fails_none_that_came_with_it(weak, champion, own, monkeypatch):
    predictor = type(on_trial()[0].model.loaded.predictor)
    asked = predictor.classify

    def picky(self, documents, vectors=None):
        if any(document.title == "odd" for document in documents):
            raise MemoryError
        return asked(self, documents, vectors)

    monkeypatch.setattr(predictor, "classify", picky)
    own.begin()
    own.note(heard(champion))
    own.note(Heard([Document("odd")], ["mlops"], None, champion))
    own.note(heard(champion))
    own.end()
    assert (ShadowCount.objects.get().n, ShadowCount.objects.get().n_failed) == (4, 1)


@pytest.mark.django_db(transaction=True)
def test_what_came_together_is_asked_together(weak, champion, own, monkeypatch):
    predictor, sizes = type(on_trial()[0].model.loaded.predictor), []
    asked = predictor.classify

    def counted(self, documents, vectors=None):
        sizes.append(len(documents))
        return asked(self, documents, vectors)

    monkeypatch.setattr(predictor, "classify", counted)
    own.begin()
    for _ in range(3):
        own.note(heard(champion))
    own.end()
    assert sizes == [6]


@pytest.mark.django_db(transaction=True)
def test_the_thread_outlives_a_database_that_does_not_answer(weak, champion, own, monkeypatch):
    found = iter([RuntimeError("away"), None])

    def on_trial_again():
        fault = next(found)
        if fault:
            raise fault
        return on_trial()

    monkeypatch.setattr(shadows, "on_trial", on_trial_again)
    own.begin()
    own.note(heard(champion))
    own.note(heard(champion))
    own.end()
    assert ShadowCount.objects.get().n == 4
    assert connection.is_usable()
