"""The queue, and what people said in it."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.items import Item
from winnow.models.taxonomy import Tag


class ReviewTask(models.Model):
    """One unit of the queue: an Item that a person must look at, and why."""

    class Reason(models.TextChoices):
        LOW_CONFIDENCE = "low_confidence"
        REPORTED = "reported"
        AUDIT = "audit"
        RESTORED = "restored"
        DUPLICATE_PAIR = "duplicate_pair"
        PROBATION = "probation"
        WITHHELD_AUDIT = "withheld_audit"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="tasks")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    priority = models.FloatField(default=0)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "reason"], condition=models.Q(closed_at__isnull=True), name="one_open_task_per_reason"
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "-priority", "id"], name="task_queue")]


class Label(models.Model):
    """A person's statement "this Item has this Tag". Append-only: undo is a later Label.

    `tag` is None where the statement is "none of ours": the Item is off-topic, or a copy of the Item `copy_of`.
    `account` is None for starter works, whose labels came with the data.
    `is_gold` is false for a further opinion, given after the question was decided, for an undo, and where `restores`
    says "this was withheld wrongly" and nothing about the tag.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="labels")
    tag = models.ForeignKey(Tag, null=True, on_delete=models.PROTECT, related_name="labels")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="labels")
    task = models.ForeignKey(ReviewTask, null=True, on_delete=models.SET_NULL, related_name="labels")
    copy_of = models.ForeignKey(Item, null=True, on_delete=models.PROTECT, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")
    is_gold = models.BooleanField(default=False)
    restores = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="label_latest")]
