"""What readers say about an Item."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.items import Item
from winnow.models.taxonomy import Tag


class Report(models.Model):
    """A reader says that an Item or its tag is wrong, or asks for another decision. It changes nothing by itself.

    `origin` is the Item that it was given to, where that became a copy and what was said went on to the face.
    `copy_of` is the Item that this one is said to be a copy of. `is_upheld` says, once it is decided, whether it was right.
    `reporter` names who it was for counting each voice once: an account, a token, or a hash that lives for a day.
    """

    class Kind(models.TextChoices):
        WRONG_TAG = "wrong_tag"
        DUPLICATE = "duplicate"
        OFF_TOPIC = "off_topic"
        BROKEN = "broken"
        SPAM = "spam"
        APPEAL = "appeal"
        TAKE_DOWN = "take_down"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="reports")
    origin = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    tag = models.ForeignKey(Tag, null=True, on_delete=models.PROTECT, related_name="+")
    copy_of = models.ForeignKey(Item, null=True, on_delete=models.SET_NULL, related_name="+")
    note = models.CharField(max_length=500, blank=True)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="reports")
    reporter = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    is_upheld = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["item", "kind", "reporter"],
                condition=models.Q(decided_at__isnull=True),
                name="one_open_report_per_voice",
            ),
        ]
