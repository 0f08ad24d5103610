"""Experiments on readers: written down, started, watched every hour, and stopped by people, by their time, or for harm."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.experiments import GUARDED, KNOBS, MAX_DAYS, OUTCOMES, READER, TAGS, Arm, Counts, tallies
from winnow.core.values import Interval
from winnow.ml.experiments import Guarded, difference, guarded, is_balanced
from winnow.models import Account, Experiment, Job
from winnow.queries.experiments import counts_of, model_at_last_stage, running_experiments
from winnow.services.alerts import open_alert
from winnow.services.log import record_event

KIND = "experiments"
EVERY = timedelta(hours=1)
MAX_MARGIN = 0.2
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LOOK_AT_IT = (
    "Read the figures at /experiments/{name}. Readers see what everybody sees again; nothing else is to be done."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What an experiment has shown by now: the readers of each side, each outcome's difference, and its guards."""

    n: tuple[int, int]
    shares: dict[str, tuple[float, float]]
    differences: dict[str, Interval]
    guards: dict[str, Guarded]
    is_balanced: bool

    @property
    def broken(self) -> list[str]:
        """The guards at which more harm is shown than is let pass."""
        return [name for name, guard in self.guards.items() if guard.is_broken]


def make_experiment(
    *,
    name: str,
    hypothesis: str,
    knob: str,
    primary: str,
    share: float,
    margins: dict[str, float],
    days: int,
    account: Account | None = None,
) -> Experiment:
    """Write an experiment down before it starts: what is expected, what counts, what ends it. Raises InputError."""
    planned: dict[str, Any] = {"share": share, "margins": margins, "days": days, "knob": knob, "primary": primary}
    _check(name, hypothesis, planned)
    with transaction.atomic():
        if Experiment.objects.filter(name=name).exists():
            raise InputError(f"name: there is an experiment {name}; choose another name")
        row = Experiment.objects.create(name=name, hypothesis=hypothesis.strip(), **planned)
        record_event("experiment.planned", account=account, is_public=False, experiment=name, **planned)
    return row


def start_experiment(*, experiment: Experiment, account: Account | None = None) -> None:
    """Let readers in. Raises ConflictError where it was started before, or another varies the same thing."""
    version = model_at_last_stage() if experiment.knob == TAGS else None
    if experiment.knob == TAGS and version is None:
        raise ConflictError("no model decides about half of the works now; start this when one has come to that stage")
    begun: dict[str, Any] = {"started_at": timezone.now(), "model_version": version, "state": Experiment.State.RUNNING}
    drafts = Experiment.objects.filter(pk=experiment.pk, state=Experiment.State.DRAFT)
    try:
        with transaction.atomic():
            if not drafts.update(**begun):
                raise ConflictError("it was started before; write another down to try again")
            record_event("experiment.started", account=account, is_public=False, experiment=experiment.name)
    except IntegrityError:
        raise ConflictError(f"another experiment varies {KNOBS[experiment.knob].varies}; stop it first") from None


@transaction.atomic
def stop_experiment(
    *, experiment: Experiment, why: str, account: Account | None = None, is_harmful: bool = False
) -> bool:
    """End it: with their next page all readers see what everybody sees. False where somebody was first."""
    ended = {"state": Experiment.State.STOPPED, "ended_at": timezone.now(), "why": why[:500]}
    running = Experiment.objects.filter(pk=experiment.pk, state=Experiment.State.RUNNING)
    if not running.update(**ended, stopped_by=account, is_harmful=is_harmful):
        return False
    figures = {what: list(tally) for what, tally in _plain(counts_of(experiment)).items()}
    record_event(
        "experiment.stopped",
        account=account,
        experiment=experiment.name,
        why=why[:500],
        is_harmful=is_harmful,
        counts=figures,
    )
    return True


def is_due() -> bool:
    """Whether something runs and an hour has passed since it was looked at."""
    if not running_experiments():
        return False
    last = Job.objects.filter(kind=KIND).aggregate(at=Max("done_at"))["at"]
    return last is None or last + EVERY <= timezone.now()


