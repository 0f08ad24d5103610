"""Experiments on readers: planned, started, watched, stopped."""

from datetime import timedelta

import pytest
from django.utils import timezone
from tests.services.experiments_cast import begun, counted, planned

from winnow.core.errors import ConflictError, InputError
from winnow.models import Alert, Event, Experiment, ModelVersion
from winnow.services.experiments import (
    found_of,
    is_due,
    look_at_experiments,
    start_experiment,
    stop_experiment,
)


@pytest.fixture
def running(db):
    return begun()


def test_it_is_written_down_before_anybody_takes_part(cast):
    row = planned(account=cast.owner)
    assert (row.state, row.started_at, is_due()) == ("draft", None, False)
    told = Event.objects.get(kind="experiment.planned")
    assert (told.account, told.data["primary"], told.is_public) == (cast.owner, "find", False)


@pytest.mark.parametrize("change", [
    {"name": "Not A Name"}, {"name": ""}, {"hypothesis": " "}, {"knob": "colour"}, {"primary": "joy"},
    {"share": 0.0}, {"share": float("nan")}, {"share": 1.1}, {"days": 0}, {"days": 57},
    {"margins": {"report": 0.002}},
])  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field(db, change):
    with pytest.raises(InputError, match=next(iter(change))):
        planned(**change)
    assert not Experiment.objects.exists()


@pytest.mark.parametrize("margin", [-0.1, 1.0, float("nan")])
def test_a_margin_is_a_small_share_of_readers(db, margin):
    with pytest.raises(InputError, match="find: from 0 to 200 readers per thousand"):
        planned(margins={"report": 0.0, "find": margin})


def test_a_name_is_given_once(running):
    with pytest.raises(InputError, match="another name"):
        planned()


def test_it_starts_once_and_what_it_varies_alone(running):
    with pytest.raises(ConflictError, match="before"):
        start_experiment(experiment=running)
    other = planned(name="other")
    with pytest.raises(ConflictError, match="stop it first"):
        start_experiment(experiment=other)
    start_experiment(experiment=planned(name="third", knob="for-you-explored"))


def test_of_two_who_stop_it_one_does(running, cast):
    assert stop_experiment(experiment=running, why="enough", account=cast.owner)
    assert not stop_experiment(experiment=running, why="too late")
    ended = Experiment.objects.get()
    assert (ended.state, ended.why, ended.stopped_by, ended.is_harmful) == ("stopped", "enough", cast.owner, False)
    assert Event.objects.get(kind="experiment.stopped").data["counts"]["reader"] == [0, 0]


def test_tags_are_compared_while_a_model_is_at_the_last_stage(tags, deployed):
    about = {"recipe": "r", "folder": "f", "manifest_sha256": "0" * 64, "dataset_sha256": "0" * 64}
    version = ModelVersion.objects.create(ref="v2-1", policy={}, card={}, **about)
    row = planned(knob="tags")
    with pytest.raises(ConflictError, match="no model decides"):
        start_experiment(experiment=row)
    deployed(version, role="challenger", share=0.5, stage="ab")
    start_experiment(experiment=row)
    assert (Experiment.objects.get().model_version, look_at_experiments()) == (version, [])
    deployed(version, role="challenger", share=0.0, stage="ab")
    assert look_at_experiments() == ["slower"]
    assert Experiment.objects.get().why == "the model is not at that stage any more"
    assert not Alert.objects.exists()


def test_it_is_looked_at_every_hour_and_ends_after_its_days(running):
    assert is_due()
    assert look_at_experiments() == []
    Experiment.objects.update(started_at=timezone.now() - timedelta(days=28))
    assert look_at_experiments() == ["slower"]
    ended = Experiment.objects.get()
    assert (ended.why, ended.stopped_by, is_due()) == ("its days are over", None, False)


@pytest.mark.parametrize(("control", "variant", "words"), [
    ({"report": 4}, {"report": 80}, "readers who reported something as wrong"),
    ({"find": 900}, {"find": 600}, "readers who opened or saved a work"),
])  # fmt: skip
def test_harm_stops_it_at_once_with_an_alert_and_the_figures(running, control, variant, words):
    counted(running, control=control, variant=variant)
    assert look_at_experiments() == ["slower"]
    ended = Experiment.objects.get()
    assert (ended.state, ended.is_harmful) == ("stopped", True)
    assert words in ended.why
    alert = Alert.objects.get()
    assert (alert.kind, alert.subject) == ("experiment", "slower")
    assert "n=4000" in alert.says
    assert Event.objects.get(kind="experiment.stopped").is_public
    assert look_at_experiments() == []


def test_what_is_let_pass_and_what_does_good_goes_on(running):
    counted(running, control={"report": 40, "find": 600}, variant={"report": 42, "find": 900})
    assert look_at_experiments() == []
    found = found_of(running)
    assert (found.n, found.is_balanced, found.broken) == ((2000, 2000), True, [])
    assert found.shares["find"] == (0.3, 0.45)
    assert found.differences["find"].low > 0.0
