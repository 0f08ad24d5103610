"""What is done with a classification: publish it under its tag, or ask a person."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from winnow.core.values import Action, Certificate, Classification, Decision


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds with their proof.

    A classification is accepted where its confidence is at or above the threshold of its tag,
    or, where the tag has none of its own, the overall one. No threshold: nothing is accepted.
    `withdrawn` are tags whose own audits contradict the target: nothing is accepted under them.
    `provenance` says in words on what the proof stands; it is provisional until that is the stream which it serves.
    """

    threshold: float | None
    per_tag: Mapping[str, float] = field(default_factory=dict)
    certificate: Certificate | None = None
    provenance: str = ""
    is_provisional: bool = True
    withdrawn: tuple[str, ...] = ()

    def threshold_of(self, tag: str) -> float | None:
        """The threshold in force for a tag; None where there is none, or the tag is withdrawn."""
        if tag in self.withdrawn:
            return None
        return self.per_tag.get(tag, self.threshold)


NOTHING_CERTIFIED = Policy(threshold=None)


def decide(classification: Classification, policy: Policy) -> Decision:
    """Accept or send to review, with the reasons in words."""
    if classification.tag is None:
        return Decision(Action.REVIEW, None, ("the classifier abstained", *classification.reasons))
    if classification.tag in policy.withdrawn:
        return Decision(Action.REVIEW, None, (f"the audits of {classification.tag} contradict the promise",))
    threshold = policy.threshold_of(classification.tag)
    if threshold is None:
        return Decision(Action.REVIEW, None, ("no threshold is certified yet",))
    compared = f"confidence {classification.confidence:.3f}, threshold {threshold:.3f}"
    if classification.confidence >= threshold:
        return Decision(Action.ACCEPT, classification.tag, (compared,))
    return Decision(Action.REVIEW, None, (compared,))
