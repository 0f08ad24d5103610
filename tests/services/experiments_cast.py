"""What experiments on readers are tested with."""

from winnow.models import Experiment
from winnow.services.experiments import make_experiment, start_experiment

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
