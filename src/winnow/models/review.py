"""The queue, and what people said in it."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.items import Item
from winnow.models.taxonomy import Guideline, Tag


class ReviewTask(models.Model):
    """One unit of the queue: an Item that a person must look at, and why.

    `n_wanted` opinions are asked for, each of another person, before it closes; the first decides.
    `probability` is that with which chance chose the Item for this task, 1 where no chance was in it.
    A blind task shows nothing of what the model or anybody said. `for_account` is the one person whom a hidden gold
    item measures. `holder` has claimed it until `lease_until`; `token` rises with each claim, and an answer given
    under an older one comes late.
    """

    class Reason(models.TextChoices):
        LOW_CONFIDENCE = "low_confidence"
        REPORTED = "reported"
        AUDIT = "audit"
        RESTORED = "restored"
        DUPLICATE_PAIR = "duplicate_pair"
        PROBATION = "probation"
        WITHHELD_AUDIT = "withheld_audit"
        DISAGREEMENT = "disagreement"
        LABEL_ERROR = "label_error"
        DRIFT = "drift"
        RARE_TAG = "rare_tag"
        GUIDELINE = "guideline"
        GOLD = "gold"
        APPEAL = "appeal"
        TAKE_DOWN = "take_down"
        EDITED = "edited"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="tasks")
    reason = models.CharField(max_length=20, choices=Reason.choices)
    priority = models.FloatField(default=0)
    probability = models.FloatField(default=1.0)
    n_wanted = models.PositiveSmallIntegerField(default=1)
    is_blind = models.BooleanField(default=False)
    for_account = models.ForeignKey(Account, null=True, on_delete=models.CASCADE, related_name="own_tasks")
    holder = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="held_tasks")
    token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "reason"],
                condition=models.Q(closed_at__isnull=True, for_account__isnull=True),
                name="one_open_task_per_reason",
            ),
            models.UniqueConstraint(
                fields=["item", "for_account"],
                condition=models.Q(for_account__isnull=False),
                name="one_hidden_task_per_person",
            ),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0) & models.Q(probability__lte=1), name="task_has_a_probability"
            ),
            models.CheckConstraint(condition=models.Q(n_wanted__gte=1), name="task_wants_an_opinion"),
        ]
        indexes = [
            models.Index(fields=["closed_at", "-priority", "id"], name="task_queue"),
            models.Index(
                fields=["reason", "-priority", "id"], condition=models.Q(closed_at__isnull=True), name="task_turn"
            ),
        ]


class TaskSkip(models.Model):
    """A person left a task for later; others may take it."""

    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="skips")
    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="skips")
    skipped_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "task"], name="skipped_once")]


class Label(models.Model):
    """A person's statement "this Item has this Tag". Append-only: undo is a later Label.

    `tag` is None where the statement is "none of ours": the Item is off-topic, or a copy of the Item `copy_of`.
    `account` is None for starter works, whose labels came with the data.
    `is_gold` is false for a further opinion, given after the question was decided, for an undo, and where `restores`
    says "this was withheld wrongly" and nothing about the tag. `removes` says that it is to be taken down.
    `guideline` is the text of the chosen tag that was in force. `saw_prediction` says whether the model's answer was
    shown, `is_unsure` that the person cannot tell. `annotator` names who gave it elsewhere, where it was imported.
    `key` is how its sender names it: sent again, it is the same label.
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
    removes = models.BooleanField(default=False)
    guideline = models.ForeignKey(Guideline, null=True, on_delete=models.PROTECT, related_name="labels")
    saw_prediction = models.BooleanField(default=False)
    is_unsure = models.BooleanField(default=False)
    annotator = models.CharField(max_length=80, blank=True)
    key = models.CharField(max_length=100, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "key"], condition=~models.Q(key=""), name="one_label_per_key_and_person"
            ),
        ]
        indexes = [models.Index(fields=["item", "-id"], name="label_latest")]
