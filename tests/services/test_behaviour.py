"""The behavioural cases that ship, asked of a model."""

import pytest

from winnow.ml.serving import load_artifact
from winnow.services.behaviour import behaviour_of
from winnow.services.taxonomy import approved_list
from winnow.services.train import train_model


@pytest.fixture
def dummy(tags, labelled, tmp_path):
    train_model("dummy", data=[labelled], out=tmp_path / "dummy")
    return load_artifact(tmp_path / "dummy", approved_list())


def test_a_model_that_always_says_the_same_changes_nothing_and_knows_little(dummy):
    rates = behaviour_of(dummy).rates
    assert rates["invariance: typos"]["all"].value == 1.0
    assert rates["minimum functionality"]["all"].value == 0.25
    assert rates["direction"]["all"].value == 0.0


def test_a_card_is_worked_out_once(dummy):
    assert behaviour_of(dummy) is behaviour_of(dummy)
