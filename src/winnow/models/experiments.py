"""Experiments on readers: what varies, for whom, and sums by day; who was on which side is kept nowhere."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.registry import ModelVersion


class Experiment(models.Model):
    """One experiment. `knob` and `primary` are names of `core/experiments.py`, `margins` what its guards let pass.

    `share` of the readers take part, half of them on each side, for `days` at the most. `model_version` is whose tags the
    variant shows, where those vary. `stopped_by` nobody: it ended by itself, and `why` says for what reason.
    """

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        STOPPED = "stopped"

    name = models.SlugField(max_length=60, unique=True)
    hypothesis = models.CharField(max_length=500)
    knob = models.CharField(max_length=30)
    primary = models.CharField(max_length=20)
    share = models.FloatField()
    margins = models.JSONField()
    days = models.PositiveIntegerField()
    model_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    is_harmful = models.BooleanField(default=False)
    why = models.CharField(max_length=500, blank=True)
    stopped_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["knob"], condition=models.Q(state="running"), name="one_running_experiment_of_a_knob"
            ),
            models.CheckConstraint(
                condition=models.Q(share__gt=0, share__lte=1), name="experiment_has_a_share_of_readers"
            ),
            models.CheckConstraint(
                condition=models.Q(state="draft") | models.Q(started_at__isnull=False), name="what_runs_has_begun"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ExperimentCount(models.Model):
    """How many readers of a side did something on a day; `what` is `reader` for how many came. Each counts once."""

    experiment = models.ForeignKey(Experiment, on_delete=models.CASCADE, related_name="counts")
    arm = models.CharField(max_length=10)
    day = models.DateField()
    what = models.CharField(max_length=20)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["experiment", "arm", "day", "what"], name="one_count_of_a_side_a_day")
        ]
