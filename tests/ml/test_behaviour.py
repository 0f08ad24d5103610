from pathlib import Path

import numpy as np
import pytest

from winnow.core.intervals import clopper_pearson
from winnow.core.policy import NOTHING_CERTIFIED
from winnow.core.values import Document
from winnow.ml.behaviour import ALL_TAGS, BehaviourCard, Failure, run_behaviour
from winnow.ml.behaviour_cases import Case, Kind, load_cases
from winnow.ml.rules import Rule, RulePredictor
from winnow.ml.serving import Model

FOLDER = Path(__file__).parents[2] / "data" / "behaviour"


@pytest.fixture(scope="session")
def card(model, encoder, slugs):
    return run_behaviour(model, encoder, load_cases(FOLDER, slugs))


@pytest.fixture
def spotter():
    """A real model that knows two words."""
    rules = (Rule("leaf", "tea", "is tea", ("leaf",), ()), Rule("bean", "coffee", "is coffee", ("bean",), ()))
    predictor = RulePredictor(("tea", "coffee"), rules, np.array([0.5, 0.5]))
    return Model(predictor, NOTHING_CERTIFIED, {}, {}, "", None, "")


def test_each_kind_passes_and_fails_as_it_promises(spotter):
    leaf, bean, cup = Document("A leaf"), Document("A bean"), Document("A cup")
    passing = (
        Case(Kind.MINIMUM, "tea", leaf),
        Case(Kind.TYPO, "tea", leaf, Document("A leaf?")),
        Case(Kind.DIRECTION, "tea", cup, leaf),
    )
    failing = (
        Case(Kind.MINIMUM, "coffee", leaf),
        Case(Kind.CASE, "tea", leaf, bean),
        Case(Kind.DIRECTION, "tea", cup, bean),
        Case(Kind.MINIMUM, "tea", cup),
    )
    card = run_behaviour(spotter, None, passing + failing)
    assert tuple(failure.case for failure in card.failures) == failing
    assert card.rates == {
        "minimum functionality": {
            ALL_TAGS: clopper_pearson(1, 3),
            "tea": clopper_pearson(1, 2),
            "coffee": clopper_pearson(0, 1),
        },
        "invariance: typos": {ALL_TAGS: clopper_pearson(1, 1), "tea": clopper_pearson(1, 1)},
        "invariance: case": {ALL_TAGS: clopper_pearson(0, 1), "tea": clopper_pearson(0, 1)},
        "direction": {ALL_TAGS: clopper_pearson(1, 2), "tea": clopper_pearson(1, 2)},
    }


def test_a_failure_says_what_the_model_did(spotter):
    case = Case(Kind.CASE, "tea", Document("A leaf"), Document("A bean"))
    assert run_behaviour(spotter, None, (case,)).failures == (Failure(case, "said tea, then coffee"),)


def test_no_change_of_probability_is_no_direction(spotter):
    case = Case(Kind.DIRECTION, "tea", Document("A cup"), Document("A mug"))
    (failure,) = run_behaviour(spotter, None, (case,)).failures
    assert failure.reason == "went from 0.500 to 0.500"


def test_no_cases_no_rates(spotter):
    assert run_behaviour(spotter, None, ()) == BehaviourCard({}, ())


def test_a_trained_model_does_the_plain_things(card, slugs):
    assert {kind: rates[ALL_TAGS].value >= 0.85 for kind, rates in card.rates.items()} == dict.fromkeys(
        (str(kind) for kind in Kind), True
    )
    assert {tag for rates in card.rates.values() for tag in rates} == {ALL_TAGS, *slugs}


def test_rates_and_failures_are_of_the_same_cases(card):
    failed = sum(rates[ALL_TAGS].n - round(rates[ALL_TAGS].value * rates[ALL_TAGS].n) for rates in card.rates.values())
    assert failed == len(card.failures)
