"""What asks for itself when its time has come: sources, mails to readers, and what has a time of its own."""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import DatabaseError

from winnow.queries.sources import due_sources
from winnow.services import (
    audit_withheld,
    backup,
    digest,
    drift,
    drift_alarm,
    experiments,
    hide_gold,
    learn,
    mail_answers,
    mirror,
    rejudge,
    renew,
    rollout,
)

log = logging.getLogger(__name__)
# What was wrong the last time that a kind was asked.
_wrong: dict[str, str] = {}


def due(now: datetime) -> Iterator[tuple[str, str]]:
    """What is to be done by now, as kind and key of a job; asking twice is asking once."""
    yield from (("gather", source.name) for source in due_sources(now))
    yield from ((digest.KIND, str(pk)) for pk in digest.due_digests(now))
    yield from ((mail_answers.KIND, str(pk)) for pk in mail_answers.due_answers(now))
    yield from ((kind, "") for kind in SCHEDULED if _is_due(kind))


def _is_due(kind: str) -> bool:
    """Whether its time has come; where nobody can tell, the others are asked all the same."""
    try:
        is_due = SCHEDULED[kind]()
    except DatabaseError:
        raise
    except Exception as error:
        # It is asked again every other second, and what is wrong stands in the log once.
        if _wrong.get(kind) != str(error):
            log.exception("nobody can tell whether it is time for a job (%s)", kind)
        _wrong[kind] = str(error)
        return False
    _wrong.pop(kind, None)
    return is_due


# What has a time of its own, one job of a kind at once.
SCHEDULED: dict[str, Callable[[], bool]] = {
    "audit_withheld": audit_withheld.is_due,
    backup.KIND: backup.is_due,
    learn.KIND: learn.is_due,
    hide_gold.KIND: hide_gold.is_due,
    drift_alarm.KIND: drift.is_due,
    renew.KIND: renew.has_step,
    rollout.KIND: rollout.is_due,
    experiments.KIND: experiments.is_due,
    mirror.KIND: mirror.is_due,
    "rejudge": rejudge.is_due,
}
# What is asked for again as long as it is wanted: parked for good, one such job would be in the way of all that follow.
RECURRING = frozenset({"gather", digest.KIND, mail_answers.KIND, *SCHEDULED})
