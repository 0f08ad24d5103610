"""How far people agree, over all that several were asked about: in all, by tag, by reason, by pair of people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from winnow.core.values import Interval
from winnow.ml.agreement import Floats, ac1, against_rest, alpha, counts_of, with_interval
from winnow.models import Account, Label
from winnow.queries.agreement import COPY, NOT_ML, Opinions, opinions
from winnow.queries.tags import approved_tags


@dataclass(frozen=True, slots=True)
class Agreement:
    """Both measures over the same works, of which `n` were judged by at least two people."""

    name: str
    alpha: Interval
    ac1: Interval

    @property
    def n(self) -> int:
        """How many works."""
        return self.alpha.n


@dataclass(frozen=True, slots=True)
class Report:
    """All that is known of agreement; `n_disputed` works are those on which people do not all say the same."""

    overall: Agreement
    by_tag: tuple[Agreement, ...]
    by_reason: tuple[Agreement, ...]
    by_pair: tuple[Agreement, ...]
    n_disputed: int


def agreement() -> Report:
    """The figures as they stand; worked out again only after somebody has said something."""
    return _report(Label.objects.order_by("-pk").values_list("pk", "created_at").first())


@lru_cache(maxsize=2)
def _report(_newest: tuple[int, datetime] | None) -> Report:
    works = opinions()
    tags = [tag.slug for tag in approved_tags()]
    retired = sorted({value for work in works for value in work.said.values()} - {*tags, NOT_ML, COPY})
    answers = [*tags, *retired, NOT_ML, COPY]
    counts = counts_of([work.said for work in works], answers) if works else counts_of([{}], answers)
    reasons = sorted({reason for work in works for reason in work.reasons})
    return Report(
        overall=_measured("all", counts),
        by_tag=tuple(
            _measured(tag, against_rest(counts, column))
            for column, tag in enumerate(answers)
            if counts[:, column].any()
        ),
        by_reason=tuple(
            _measured(reason, counts_of([work.said for work in works if reason in work.reasons], answers))
            for reason in reasons
        ),
        by_pair=tuple(_pairs(works, answers)),
        n_disputed=sum(work.is_disputed for work in works),
    )


def _pairs(works: Sequence[Opinions], answers: Sequence[str]) -> list[Agreement]:
    """Each two people who judged the same works, those with most in common first; both by name."""
    people = sorted({person for work in works for person in work.said})
    names = dict(Account.objects.filter(pk__in=people).values_list("pk", "name"))
    found = []
    for one, other in combinations(people, 2):
        shared = [{p: work.said[p] for p in (one, other)} for work in works if {one, other} <= work.said.keys()]
        if shared:
            found.append(_measured(f"{names[one]} and {names[other]}", counts_of(shared, answers)))
    return sorted(found, key=lambda pair: -pair.n)


def _measured(name: str, counts: Floats) -> Agreement:
    return Agreement(name, with_interval(alpha, counts), with_interval(ac1, counts))
