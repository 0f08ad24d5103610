"""Each check on a model that holds and on one that does not."""

import pytest

from winnow.home import DATA
from winnow.ml.behaviour import BehaviourCard
from winnow.ml.gates import load_gates
from winnow.models import ModelVersion
from winnow.services import gate_checks
from winnow.services.deploy import version_of
from winnow.services.freeze import freeze_dataset
from winnow.services.gate_checks import CHECKS
from winnow.services.import_rows import import_file
from winnow.services.train import train_model
from winnow.services.trial import Trial

GATES = {gate.name: gate for gate in load_gates(DATA / "gates.toml", list(CHECKS))}


@pytest.fixture
def checked(champion):
    """What a check says of a model, by default of the champion against itself."""

    def check(name, version=champion, **limits):
        gate = GATES[name]
        if limits:
            gate = type(gate)(gate.name, gate.check, gate.says, gate.roles, {**gate.limits, **limits})
        return CHECKS[name](Trial(version, "champion"), gate)

    return check


@pytest.fixture
def frozen(labelled, champion):
    """A model that learned from a frozen set."""
    import_file(labelled)
    freeze_dataset()
    return version_of(train_model("linear", is_measured=False).model)


@pytest.mark.parametrize("name", ["smoke", "tags", "size", "behaviour", "calibration"])
def test_a_sound_model_passes(checked, name):
    found = checked(name)
    assert (found.name, found.verdict) == (name, "passed")


@pytest.mark.parametrize(
    ("name", "limits", "words"),
    [
        ("smoke", {"seconds": 0.05}, "gave no answer"),
        ("size", {"megabytes": 0.1}, "at most 0"),
        ("latency", {"milliseconds": 0.001}, "the median of 8 took"),
        ("behaviour", {"minimum": 1.01}, "wanted 1.01"),
        ("calibration", {"error": 0.0001}, "at most 0.00"),
    ],
)
def test_beyond_its_limit_it_fails_and_says_by_how_much(checked, name, limits, words):
    found = checked(name, **limits)
    assert found.verdict == "failed"
    assert words in found.says


def test_a_model_that_never_answered_has_no_latency(checked, champion):
    broken = ModelVersion(folder="none", manifest_sha256="x", policy=champion.policy)
    found = checked("latency", broken)
    assert (found.verdict, found.says) == ("failed", "it was never seen to answer")


def test_a_folder_that_is_not_the_registered_one_fails(own_folder, checked):
    version = ModelVersion.objects.get()
    version.manifest_sha256 = "another"
    assert "is not the folder" in checked("tags", version).says


@pytest.mark.parametrize("name", ["code", "data"])
def test_what_was_trained_from_files_has_nothing_that_was_frozen(checked, name):
    found = checked(name)
    assert found.verdict == "failed"
    assert "was trained from files" in found.says


def test_what_learned_from_a_frozen_set_is_checked_with_it(checked, frozen):
    data, code = checked("data", frozen), checked("code", frozen)
    assert (data.verdict, code.verdict) == ("passed", "passed")
    assert data.says.startswith("gold-1, 40 works")
    assert "the recipe linear passed the battery on" in code.says


def test_a_set_that_breaks_an_expectation_fails(checked, frozen):
    dataset = frozen.dataset
    for row in dataset.rows:
        row["title"] = ""
    frozen.dataset = dataset
    assert "without a title" in checked("data", frozen).says


def test_a_recipe_that_breaks_the_contract_fails(checked, frozen, monkeypatch):
    def broken(*_arguments):
        raise AssertionError("training twice gives the same answers")

    monkeypatch.setattr(gate_checks, "check_classifier", broken)
    assert "breaks the contract: training twice" in checked("code", frozen).says


def test_where_there_are_no_cases_nothing_is_asked(checked, monkeypatch):
    monkeypatch.setattr(gate_checks, "behaviour_of", lambda _model: BehaviourCard({}, ()))
    assert checked("behaviour").says == "there are no cases for these tags"


def test_a_draft_is_not_calibrated(checked, frozen):
    draft = version_of(train_model("linear", is_draft=True).model)
    found = checked("calibration", draft)
    assert (found.verdict, found.missing) == ("not enough evidence", {})


def test_a_proof_on_other_works_than_the_stream_is_not_enough(checked):
    found = checked("certificate")
    assert (found.verdict, found.missing) == ("not enough evidence", {"": 1})


@pytest.mark.parametrize(
    ("threshold", "is_provisional", "verdict"),
    [(0.8, False, "passed"), (0.8, True, "not enough evidence"), (None, False, "not enough evidence")],
)
def test_a_certificate_holds_where_audits_prove_it(champion, checked, threshold, is_provisional, verdict):
    kept = {**champion.policy["certificate"], "threshold": threshold, "missing": 40 if threshold is None else 0}
    champion.policy = {**champion.policy, "certificate": kept, "is_provisional": is_provisional}
    assert checked("certificate", champion).verdict == verdict
    champion.policy = {**champion.policy, "certificate": None}
    assert checked("certificate", champion).missing == {"": 1}
