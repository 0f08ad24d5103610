"""Behavioural tests of a model: what it does with cases made to be easy, or changed where nothing should change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from winnow.core.intervals import clopper_pearson
from winnow.core.values import Classification, Document, Interval
from winnow.ml.behaviour_cases import Case, Kind
from winnow.ml.encoder import Encoder
from winnow.ml.serving import Model

ALL_TAGS = "all"


@dataclass(frozen=True, slots=True)
class Failure:
    """A case that failed, and in words what the model did."""

    case: Case
    reason: str


@dataclass(frozen=True, slots=True)
class BehaviourCard:
    """Share of cases passed by kind and then tag, "all" being all tags together, with n and the exact 95 % interval.

    Cases made from one template resemble one another, so that the intervals are narrower than they should be.
    """

    rates: Mapping[str, Mapping[str, Interval]]
    failures: tuple[Failure, ...]


def run_behaviour(model: Model, encoder: Encoder | None, cases: Sequence[Case]) -> BehaviourCard:
    """The card of a model; `encoder` is None where it needs none. What counts is its likeliest tag, not its policy."""
    texts = list(dict.fromkeys(doc for case in cases for doc in (case.document, case.changed) if doc is not None))
    answers = dict(zip(texts, model.classify(texts, encoder), strict=True)) if texts else {}
    reasons = [_fault(case, answers) for case in cases]
    failures = tuple(Failure(case, reason) for case, reason in zip(cases, reasons, strict=True) if reason)
    return BehaviourCard(_rates(cases, [not reason for reason in reasons]), failures)


def _fault(case: Case, answers: Mapping[Document, Classification]) -> str:
    """What is wrong with the answers to a case; empty where nothing is."""
    before = answers[case.document]
    if case.changed is None:
        return "" if before.tag == case.tag else f"says {before.tag} ({before.confidence:.2f})"
    after = answers[case.changed]
    if case.kind is not Kind.DIRECTION:
        return "" if after.tag == before.tag else f"said {before.tag}, then {after.tag}"
    was, now = before.probabilities[case.tag], after.probabilities[case.tag]
    return "" if now > was else f"went from {was:.3f} to {now:.3f}"


def _rates(cases: Sequence[Case], passed: Sequence[bool]) -> dict[str, dict[str, Interval]]:
    results: dict[str, dict[str, list[bool]]] = {}
    for case, is_passed in zip(cases, passed, strict=True):
        for tag in (ALL_TAGS, case.tag):
            results.setdefault(case.kind, {}).setdefault(tag, []).append(is_passed)
    return {
        str(kind): {tag: clopper_pearson(sum(rows), len(rows)) for tag, rows in by_tag.items()}
        for kind, by_tag in results.items()
    }
