"""What a first-time reviewer is led through: hard cases of the guidelines, each with its answer and why."""

from dataclasses import dataclass
from itertools import chain, zip_longest

from winnow.models import Account, Label, Role
from winnow.queries.tags import approved_tags

N_EXAMPLES = 5


@dataclass(frozen=True, slots=True)
class WorkedExample:
    """A case as a guideline tells it, the tag that it gets, and why."""

    case: str
    answer: str
    why: str


def worked_examples() -> list[WorkedExample]:
    """The first hard case of each approved tag, then the second of each, and so on; N_EXAMPLES at most."""
    tags = list(approved_tags())
    answers = {tag.slug for tag in tags}
    told = [[WorkedExample(**case) for case in tag.hard if case["answer"] in answers] for tag in tags]
    in_turn = (case for case in chain.from_iterable(zip_longest(*told)) if case is not None)
    return list(dict.fromkeys(in_turn))[:N_EXAMPLES]


def is_first_time(account: Account) -> bool:
    """Whether a reviewer has never answered anything."""
    return account.role == Role.REVIEWER and not Label.objects.filter(account=account).exists()
