"""Whether showing the model's answer leads people: measured where chance alone decided who saw it."""

from dataclasses import dataclass

from winnow.core.intervals import newcombe, wilson
from winnow.core.values import Interval
from winnow.queries.anchoring import answers_by_view
from winnow.services.review import HALF_BLIND


@dataclass(frozen=True, slots=True)
class Anchoring:
    """The share of answers that say what the model said, with it in view and without, and the difference of the two."""

    shown: Interval
    blind: Interval
    difference: Interval


def anchoring() -> Anchoring:
    """Over the first answers to tasks of which a random part is blind."""
    shown, blind = answers_by_view(sorted(HALF_BLIND))
    return Anchoring(
        wilson(shown.n_same, shown.n),
        wilson(blind.n_same, blind.n),
        newcombe(shown.n_same, shown.n, blind.n_same, blind.n),
    )
