"""Ask models on their way to readers what programs ask, in the process that serves and beside the answers.

An answer is noted, which never waits; one thread takes what came within a moment and asks about all of it at once, so
that a model on trial neither holds up nor fails anybody. What there is no time for is left out and counted. Of what
programs send nothing is kept but counts.
"""

import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np
from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from winnow.core.values import Document
from winnow.models import ModelVersion, ShadowCount
from winnow.services.deploy import Serving
from winnow.services.encode import Vectors
from winnow.services.sides import OnTrial, on_trial

# So many calls may wait; what comes then is left out.
WAITING = 512
# Asked one by one, each call would wake the thread, which then holds up the next answer.
GATHER_SECONDS = 0.05
# How often what is on trial is looked up, and counts are written.
LOOK_SECONDS, KEEP_SECONDS = 0.5, 5.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Heard:
    """One call: its texts, the tags that were answered, the vectors where the champion reads such, and the champion."""

    documents: Sequence[Document]
    tags: Sequence[str | None]
    vectors: Vectors | None
    champion: ModelVersion


class Shadow:
    """What waits, the thread that asks about it, and what was counted since counts were last written."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._waiting = waiting
        self._heard: deque[Heard] = deque()
        self._called, self._ends = threading.Event(), threading.Event()
        self._counts: dict[tuple[int, int], Counter[str]] = {}
        self._left_out = 0
        self._trials: list[OnTrial] = []
        self._looked_at = self._kept_at = 0.0
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread; beginning twice is beginning once."""
        if self._thread is None:
            self._ends.clear()
            self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Ask about all that waits, write the counts, and stop."""
        if self._thread is not None:
            self._ends.set()
            self._called.set()
            self._thread.join()
            self._thread = None

    def note(self, heard: Heard) -> None:
        """Take a call to be asked about later; never waits and never raises."""
        if self._thread is None:
            return
        if len(self._heard) >= self._waiting:
            self._left_out += 1
            return
        self._heard.append(heard)
        if not self._called.is_set():
            self._called.set()

    def _run(self) -> None:
        while not self._ends.is_set():
            if self._called.wait(KEEP_SECONDS):
                self._ends.wait(GATHER_SECONDS)
            self._called.clear()
            self._safely(self._ask)
            if time.monotonic() - self._kept_at > KEEP_SECONDS:
                self._safely(self._keep)
        # What came while it was asked for the last time.
        self._safely(self._ask)
        self._safely(self._keep)
        connection.close()

    def _safely(self, call: Callable[[], None]) -> None:
        try:
            call()
        except Exception:
            # What is beside the answers may fail in any way, and the thread lives on.
            log.exception("the shadow stumbled")

    def _ask(self) -> None:
        """Ask every model on trial about all that waits, together for each champion that answered."""
        if self._heard and time.monotonic() - self._looked_at > LOOK_SECONDS:
            close_old_connections()
            self._trials, self._looked_at = on_trial(), time.monotonic()
        calls: dict[int, list[Heard]] = {}
        for _ in range(len(self._heard)):
            heard = self._heard.popleft()
            calls.setdefault(heard.champion.pk, []).append(heard)
        for champion, some in calls.items():
            for trial in self._trials:
                counts = self._counts.setdefault((trial.model.version.pk, champion), Counter())
                counts["n_left_out"], self._left_out = counts["n_left_out"] + self._left_out, 0
                _count(counts, trial.model, some)

    def _keep(self) -> None:
        """Write what was counted since, to the row of this hour."""
        self._kept_at = time.monotonic()
        counted, self._counts = self._counts, {}
        hour = timezone.now().replace(minute=0, second=0, microsecond=0)
        for (new, old), counts in counted.items():
            seconds = counts.pop("microseconds", 0) / 1e6
            with transaction.atomic():
                ShadowCount.objects.get_or_create(new_id=new, old_id=old, hour=hour)
                changes = {name: F(name) + n for name, n in counts.items()}
                ShadowCount.objects.filter(new_id=new, old_id=old, hour=hour).update(
                    seconds=F("seconds") + seconds, **changes
                )


def _count(counts: Counter[str], model: Serving, calls: Sequence[Heard]) -> None:
    """What a model on trial says of some calls. Where all together fail each is asked alone: one may fail no other."""
    fit = [heard for heard in calls if heard.vectors is not None or not model.needs_encoder]
    counts["n_left_out"] += len(calls) - len(fit)
    if not fit:
        return
    started = time.perf_counter()
    try:
        said = _said(model, fit)
    except Exception:
        if len(fit) > 1:
            for heard in fit:
                _count(counts, model, [heard])
            return
        counts["n_failed"] += 1
        log.exception("%s did not answer", model.ref)
        return
    counts["n"] += len(said)
    counts["n_differs"] += sum(
        one != other for one, other in zip(said, chain.from_iterable(heard.tags for heard in fit), strict=True)
    )
    counts["microseconds"] += round(1e6 * (time.perf_counter() - started))


def _said(model: Serving, calls: Sequence[Heard]) -> list[str | None]:
    documents = [document for heard in calls for document in heard.documents]
    vectors = (
        np.concatenate([heard.vectors for heard in calls if heard.vectors is not None]) if model.needs_encoder else None
    )
    return [given.tag for given in model.classify(documents, vectors=vectors)]


shadow = Shadow()
