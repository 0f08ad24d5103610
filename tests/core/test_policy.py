"""Accept or ask."""

from hypothesis import given
from hypothesis import strategies as st

from winnow.core.policy import NOTHING_CERTIFIED, Policy, decide
from winnow.core.values import Action, Classification, Decision


def classified(tag="mlops", confidence=0.8):
    return Classification(tag, confidence, {"mlops": confidence, "other": 1 - confidence}, ("a rule",))


def test_at_the_threshold_is_accepted():
    decision = decide(classified(confidence=0.7), Policy(threshold=0.7))
    assert decision == Decision(Action.ACCEPT, "mlops", ("confidence 0.700, threshold 0.700",))


def test_below_the_threshold_goes_to_review_without_a_tag():
    decision = decide(classified(confidence=0.69), Policy(threshold=0.7))
    assert decision == Decision(Action.REVIEW, None, ("confidence 0.690, threshold 0.700",))


def test_a_tag_with_a_threshold_of_its_own_uses_it():
    policy = Policy(threshold=0.5, per_tag={"mlops": 0.9})
    assert decide(classified(), policy).action is Action.REVIEW
    assert decide(classified("other"), policy).action is Action.ACCEPT


def test_nothing_certified_accepts_nothing():
    assert decide(classified(confidence=1.0), NOTHING_CERTIFIED) == Decision(
        Action.REVIEW, None, ("no threshold is certified yet",)
    )


def test_an_abstention_goes_to_review_with_its_reasons():
    decision = decide(classified(None, 1.0), Policy(threshold=0.0))
    assert decision == Decision(Action.REVIEW, None, ("the classifier abstained", "a rule"))


@given(st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_higher_threshold_never_accepts_more(confidence, one, other):
    low, high = sorted((one, other))
    accepted_high = decide(classified(confidence=confidence), Policy(high)).action is Action.ACCEPT
    accepted_low = decide(classified(confidence=confidence), Policy(low)).action is Action.ACCEPT
    assert accepted_low or not accepted_high


def test_under_a_withdrawn_tag_nothing_is_accepted():
    policy = Policy(threshold=0.1, per_tag={"mlops": 0.1}, withdrawn=("mlops",))
    assert policy.threshold_of("mlops") is None
    assert decide(classified(), policy) == Decision(
        Action.REVIEW, None, ("the audits of mlops contradict the promise",)
    )
    assert decide(classified("other"), policy).action is Action.ACCEPT
