"""The content that is held, whether it is shown or not."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.registry import ModelVersion
from winnow.models.sources import Source
from winnow.models.taxonomy import Tag


class Item(models.Model):
    """One piece of content. Only `services/publish.py` writes `state` and `tag`.

    `dated_at` is the date of the work or its entry, never later than its arrival; lists sort by it.
    `resembles` is an Item that this one may be a copy of: a person decides before it is shown.
    `likely_tag` is the classifier's first choice, whatever was decided; the queue counts by it.
    `links` are other addresses of the same work, as its source gave them; `moved_to` is where its own address leads for good.
    `keys_version` says which rules its stored names were made by; `services/rekey.py` makes old ones again.
    `score` is what is made of it here and elsewhere, `hotness` the same with its date, and `heat` what both came from;
    `services/rank.py` writes the three.
    `vector` is the encoder's answer as float32 bytes, with the hash of the encoder that gave it.
    """

    class State(models.TextChoices):
        ADMITTED = "admitted"
        DUPLICATE = "duplicate"
        REJECTED = "rejected"
        IN_REVIEW = "in_review"
        PUBLISHED = "published"
        REMOVED = "removed"

    class Reason(models.TextChoices):
        """Why an Item is withheld."""

        DUPLICATE = "duplicate"
        OFF_TOPIC = "off_topic"
        SPAM = "spam"
        INVALID = "invalid"

    class DecidedBy(models.TextChoices):
        MODEL = "model"
        PERSON = "person"

    source = models.ForeignKey(Source, null=True, on_delete=models.PROTECT, related_name="items")
    submitted_by = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="submissions")
    external_id = models.CharField(max_length=64)
    url = models.CharField(max_length=2000, blank=True)
    site = models.CharField(max_length=255, blank=True)
    title = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    author = models.CharField(max_length=300, blank=True)
    dated_at = models.DateTimeField()
    admitted_at = models.DateTimeField(auto_now_add=True)

    state = models.CharField(max_length=10, choices=State.choices)
    reason = models.CharField(max_length=10, choices=Reason.choices, blank=True)
    reason_detail = models.CharField(max_length=500, blank=True)
    duplicate_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="duplicates")
    resembles = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    tag = models.ForeignKey(Tag, null=True, on_delete=models.PROTECT, related_name="items")
    likely_tag = models.ForeignKey(Tag, null=True, on_delete=models.PROTECT, related_name="+")
    confidence = models.FloatField(null=True)
    decided_by = models.CharField(max_length=10, choices=DecidedBy.choices, blank=True)
    model_version = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="items")
    published_at = models.DateTimeField(null=True)
    score = models.FloatField(default=1)
    hotness = models.FloatField(default=0)
    heat = models.JSONField(default=dict)

    moved_to = models.CharField(max_length=2000, blank=True)
    links = models.JSONField(default=list)
    keys_version = models.PositiveIntegerField(default=0)

    vector = models.BinaryField(null=True)
    encoder_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "external_id"], name="item_once_per_source"),
            models.CheckConstraint(
                condition=~models.Q(state="published") | models.Q(tag__isnull=False), name="published_item_has_tag"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="duplicate") | models.Q(duplicate_of__isnull=False),
                name="duplicate_item_names_its_face",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="rejected") | ~models.Q(reason=""), name="rejected_item_has_reason"
            ),
        ]
        indexes = [
            # With the score, so that the best of a month is found without reading each of its works.
            models.Index(fields=["state", "-dated_at", "-id", "score"], name="item_recent_scored"),
            models.Index(fields=["tag", "state", "-dated_at", "-id", "score"], name="item_recent_in_tag_scored"),
            models.Index(fields=["state", "-admitted_at", "-id"], name="item_newest_of_state"),
            models.Index(fields=["tag", "state", "-hotness", "-id"], name="item_hot_in_tag"),
            models.Index(fields=["tag", "state", "-published_at"], name="item_published_in_tag"),
            models.Index(fields=["state", "-hotness", "-id"], name="item_hot"),
            models.Index(fields=["state", "-score", "-id"], name="item_best"),
            models.Index(fields=["source", "-id"], name="item_newest_of_source"),
            models.Index(fields=["source", "state"], name="item_of_source_by_state"),
            models.Index(fields=["state", "likely_tag"], name="item_waiting_by_tag"),
            models.Index(fields=["state", "reason", "-id"], name="item_withheld"),
            models.Index(fields=["keys_version", "id"], name="item_keys_version"),
        ]

    # What a reader in an experiment sees instead of `tag` on one page (`web/arms.py`); it is never stored.
    seen_tag: Tag | None = None

    def __str__(self) -> str:
        return self.title or self.url or f"item {self.pk}"

    @property
    def shown_tag(self) -> Tag | None:
        """The tag that a page shows."""
        return self.seen_tag or self.tag


class ItemKey(models.Model):
    """A name of the work behind an Item. A key belongs to one Item, who brought it first, whether face or copy.

    A copy keeps its names; they lead to its face for as long as it is one.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="keys")
    key = models.CharField(max_length=500, unique=True)

    def __str__(self) -> str:
        return self.key


class Signal(models.Model):
    """What another place makes of an Item (points, stars, comments), as it stood when it was last read there."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="signals")
    name = models.CharField(max_length=20)
    value = models.FloatField()
    read_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "name"], name="signal_once")]


class ItemBlock(models.Model):
    """A key under which works that may be one are found (`ml/blocking.py`); many Items may bear the same."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="blocks")
    block = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["block", "-item"], name="block_newest")]


class Apart(models.Model):
    """A person said that two Items are two works: nothing merges or proposes them again. `item` has the lower number."""

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "other"], name="told_apart_once"),
            models.CheckConstraint(condition=models.Q(item__lt=models.F("other")), name="apart_in_order"),
        ]
