"""Training anew: step by step, seen, stopped, and never straight to readers."""

from datetime import timedelta

import pytest
from django.utils import timezone

from winnow.core.errors import ConflictError
from winnow.models import DatasetVersion, Event, Label, Renewal
from winnow.services import renew
from winnow.services.deploy import serving
from winnow.services.import_rows import import_file
from winnow.services.renew import ask_to_renew, has_step, renewal, stop_renewal, take_step


@pytest.fixture
def gold(labelled, champion):
    import_file(labelled)


def steps():
    while (found := take_step()) is not None:
        yield found.step, found.says
        if found.ended_at:
            return


def test_nothing_under_way_is_nothing_to_do(champion):
    assert (take_step(), has_step(), renewal()) == (None, False, None)
    with pytest.raises(ConflictError, match="no model is trained"):
        stop_renewal()


def test_each_step_is_seen_and_the_last_is_a_shadow(gold, champion):
    ask_to_renew("because a test asked", recipe="dummy")
    seen = list(steps())
    assert [step for step, _ in seen] == ["train", "evaluate", "shadow", "shadow"]
    assert [says.split()[0] for _, says in seen] == ["froze", "trained", "measured", "v1-1"]
    assert (serving("champion").version, serving("shadow").version.ref) == (champion, "v1-1")
    assert Renewal.objects.get().dataset == DatasetVersion.objects.get()
    assert Event.objects.filter(kind="model.renewed").count() == 4


def test_one_at_a_time(gold):
    assert ask_to_renew("first") is not None
    assert ask_to_renew("second") is None
    stop_renewal()
    assert ask_to_renew("third") is not None


def test_an_operator_stops_it_between_steps_or_while_one_runs(gold, cast, monkeypatch):
    ask_to_renew("x", recipe="dummy")
    take_step()
    step = renew._STEPS[Renewal.Step.TRAIN]

    def stopped_meanwhile(found):
        stop_renewal(account=cast.operator)
        return step(found)

    monkeypatch.setitem(renew._STEPS, Renewal.Step.TRAIN, stopped_meanwhile)
    found = take_step()
    assert (found.is_stopped, found.says, found.step, found.model_version) == (True, "stopped", "train", None)
    assert (take_step(), serving("shadow")) == (None, None)
    assert Event.objects.get(kind="model.renewal_stopped").account == cast.operator


def test_what_stands_in_the_way_ends_it_with_the_reason(champion):
    ask_to_renew("x")
    found = take_step()
    assert found.ended_at is not None
    assert found.says
    assert not found.is_stopped


def test_it_waits_for_what_is_on_trial(gold, champion, let_serve):
    ask_to_renew("x", recipe="dummy")
    for _ in range(3):
        take_step()
    let_serve(champion, "shadow")
    assert not has_step()
    let_serve(champion, "shadow", share=0.0)
    assert has_step()


def test_the_schedule_wants_time_and_answers(gold, champion, settings):
    settings.RETRAIN_DAYS = 7
    assert (Label.objects.count(), has_step()) == (40, False)
    renew_after = list(Label.objects.all())
    for label in renew_after[:10]:
        label.pk = None
        label.save()
    assert has_step()
    assert renewal().reason == "on schedule"
    Renewal.objects.update(ended_at=timezone.now())
    assert not has_step()
    Renewal.objects.update(created_at=timezone.now() - timedelta(days=8))
    assert has_step()
    settings.RETRAIN_DAYS = 0
    Renewal.objects.update(ended_at=timezone.now())
    assert not has_step()
