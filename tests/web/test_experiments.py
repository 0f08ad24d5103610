"""The owner's room for experiments on readers."""

import pytest
from tests.services.experiments_cast import begun, begun_with_readers, counted, planned

from winnow.models import Experiment
from winnow.services.experiments import look_at_experiments

FORM = {
    "name": "slower",
    "hypothesis": "Readers who come twice a week find more.",
    "knob": "front-pace",
    "primary": "find",
    "share": "50",
    "days": "14",
    "report": "2",
    "find": "20",
}


def test_it_is_written_down_started_and_stopped(visit, send, cast):
    assert "There is none yet" in visit("/experiments", cast.owner).main
    assert send("/experiments", **FORM).headers["Location"] == "/experiments/slower"
    row = Experiment.objects.get()
    assert (row.share, row.days, row.margins) == (0.5, 14, {"report": 0.002, "find": 0.02})
    assert "Nobody has taken part yet" in visit("/experiments/slower").main
    send("/experiments/slower/start")
    assert "Stop it" in visit("/experiments/slower").main
    send("/experiments/slower/stop", why="It is <b>enough</b>")
    main = visit("/experiments/slower").main
    assert f"stopped: It is &lt;b&gt;enough&lt;/b&gt;, by owner {cast.owner.pk}" in main
    assert "Start it" not in main
    assert "stopped" in visit("/experiments").main


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("name", "A Name", "small letters"),
        ("days", "many", "a number, such as 28"),
        ("share", "nan", "a number"),
        ("share", "0", "above 0"),
        ("report", "500", "from 0 to"),
        ("knob", "colour", "one of"),
        ("hypothesis", "", "what you expect"),
    ],
)
def test_what_cannot_be_is_said_and_the_form_stays_filled(send, cast, field, value, says):
    answer = send("/experiments", cast.owner, **FORM | {field: value})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'role="alert">{field.capitalize()}: ' in page
    assert says in page
    assert 'value="14"' in page or field == "days"
    assert not Experiment.objects.exists()


def test_figures_have_their_interval_and_n(visit, cast):
    begun_with_readers()
    main = visit("/experiments/slower", cast.owner).main
    assert "2000 readers on the control's side, 2000 on the variant's" in main
    assert "<td>300.0</td><td>350.0</td><td>50.0</td>" in main
    assert "opened or saved a work <strong>(decides)</strong>" in main
    assert "more than 2.0 readers per thousand more reported" in main
    assert main.count("<svg") == 1
    assert "counted wrongly" not in main


def test_sides_that_chance_would_not_make_are_said(visit, cast):
    row = begun_with_readers()
    row.counts.filter(arm="variant", what="reader").update(n=1500)
    assert "counted wrongly" in visit("/experiments/slower", cast.owner).main


def test_what_was_stopped_for_harm_says_so(visit, cast):
    counted(begun(), variant={"report": 100})
    look_at_experiments()
    assert "harmful" in visit("/experiments", cast.owner).main
    assert "by itself" in visit("/experiments/slower").main
    assert "The experiment slower was stopped because its variant harms" in visit("/promises").main
    assert "The experiment on readers slower was stopped" in visit("/log").main


def test_starting_twice_or_what_is_not_there_is_refused(send, visit, cast):
    begun()
    assert send("/experiments/slower/start", cast.owner).status_code == 409
    visit("/experiments/none", status=404)


def test_stopping_what_does_not_run_says_so(send, visit, cast):
    planned()
    send("/experiments/slower/stop", cast.owner, why="no")
    assert "It does not run" in visit("/experiments/slower").text


@pytest.mark.parametrize("role", ["reader", "reviewer", "engineer"])
def test_others_have_no_business_here(visit, cast, role):
    visit("/experiments", getattr(cast, role), status=403)
