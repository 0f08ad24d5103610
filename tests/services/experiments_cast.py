"""What experiments on readers are tested with."""

from winnow.models import Experiment, ExperimentCount
from winnow.services.experiments import make_experiment, start_experiment
from winnow.services.value import today

PLAN = {
    "name": "slower",
    "hypothesis": "Readers who come twice a week find more.",
    "knob": "front-pace",
    "primary": "find",
    "share": 1.0,
    "margins": {"report": 0.002, "find": 0.02},
    "days": 28,
}


def planned(**others):
    """An experiment that is written down."""
    return make_experiment(**PLAN | others)


def begun(**others):
    """An experiment that runs."""
    row = planned(**others)
    start_experiment(experiment=row)
    return Experiment.objects.get(pk=row.pk)


def counted(row, *, n=2000, control=None, variant=None):
    """So many readers of each side, and what they did."""
    for arm, did in (("control", control or {}), ("variant", variant or {})):
        for what, k in ({"reader": n} | did).items():
            ExperimentCount.objects.create(experiment=row, arm=arm, day=today(), what=what, n=k)


def begun_with_readers():
    """One that runs, with something to show."""
    row = begun()
    counted(row, control={"find": 600, "report": 3}, variant={"find": 700, "report": 4})
    return row
