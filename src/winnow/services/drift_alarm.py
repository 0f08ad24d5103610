"""What an alarm of drift does first: somebody is told, and people are asked for labels of new works."""

import random
import secrets
from collections.abc import Sequence
from typing import Any

from winnow.models import DriftCheck, Item, ReviewTask
from winnow.services.alerts import open_alert
from winnow.services.log import record_event
from winnow.services.review import open_task

KIND = "drift"
# What an alarm asks for: so many labels of new works, drawn at random.
ASKED = 30
# Above what waits for want of certainty, below audits: what the model does with these is not known.
PRIORITY = 1.25
REMEDY = (
    "Answer the tasks that it opened in the queue (reason: drift). Once half are answered a model is trained anew by "
    "itself; look at the source where one is named."
)
JUDGEABLE = (Item.State.PUBLISHED, Item.State.IN_REVIEW)


def raise_alarm(check: DriftCheck, subject: str, says: str, new: Sequence[Item], **data: Any) -> None:
    """Open an alert, and ask for labels of these works; both stand in the log, with what is told besides."""
    tasks = [task.pk for task in _ask(new, seed=secrets.randbits(32))]
    record_event("drift.alarmed", check=check.pk, says=says, tasks=tasks, subject=subject, **data)
    open_alert(KIND, subject, says=says, remedy=REMEDY)


def _ask(new: Sequence[Item], *, seed: int) -> list[ReviewTask]:
    """Tasks for works that nobody has judged, each equally likely; the probability is stored."""
    unjudged = [item for item in new if item.state in JUDGEABLE and item.decided_by != Item.DecidedBy.PERSON]
    drawn = random.Random(seed).sample(unjudged, min(ASKED, len(unjudged)))  # noqa: S311 - a sample is no secret
    tasks = [open_task(item=item, reason=ReviewTask.Reason.DRIFT, priority=PRIORITY) for item in drawn]
    asked = ReviewTask.objects.filter(pk__in=[task.pk for task in tasks])
    asked.update(probability=len(drawn) / max(len(unjudged), 1))
    return tasks
