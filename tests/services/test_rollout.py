"""A model on its way to readers goes on, is held, or is taken back by itself."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.rollout_cast import NEW_WINS, OLD_WINS, long_ago, pairs

from winnow.core.errors import ConflictError
from winnow.models import Deployment, Event, Job, ModelVersion, ReviewTask, RolloutLook
from winnow.services import rollout as leading
from winnow.services.deploy import serving, version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.import_rows import import_file
from winnow.services.promote import end_trial, promote, rollback, standing
from winnow.services.rollout import is_due, look_at_trials, settled
from winnow.services.sides import plan
from winnow.services.train import train_model


@pytest.fixture
def weak(labelled, champion):
    import_file(labelled)
    freeze_dataset(holds_out=False)
    return version_of(train_model("dummy", is_measured=False).model)


@pytest.fixture
def at_once_due(monkeypatch):
    """A plan whose stages last no time and few works."""
    quick = replace(plan(), stages=tuple(replace(stage, works=1, hours=0.0) for stage in plan().stages))
    monkeypatch.setattr(leading, "plan", lambda: quick)


@pytest.fixture
def both(champion, weak):
    return {"old": champion, "new": weak}


def look():
    (found,) = look_at_trials()
    return found


def stages(version):
    return [row.stage for row in Deployment.objects.filter(model_version=version).order_by("pk")]


def test_nothing_on_trial_is_nothing_to_look_at(champion):
    assert (look_at_trials(), is_due()) == ([], False)


def test_without_evidence_it_is_held_and_says_what_is_missing(weak, let_serve):
    let_serve(weak, "shadow")
    found = look()
    assert (found.course, found.n) == ("hold", 0)
    assert found.says.startswith("not enough evidence: not yet shown to be less than 2% worse, 100 works more")
    assert serving("shadow").version == weak


def test_a_worse_one_is_taken_back_though_its_folder_is_gone(both, weak, let_serve, cast, tmp_path):
    let_serve(weak, "challenger", share=0.1)
    ModelVersion.objects.filter(pk=weak.pk).update(folder=str(tmp_path / "gone"))
    pairs(50, **both)
    pairs(20, **both, said=OLD_WINS, account=cast.reviewer)
    assert (look().course, serving("challenger")) == ("take back", None)


def test_works_that_neither_would_publish_prove_nothing(both, weak, let_serve, at_once_due):
    let_serve(weak, "shadow")
    pairs(2000, **both, accepts=False)
    assert (look().course, look().n) == ("hold", 0)


def test_a_worse_one_is_taken_back_by_itself_with_reason_and_alert(both, weak, champion, let_serve, cast):
    let_serve(weak, "challenger", share=0.1)
    pairs(50, **both)
    pairs(20, **both, said=OLD_WINS, account=cast.reviewer)
    found = look()
    assert (found.course, found.n_split, found.n_answered) == ("take back", 20, 20)
    assert found.value == pytest.approx(-20 / 70)
    assert (serving("challenger"), serving("champion").version) == (None, champion)
    ended = Deployment.objects.latest("pk")
    assert (ended.share, ended.stage) == (0.0, "canary")
    assert ended.reason.startswith("taken back by itself: worse than v6-1")
    alert = Event.objects.get(kind="alert.opened").data
    assert alert["subject"] == "v1-1"
    assert "was taken back: it is worse" in alert["says"]
    assert look_at_trials() == []


def test_one_that_came_to_half_of_the_works_is_ended_whole_and_not_by_a_stage(both, weak, let_serve, cast):
    let_serve(weak, "challenger", share=0.1)
    let_serve(weak, "challenger", share=0.5, stage="ab")
    pairs(20, **both, said=OLD_WINS, account=cast.reviewer)
    look()
    assert (serving("challenger"), standing("challenger")) == (None, [])


def test_a_good_one_goes_from_stage_to_stage_and_waits_where_a_gate_says_no(both, weak, let_serve, at_once_due, cast):
    promote("v1-1", role="shadow")
    for _ in range(3):
        pairs(300, **both)
        pairs(5, **both, said=NEW_WINS, account=cast.reviewer)
        pairs(2, **both, said=OLD_WINS, account=cast.reviewer)
        last = look()
    assert stages(weak) == ["shadow", "staff", "internal"]
    assert (last.course, last.says[:45]) == ("hold", "v1-1 may not serve as challenger: behaviour f")
    assert [row.course for row in RolloutLook.objects.order_by("pk")] == ["go on", "go on", "hold"]
    assert Deployment.objects.latest("pk").reason.startswith("led on to internal by itself: less than 2% worse")


def test_a_stage_lasts_its_time_whatever_is_shown(both, weak, let_serve):
    let_serve(weak, "shadow")
    pairs(1500, **both)
    found = look()
    assert (found.course, found.says) == ("hold", "not enough evidence: 1.0 hours more at this stage")


def test_looking_again_at_the_same_is_no_other_look(both, weak, let_serve):
    let_serve(weak, "shadow")
    assert look() == look()
    pairs(1, **both)
    assert look() == RolloutLook.objects.latest("pk")
    assert RolloutLook.objects.count() == 2


def test_what_is_awaited_ends_what_counts_until_it_is_late(both, weak, let_serve, cast):
    from winnow.queries.rollout import judged_works

    pairs(3, **both)
    (waits,) = pairs(1, **both, said=None)
    pairs(4, **both)
    works = judged_works(**both)
    now = timezone.now()
    assert len(settled(works, now=now, days=7)) == 3
    assert len(settled(works, now=now + timedelta(days=8), days=7)) == 8
    assert settled(works, now=now + timedelta(days=8), days=7)[3].difference is None
    assert waits.is_drawn


def test_late_answers_that_nobody_gave_count_against_it(both, weak, let_serve, at_once_due):
    let_serve(weak, "shadow")
    pairs(30, **both, said=None, at=long_ago())
    pairs(700, **both)
    assert look().course == "hold"


def test_another_champion_is_another_question(both, weak, champion, let_serve, cast):
    let_serve(weak, "challenger", share=0.1)
    pairs(20, old=weak, new=weak, said=OLD_WINS, account=cast.reviewer)
    assert (look().course, look().n) == ("hold", 0)


def test_what_somebody_took_back_meanwhile_is_not_ended_again(weak, let_serve):
    trial = let_serve(weak, "challenger", share=0.1)
    rollback("challenger")
    assert not end_trial(trial, reason="r")
    assert Deployment.objects.filter(role="challenger").count() == 2


def test_what_somebody_took_back_meanwhile_is_not_led_on(weak, let_serve):
    trial = let_serve(weak, "shadow")
    rollback("shadow")
    with pytest.raises(ConflictError, match="meanwhile"):
        promote("v1-1", role="staff", after=trial)
    assert serving("shadow") is None


def test_it_is_due_once_an_hour_while_something_is_on_trial(weak, let_serve):
    let_serve(weak, "shadow")
    assert is_due()
    job = Job.objects.create(kind="rollout", key="", run_at=timezone.now(), done_at=timezone.now())
    assert not is_due()
    Job.objects.filter(pk=job.pk).update(done_at=timezone.now() - timedelta(hours=1))
    assert is_due()
    assert not ReviewTask.objects.exists()
