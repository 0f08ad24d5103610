"""Ask models on their way to readers what programs ask, in the process that serves and beside the answers.

An answer is noted in a queue that never waits; one thread takes it from there, so that a model on trial neither holds up
nor fails anybody. What there is no time for is left out and counted. Of what programs send nothing is kept but counts.
"""

import logging
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import close_old_connections, connection, transaction
from django.db.models import F
from django.utils import timezone

from winnow.core.values import Document
from winnow.models import ModelVersion, ShadowCount
from winnow.services.encode import Vectors
from winnow.services.sides import OnTrial, on_trial

# So many calls may wait; what comes then is left out.
WAITING = 256
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
    """The queue, the thread at its end, and what was counted since counts were last written."""

    def __init__(self, waiting: int = WAITING) -> None:
        self._heard: queue.Queue[Heard | None] = queue.Queue(waiting)
        self._counts: dict[tuple[int, int], Counter[str]] = {}
        self._left_out = 0
        self._trials: list[OnTrial] = []
        self._looked_at = self._kept_at = 0.0
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Start the thread; beginning twice is beginning once."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="shadow", daemon=True)
            self._thread.start()

    def end(self) -> None:
        """Ask about all that waits, write the counts, and stop."""
        if self._thread is not None:
            self._heard.put(None)
            self._thread.join()
            self._thread = None

    def note(self, heard: Heard) -> None:
        """Take a call to be asked about later; never waits and never raises."""
        if self._thread is None:
            return
        try:
            self._heard.put_nowait(heard)
        except queue.Full:
            self._left_out += 1

    def _run(self) -> None:
        is_open = True
        while is_open:
            try:
                heard = self._heard.get(timeout=KEEP_SECONDS)
            except queue.Empty:
                self._safely(self._keep)
                continue
            is_open = heard is not None
            if heard is not None:
                self._safely(self._ask, heard)
            if not is_open or time.monotonic() - self._kept_at > KEEP_SECONDS:
                self._safely(self._keep)
        connection.close()

    def _safely(self, call: Callable[..., None], *given: Heard) -> None:
        try:
            call(*given)
        except Exception:
            # What is beside the answers may fail in any way, and the thread lives on.
            log.exception("the shadow stumbled")

    def _ask(self, heard: Heard) -> None:
        if time.monotonic() - self._looked_at > LOOK_SECONDS:
            close_old_connections()
            self._trials, self._looked_at = on_trial(), time.monotonic()
        for trial in self._trials:
            counts = self._counts.setdefault((trial.model.version.pk, heard.champion.pk), Counter())
            counts["n_left_out"], self._left_out = counts["n_left_out"] + self._left_out, 0
            if trial.model.needs_encoder and heard.vectors is None:
                counts["n_left_out"] += 1
                continue
            started = time.perf_counter()
            try:
                vectors = heard.vectors if trial.model.needs_encoder else None
                said = [given.tag for given in trial.model.classify(heard.documents, vectors=vectors)]
            except Exception:
                counts["n_failed"] += 1
                log.exception("%s did not answer", trial.model.ref)
                continue
            counts["n"] += len(said)
            counts["n_differs"] += sum(one != other for one, other in zip(said, heard.tags, strict=True))
            counts["microseconds"] += round(1e6 * (time.perf_counter() - started))

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


shadow = Shadow()
