"""What is hot: the additive log-time form, one number that never has to be computed again, and what goes into it."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

# 22 hours: ten times the points make up for 22 hours of age (Lobsters' constant).
SECONDS_PER_DECADE = 79_200
# So many votes of newcomers count by themselves; more of them count only as known readers vote too.
NEW_VOTES = 3
# A rank in a short history says little: so many works that nobody looked at are thought to stand above.
DOUBT = 10


@dataclass(frozen=True, slots=True)
class Outside:
    """What one source makes of a work: `value` of `name` there, and the share of its recent works that it stands above."""

    source: str
    name: str
    value: float
    rank: float


@dataclass(frozen=True, slots=True)
class Heat:
    """All that makes a work popular: votes here, further independent places, and its rank in each source."""

    votes: int = 0
    new_votes: int = 0
    places: int = 0
    outside: tuple[Outside, ...] = ()

    @property
    def counted_votes(self) -> int:
        """Votes of known readers in full, those of new ones up to as many and `NEW_VOTES` more: no brigade lifts alone."""
        return self.votes + min(self.new_votes, self.votes + NEW_VOTES)

    @property
    def score(self) -> float:
        """One for being there, one for each vote and each further place, `10 ** rank - 1` for each source.

        The best work of a source so counts ten times as much as one that nobody noticed: 22 hours.

        >>> Heat(votes=2, places=1, outside=(Outside("hn", "points", 120.0, 1.0),)).score
        13.0
        """
        return 1.0 + self.counted_votes + self.places + sum(10**signal.rank - 1 for signal in self.outside)

    def plain(self) -> dict[str, Any]:
        """As JSON."""
        outside = [asdict(signal) for signal in self.outside]
        return asdict(self) | {"outside": outside, "counted_votes": self.counted_votes}


def hotness(score: float, timestamp: float) -> float:
    """`sign(score) * log10(max(|score|, 1)) + timestamp / 79200`, with `timestamp` in seconds of the epoch.

    >>> hotness(10, 0) == hotness(1, SECONDS_PER_DECADE)
    True
    """
    sign = (score > 0) - (score < 0)
    return sign * math.log10(max(abs(score), 1)) + timestamp / SECONDS_PER_DECADE


def paced(hot: float, score: float, pace: float) -> float:
    """The hotness of a work where ten times the points make up for `pace` times 22 hours, up to a common factor.

    >>> paced(hotness(10, 0), 10, 2.0) == hotness(1, 0) + 2.0
    True
    """
    return hot + (pace - 1.0) * math.log10(max(abs(score), 1.0)) * ((score > 0) - (score < 0))


def rank_among(value: float, history: Sequence[float]) -> float:
    """The share of a source's recent values that `value` stands above, equal ones counted half; 0 without a history.

    >>> rank_among(5.0, [1.0] * 45 + [9.0] * 45)
    0.45
    """
    below = sum(other < value for other in history) + sum(other == value for other in history) / 2
    return below / (len(history) + DOUBT)


def strongest(signals: Sequence[Outside]) -> tuple[Outside, ...]:
    """The signal of each source with the highest rank: points and comments of one place are one opinion."""
    best: dict[str, Outside] = {}
    for signal in sorted(signals, key=lambda one: (one.rank, one.name)):
        best[signal.source] = signal
    return tuple(best[source] for source in sorted(best))


def spread_out(sections: Mapping[str, Sequence[tuple[int, int | None]]], *, per_section: int) -> dict[str, list[int]]:
    """The first few of each section, none of whose sources fills the page.

    A section holds (number, source) pairs, best first; without a source nothing is limited. Sections take turns, so that
    the first does not use a source up. A source has at most 3 places, more only where there are too few sources.
    """
    sources = {source for pairs in sections.values() for _, source in pairs if source is not None}
    cap = max(3, math.ceil(len(sections) * per_section / max(len(sources), 1)))
    chosen: dict[str, list[int]] = {name: [] for name in sections}
    waiting = {name: iter(pairs) for name, pairs in sections.items()}
    used: dict[int | None, int] = {}
    for _ in range(per_section):
        for name, pairs in waiting.items():
            taken = next(((pk, source) for pk, source in pairs if source is None or used.get(source, 0) < cap), None)
            if taken is not None:
                chosen[name].append(taken[0])
                used[taken[1]] = used.get(taken[1], 0) + 1
    return chosen