def look_at_experiments() -> list[str]:
    """Look at all that runs and stop what is to be stopped; returns the names of what was."""
    return [row.name for row in running_experiments() if _stopped(row)]


def found_of(experiment: Experiment, counts: Counts | None = None) -> Found:
    """What is shown by now, from the sums."""
    counts = counts_of(experiment) if counts is None else counts
    sides = {name: tuple(tallies(counts, name)) for name in OUTCOMES}
    control, variant = (tally.n for tally in sides[experiment.primary])
    return Found(
        (control, variant),
        {name: (one.k / max(one.n, 1), other.k / max(other.n, 1)) for name, (one, other) in sides.items()},
        {name: difference(one, other) for name, (one, other) in sides.items()},
        {
            name: guarded(*sides[name], margin=experiment.margins[name], is_harm=OUTCOMES[name].is_harm)
            for name in GUARDED
        },
        is_balanced(control, variant),
    )


def _stopped(row: Experiment) -> bool:
    """Stop one where it harms, where what it shows has gone, or where its time is over."""
    found = found_of(row)
    if found.broken:
        return _stop_for_harm(row, found)
    gone = row.knob == TAGS and model_at_last_stage() != row.model_version
    over = row.started_at is not None and timezone.now() - row.started_at >= timedelta(days=row.days)
    why = "the model is not at that stage any more" if gone else "its days are over" if over else ""
    return bool(why) and stop_experiment(experiment=row, why=why)


@transaction.atomic
def _stop_for_harm(row: Experiment, found: Found) -> bool:
    says = "; ".join(_harm_in_words(name, found) for name in found.broken)
    if not stop_experiment(experiment=row, why=f"harm: {says}", is_harmful=True):
        return False
    open_alert(
        "experiment",
        row.name,
        says=f"The experiment {row.name} was stopped because its variant harms: {says}",
        remedy=LOOK_AT_IT.format(name=row.name),
    )
    return True


def _harm_in_words(name: str, found: Found) -> str:
    of = found.differences[name]
    return (
        f"readers who {OUTCOMES[name].says} {1000 * of.value:+.1f} per thousand "
        f"({1000 * of.low:+.1f} to {1000 * of.high:+.1f}, n={of.n}), let pass were {1000 * found.guards[name].margin:.1f}"
    )


def _plain(counts: Counts) -> dict[str, tuple[int, int]]:
    """As JSON: what was counted, on the control's side and on the variant's."""
    return {
        what: (counts.get((Arm.CONTROL, what), 0), counts.get((Arm.VARIANT, what), 0)) for what in (READER, *OUTCOMES)
    }


def _check(name: str, hypothesis: str, planned: dict[str, Any]) -> None:
    """Raises InputError for what cannot be, with the field and the remedy."""
    margins = planned["margins"]
    faults = {
        "name: small letters, digits and hyphens, at most 60": bool(_NAME.fullmatch(name)) and len(name) <= 60,
        "hypothesis: say in at most 500 letters what you expect and why": 0 < len(hypothesis.strip()) <= 500,
        f"knob: one of {', '.join(KNOBS)}": planned["knob"] in KNOBS,
        f"primary: one of {', '.join(OUTCOMES)}": planned["primary"] in OUTCOMES,
        "share: above 0, and at most 1": 0.0 < planned["share"] <= 1.0,
        f"days: from 1 to {MAX_DAYS}": 1 <= planned["days"] <= MAX_DAYS,
        f"margins: one for each of {' and '.join(GUARDED)}": set(margins) == set(GUARDED),
    } | {
        f"{name}: from 0 to {1000 * MAX_MARGIN:.0f} readers per thousand": 0.0 <= margin <= MAX_MARGIN
        for name, margin in margins.items()
    }
    for fault, is_fine in faults.items():
        if not is_fine:
            raise InputError(fault)
