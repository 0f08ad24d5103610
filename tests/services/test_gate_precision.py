"""A model on trial and the champion on works that neither learned from."""

import pytest

from winnow.core.values import Interval
from winnow.home import DATA
from winnow.ml.gates import load_gates
from winnow.models import Label
from winnow.services.deploy import version_of
from winnow.services.examples import examples_of_files
from winnow.services.freeze import freeze_dataset
from winnow.services.gate_checks import CHECKS
from winnow.services.gate_precision import Part, _judged, compare, unseen
from winnow.services.import_rows import import_file
from winnow.services.taxonomy import approved_list
from winnow.services.train import train_model
from winnow.services.trial import Trial

(GATE,) = (gate for gate in load_gates(DATA / "gates.toml", list(CHECKS)) if gate.name == "precision")


@pytest.fixture
def judged_later(make_item, tags):
    """Works with a label that came after all training, of the starter works that the shared model never saw."""
    examples = [
        e for n, e in enumerate(examples_of_files(sorted((DATA / "gold").glob("*.csv")), approved_list())) if not n % 4
    ]
    for example in examples[::2]:
        item = make_item(example.document.title, description=example.document.description, state="published")
        Label.objects.create(item=item, tag=tags[example.tag], is_gold=True)


@pytest.fixture
def dummy(labelled, champion):
    import_file(labelled)
    freeze_dataset(holds_out=False)
    return version_of(train_model("dummy", is_measured=False).model)


def part(value, low, high, name="", n=100):
    return Part(name, name, Interval(value, low, high, n), n)


def test_what_was_taught_and_its_near_copies_are_left_out(dummy, make_item, tags):
    (taught,) = Trial(dummy, "champion").taught()[:1]
    fresh = make_item(
        "A title that nobody has heard of yet", description="About serving with queues.", state="published"
    )
    copy = make_item(taught.document.title, description=taught.document.description, state="published")
    for item in (fresh, copy):
        Label.objects.create(item=item, tag=tags["mlops"], is_gold=True)
    assert [example.id for example in unseen(Trial(dummy, "champion"))] == [str(fresh.pk)]


def test_too_few_works_are_not_enough_and_it_says_how_many_are_missing(dummy):
    found = compare(Trial(dummy, "champion"), GATE)
    assert (found.verdict, found.missing) == ("not enough evidence", {"": 100})


def test_a_model_that_is_shown_to_be_worse_fails(dummy, judged_later):
    found = compare(Trial(dummy, "champion"), GATE)
    assert found.verdict == "failed"
    assert found.says.startswith("all: -0.")


@pytest.mark.usefixtures("judged_later")
def test_the_champion_is_not_worse_than_itself(champion):
    found = compare(Trial(champion, "champion"), GATE)
    assert found.verdict == "passed"
    assert "all: +0.000 (+0.000 to +0.000" in found.says


@pytest.mark.usefixtures("judged_later", "other_encoder")
def test_a_champion_that_cannot_answer_with_this_encoder_stands_in_nobodys_way(champion):
    assert "reads another encoder" in compare(Trial(champion, "champion"), GATE).says


@pytest.mark.parametrize(
    ("parts", "verdict", "missing"),
    [
        ([part(0.0, -0.01, 0.01)], "passed", {}),
        ([part(0.0, -0.03, 0.03)], "not enough evidence", {"": 125}),
        ([part(-0.05, -0.08, -0.03)], "failed", {}),
        ([part(0.0, 0.0, 0.0), part(-0.02, -0.09, 0.05, "mlops")], "passed", {}),
        ([part(0.0, 0.0, 0.0), part(0.0, -0.2, 0.2, "mlops", 50)], "not enough evidence", {"mlops": 150}),
        ([part(0.0, 0.0, 0.0), part(-0.3, -0.4, -0.2, "mlops")], "failed", {}),
    ],
)
def test_the_verdict_over_all_parts(parts, verdict, missing):
    found = _judged(GATE, parts)
    assert (found.verdict, dict(found.missing)) == (verdict, missing)
