"""Ask people about what teaches most: waiting Items nearest to the decision, one of each group of near copies."""

from winnow.core.text import document
from winnow.core.values import Classification, Example
from winnow.ml.asking import nearest_rows
from winnow.ml.splits import group_examples
from winnow.models import ReviewTask
from winnow.queries.datasets import gold_rows
from winnow.queries.waiting import answers_of, waiting_items
from winnow.services.classify import champion
from winnow.services.review import open_task

# Above all that waits for want of certainty (at most 1), below audits and whatever readers report.
ASKED = 1.2


def ask_about(n: int) -> list[ReviewTask]:
    """Put up to `n` waiting Items before the rest of the queue, most telling first; returns their tasks.

    An Item like one that people labelled already would teach the same again, and is not asked about.
    Without a model that serves there is no border to be near to, and nothing is asked.
    """
    model = champion()
    if model is None:
        return []
    answers = answers_of(model.version, waiting_items())
    items = waiting_items().in_bulk(list(answers))
    waiting = [Example(document(items[pk].title, items[pk].description), "") for pk in answers]
    labelled = [Example(document(row.title, row.description), "") for row in gold_rows()]
    groups = group_examples([*waiting, *labelled])
    given = [Classification(row.tag or None, row.confidence, row.probabilities) for row in answers.values()]
    rows = nearest_rows(given, groups[: len(waiting)], set(groups[len(waiting) :]), n)
    chosen = [items[list(answers)[row]] for row in rows]
    return [open_task(item=item, reason=ReviewTask.Reason.LOW_CONFIDENCE, priority=ASKED) for item in chosen]
