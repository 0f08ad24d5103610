"""A model on its way to readers: what it and the champion said of the same works, and what was made of it."""

from django.db import models
from django.db.models.functions import Now

from winnow.models.datasets import DatasetVersion
from winnow.models.items import Item
from winnow.models.registry import Deployment, ModelVersion
from winnow.models.review import ReviewTask


class Comparison(models.Model):
    """What the champion and another model said of one Item when it came. Written once.

    `accepts` say whether each would publish it. `is_split`: they give different tags, and at least one would publish.
    `probability` is that with which a split is drawn for people to judge blind, stored whether it was or not;
    `task` is their task. `was_decided_by_new`: the Item fell into the share of the other model.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="comparisons")
    old = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    new = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="comparisons")
    old_tag = models.CharField(max_length=60, blank=True)
    new_tag = models.CharField(max_length=60, blank=True)
    old_confidence = models.FloatField()
    new_confidence = models.FloatField()
    old_accepts = models.BooleanField()
    new_accepts = models.BooleanField()
    is_split = models.BooleanField()
    was_decided_by_new = models.BooleanField(default=False)
    probability = models.FloatField()
    task = models.ForeignKey(ReviewTask, null=True, on_delete=models.SET_NULL, related_name="comparisons")
    is_drawn = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "new", "old"], name="compared_once"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="comparison_has_a_probability"
            ),
        ]
        indexes = [models.Index(fields=["new", "old", "id"], name="comparison_in_order")]


class RolloutLook(models.Model):
    """One look at a model on its way to readers: what was seen by then, and what came of it. Written once.

    `value`, `low` and `high` are its precision minus the champion's, over the `n` works that one of both would publish.
    `against` and `for_it` are the capitals of the two tests (`ml/rollout.py`).
    """

    class Course(models.TextChoices):
        GO_ON = "go on"
        HOLD = "hold"
        TAKE_BACK = "take back"

    deployment = models.ForeignKey(Deployment, on_delete=models.PROTECT, related_name="looks")
    against_model = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    course = models.CharField(max_length=10, choices=Course.choices)
    says = models.CharField(max_length=500)
    n = models.PositiveIntegerField()
    n_split = models.PositiveIntegerField()
    n_answered = models.PositiveIntegerField()
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    against = models.FloatField()
    for_it = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["deployment", "-id"], name="rollout_look_newest")]


class ShadowCount(models.Model):
    """How often programs were answered while a model was asked beside the champion, an hour a row.

    `n_left_out`: there was no time to ask it. `n_failed`: it did not answer. Nothing of the texts is kept.
    """

    new = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="shadow_counts")
    old = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="+")
    hour = models.DateTimeField()
    n = models.PositiveIntegerField(default=0)
    n_differs = models.PositiveIntegerField(default=0)
    n_left_out = models.PositiveIntegerField(default=0)
    n_failed = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(default=0.0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["new", "old", "hour"], name="one_count_an_hour")]


class Renewal(models.Model):
    """One training anew: on schedule, after an alarm, or because somebody asked; its steps one after another.

    One at a time. `says` is what the last step came to, or why it ended; whoever stops it is in the log.
    """

    class Step(models.TextChoices):
        """In their order; after the last the model is a shadow, and the roll-out leads it from there."""

        FREEZE = "freeze"
        TRAIN = "train"
        EVALUATE = "evaluate"
        SHADOW = "shadow"

    reason = models.CharField(max_length=300)
    recipe = models.CharField(max_length=40)
    step = models.CharField(max_length=10, choices=Step.choices, default=Step.FREEZE)
    says = models.CharField(max_length=500, blank=True)
    dataset = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="+")
    model_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="renewals")
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)
    is_stopped = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["is_stopped"], condition=models.Q(ended_at__isnull=True), name="one_renewal_at_a_time"
            ),
        ]
