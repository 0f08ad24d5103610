"""What the environment tells, and tells wrongly; and the clock."""

import os
import time
from collections.abc import Iterator
from difflib import get_close_matches
from pathlib import Path

from django.conf import settings

from winnow.environment import ASKED
from winnow.models import ReviewTask
from winnow.sources.credentials import REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET
from winnow.unsafe.refusals import GROUP_OR_OTHERS_WRITE, refuses

# A clock before this day has lost its battery: leases, links and certificates would be judged by it.
WRITTEN_AT = 1_790_000_000


@refuses("E022", "WINNOW_TAXONOMY", "name a file of approved tags, or leave it out")
def _no_taxonomy() -> Iterator[str]:
    if not settings.TAXONOMY.is_file():
        yield f"there is no file {settings.TAXONOMY}"


@refuses("E023", "NAME_FILE", "leave one of the two out")
def _said_twice() -> Iterator[str]:
    for name in sorted(ASKED):
        if os.environ.get(name) and os.environ.get(f"{name}_FILE"):
            yield f"{name} and {name}_FILE are both given"


@refuses("E024", "NAME_FILE", "take the right away: chmod go-w")
def _secret_can_be_exchanged() -> Iterator[str]:
    for name in sorted(ASKED):
        file = os.environ.get(f"{name}_FILE")
        if file and Path(file).stat().st_mode & GROUP_OR_OTHERS_WRITE:
            yield f"others on this machine may write {file}, which {name}_FILE names"


@refuses("E025", "WINNOW_...", "correct the name; docs/reference/settings.md lists them")
def _misspelt() -> Iterator[str]:
    known = {name + ending for name in ASKED for ending in ("", "_FILE")}
    for name in sorted(os.environ):
        if name.startswith("WINNOW_") and name not in known and (meant := get_close_matches(name, known, 1, 0.9)):
            yield f"there is no {name}; {meant[0]} perhaps"


@refuses("E026", "WINNOW_REVIEW_SHARES", f"the reasons are {', '.join(sorted(ReviewTask.Reason.values))}")
def _no_reason() -> Iterator[str]:
    for reason in settings.REVIEW_SHARES.keys() - set(ReviewTask.Reason.values):
        yield f"{reason!r} is no reason of a task"


@refuses("E027", "WINNOW_REDDIT_CLIENT_ID", "give it with WINNOW_REDDIT_CLIENT_SECRET, or give neither")
def _half_an_application() -> Iterator[str]:
    pair = [settings.CREDENTIALS[name] for name in (REDDIT_CLIENT_ID, REDDIT_CLIENT_SECRET)]
    if any(pair) and not all(pair):
        yield "there is one half of an application at Reddit"


@refuses("E028", "the clock", "set the clock of this machine")
def _clock_is_behind() -> Iterator[str]:
    if time.time() < WRITTEN_AT:
        yield f"it says {time.strftime('%Y-%m-%d', time.gmtime())}, which is before this release was written"
