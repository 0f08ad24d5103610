"""What readers keep: votes, saves, what they hid and read, the tags that they follow, how far they have seen."""

from django.db import models
from django.db.models import Q

from winnow.models.accounts import Account
from winnow.models.items import Item
from winnow.models.taxonomy import Tag


class Mark(models.Model):
    """One reader's own word about an Item; taking it back deletes the row.

    `origin` is the Item that it was given to, where that became a copy and the mark went on to the face.
    `voice` names whose it is, each counted once: an account, or, of votes alone, a hash that lives for a day.
    `is_new`: the voice was a new one at the time, so that many of these together weigh little.
    """

    class Kind(models.TextChoices):
        VOTE = "vote"
        SAVE = "save"
        HIDE = "hide"
        READ = "read"

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="marks")
    origin = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="marks")
    voice = models.CharField(max_length=80)
    is_new = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "kind", "voice"], name="mark_once"),
            models.CheckConstraint(condition=Q(kind__in=["vote", "save", "hide", "read"]), name="mark_of_a_kind"),
        ]
        indexes = [models.Index(fields=["account", "kind", "-id"], name="mark_of_reader")]


class FollowedTag(models.Model):
    """A reader wants to see what is new under a tag."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="followed_tags")
    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="followers")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "tag"], name="tag_followed_once")]


class ReaderState(models.Model):
    """Where an account stands as a reader; without a row all is at its beginning.

    `visited_at` is when it was last here, `left_at` when the visit before this one ended: what came since is new.
    `shows_name`: pages may say who sent in what this account submitted. `is_learning`: recommendations may remember what was read. `news` is the number of the event told last.
    """

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.CASCADE, related_name="reader_state")
    visited_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)
    shows_name = models.BooleanField(default=False)
    is_learning = models.BooleanField(default=True)
    is_welcomed = models.BooleanField(default=False)
    news = models.BigIntegerField(default=0)
