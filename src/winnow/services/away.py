"""When the model that serves is away, people decide: asked carefully, left alone after a fault, tried again by and by.

Whatever it does (it cannot be loaded, it crashes, it answers with what is no answer, it takes too long, its encoder is
gone), whoever asked gets no error but "a person decides", an alert is open, and it closes with the first good answer.
"""

import logging
import math
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from django.db import DatabaseError

from winnow.core.errors import WinnowError
from winnow.core.values import Classification, Document
from winnow.models import ModelVersion
from winnow.services.alerts import close_alert, open_alert
from winnow.services.budget import champion_row
from winnow.services.deploy import Serving, load_version, serving
from winnow.services.encode import encode, encoder

KIND, SUBJECT = "away", "champion"
REMEDY = (
    "Run `winnow doctor`: it says what is missing. Put the folder of the model, or the encoder, back from a backup, or "
    "go back to the model before it with `winnow rollback`. Until then people decide; nothing is lost."
)
# After a fault it is left alone for so long, twice as long after each further one.
FIRST_REST, LONGEST_REST = 1.0, 30.0
# What a call may take, and each of its texts beside: many times what a busy machine needs.
PATIENCE, PATIENCE_A_TEXT = 5.0, 0.25
PROBE_EVERY = 60.0
PROBE = Document("A text to try the model with", "A network that sorts works by what they are about.")
Answers = list[Classification | None]
log = logging.getLogger(__name__)


class WrongAnswerError(Exception):
    """What a model gave is no answer to what it was asked."""


@dataclass(slots=True)
class State:
    """How many faults came one after another in this process, and until when the model is left alone."""

    n_faults: int = 0
    until: float = 0.0
    fault: str = ""
    probed_at: float = -PROBE_EVERY


_state = State()
_lock = threading.Lock()


def is_resting() -> bool:
    """Whether the model is left alone now; afterwards the next call tries it again."""
    return is_at_fault() and time.monotonic() < _state.until


def is_at_fault() -> bool:
    """Whether its last answer was none."""
    return _state.n_faults > 0


def answers_of_model(ask: Callable[[Sequence[int]], list[Classification]], n: int, slugs: Sequence[str]) -> Answers:
    """What a model says of `n` texts, None where it gave no answer; `ask` takes the places of those that it is to read.

    Where all together fail each is asked alone, so that one text that a model cannot read fails nobody else's.
    """
    if n == 0:
        return []
    started = time.monotonic()
    found, fault = _asked(ask, range(n), slugs)
    if fault and n > 1:
        alone = [_asked(ask, [place], slugs) for place in range(n)]
        found = [answers[0] for answers, _ in alone]
    if fault and not any(found):
        failed(fault)
        return found
    seconds, patience = time.monotonic() - started, PATIENCE + n * PATIENCE_A_TEXT
    if seconds > patience:
        failed(f"it took {seconds:.0f} s for {n} texts, and may take {patience:.0f} s")
    elif fault:
        log.warning("some of %s texts have no answer: %s", n, fault)
    else:
        recovered()
    return found


def failed(fault: str) -> None:
    """Leave the model alone for a while, and tell people; never raises."""
    with _lock:
        _state.fault = fault
        # Calls that were under way together have met one fault, and not one each.
        if not is_resting():
            _state.n_faults += 1
            _state.until = time.monotonic() + min(FIRST_REST * 2 ** (_state.n_faults - 1), LONGEST_REST)
    log.warning("the model is away: %s", fault)
    _tell(fault)


def recovered() -> None:
    """It answered. Costs nothing where nothing was wrong."""
    if not is_at_fault():
        return
    with _lock:
        _state.n_faults, _state.until, _state.fault = 0, 0.0, ""
    with suppress(DatabaseError):
        close_alert(KIND, SUBJECT)


def forget() -> None:
    """Begin anew, as a process that has just started."""
    with _lock:
        _state.n_faults, _state.until, _state.fault, _state.probed_at = 0, 0.0, "", -PROBE_EVERY


def probe_if_due() -> str | None:
    """Once a minute try the model from its files on; what is wrong, empty where nothing is, None where it is not due."""
    now = time.monotonic()
    if now - _state.probed_at < PROBE_EVERY:
        return None
    _state.probed_at = now
    version = champion_row()
    return probe(version) if version is not None else ""


def probe(version: ModelVersion) -> str:
    """Load what is meant to serve from its folder and ask it about one text: what is wrong, empty where nothing is.

    Files that are gone are found so before a process that still holds them in memory ends.
    """
    try:
        loaded = load_version(version)
        if loaded.needs_encoder:
            loaded.check_encoder(encoder())
        vectors = encode([PROBE]) if loaded.needs_encoder else None
        check_answers(loaded.classify([PROBE], vectors=vectors), 1, loaded.classes_)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a model does wrong, nobody's call fails
        fault = f"{version.ref}: {_said(error)}"
        _tell(fault)
        return fault
    close_alert(KIND, SUBJECT)
    return ""


def check_answers(given: Sequence[Classification], n: int, slugs: Sequence[str]) -> None:
    """Raises WrongAnswerError for what is no answer: too few, other tags, probabilities that are none."""
    if len(given) != n:
        raise WrongAnswerError(f"{len(given)} answers to {n} texts")
    for one in given:
        values = [*one.probabilities.values(), one.confidence]
        if one.tag is not None and one.tag not in slugs:
            raise WrongAnswerError(f"{one.tag!r} is no approved tag")
        if not all(math.isfinite(value) and -1e-9 <= value <= 1 + 1e-9 for value in values):
            raise WrongAnswerError("probabilities that are none")
        if one.probabilities and abs(sum(one.probabilities.values()) - 1.0) > 1e-6:
            raise WrongAnswerError("probabilities that do not add up to one")


def loaded_champion() -> Serving | None:
    """What serves, with its encoder; None where nothing does, where it is away, or while it is left alone."""
    if is_resting():
        return None
    try:
        model = serving(SUBJECT)
        if model is not None and model.needs_encoder:
            model.loaded.check_encoder(encoder())
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a model does wrong, nobody's call fails
        failed(_said(error))
        return None
    return model


def _asked(
    ask: Callable[[Sequence[int]], list[Classification]], places: Sequence[int], slugs: Sequence[str]
) -> tuple[Answers, str]:
    """The answers for some places, or none of them and what is wrong."""
    try:
        given = ask(places)
        check_answers(given, len(places), slugs)
    except DatabaseError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a model does wrong, nobody's call fails
        return [None] * len(places), _said(error)
    return list(given), ""


def _said(error: Exception) -> str:
    own = isinstance(error, (WinnowError, WrongAnswerError))
    return str(error) if own else f"{type(error).__name__}: {error}"


def _tell(fault: str) -> None:
    try:
        open_alert(KIND, SUBJECT, says=f"The model that serves is away, and people decide: {fault}", remedy=REMEDY)
    except DatabaseError:
        # The answer does not wait for it; the next fault tells it again.
        log.exception("the alert was not kept")
