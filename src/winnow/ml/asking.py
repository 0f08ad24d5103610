"""What a budget of labels is spent on: which rows to ask about, which to audit, and how much risk each look takes.

Pure rules over answers; `services/ask.py`, `services/audit.py` and `services/recertify.py` apply them to Items.
"""

from collections.abc import Collection, Sequence

from winnow.core.intervals import sample_size
from winnow.core.values import Classification

# Chosen on the starter set and on papers as streams, not on those that are reported (docs/decisions/0013-the-loop.md):
# the share of the labels that trains, in how many rounds, and the share of the stream, surest first, that audits are
# drawn from.
TRAINING_SHARE = 0.5
ROUNDS = 3
SUREST_SHARE = 0.85
# The first look at the audits of a model takes this share of the risk, each later one half of what is left.
FIRST_LOOK = 0.96


def lead(answer: Classification) -> float:
    """How far the likeliest tag is ahead of the second: 0 is on the border."""
    (_, first), (_, second) = answer.ranking[:2]
    return first - second


def nearest_rows(
    answers: Sequence[Classification], groups: Sequence[int], taught: Collection[int], n: int
) -> list[int]:
    """Up to `n` rows nearest to the decision, one of each group, none of a group that was `taught`."""
    nearest: dict[int, int] = {}
    for row in sorted(range(len(answers)), key=lambda one: lead(answers[one])):
        if groups[row] not in taught:
            nearest.setdefault(groups[row], row)
    return list(nearest.values())[:n]


def surest_floor(confidences: Sequence[float], share: float = SUREST_SHARE) -> float:
    """The confidence from which on rows are among the surest share; above 1 where there are none.

    Equal confidences are on one side of it, so that a threshold cuts all or none of them.
    """
    ranked = sorted(confidences, reverse=True)
    return ranked[max(round(share * len(ranked)), 1) - 1] if ranked else 2.0


def audits_of(n_labels: int, target: float, delta: float) -> int:
    """How many of the labels are audits: what does not train, but enough to certify with two errors among them."""
    enough = sample_size(2, target, risk_of(delta, []))
    return min(n_labels, max(round((1.0 - TRAINING_SHARE) * n_labels), enough))


def risk_of(delta: float, taken: Sequence[float]) -> float:
    """The risk that the next look may take, after looks that have `taken` theirs: all together never exceed `delta`.

    >>> [round(risk_of(0.1, taken), 3) for taken in ([], [0.096], [0.096, 0.002])]
    [0.096, 0.002, 0.001]
    """
    return FIRST_LOOK * delta if not taken else max(delta - sum(taken), 0.0) / 2.0
