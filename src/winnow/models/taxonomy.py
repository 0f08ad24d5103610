"""The approved tags."""

from django.db import models


class Tag(models.Model):
    """An approved class and its guideline. A tag that leaves the list is retired, never deleted.

    `settled` are cases on which people disagreed and somebody decided here: {"item", "case", "why"}.
    """

    slug = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=30)
    description = models.CharField(max_length=300)
    belongs = models.TextField(blank=True)
    excludes = models.TextField(blank=True)
    hard = models.JSONField(default=list)
    typical = models.JSONField(default=list)
    settled = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()
    is_approved = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name


class Guideline(models.Model):
    """One version of the rules for applying a Tag, as people read them when they labelled; its text never changes.

    Once some of the labels under the version before were asked for again, `rejudged_at` says when.
    `text` holds the fields of the Tag that rule: description, belongs, excludes, hard, typical, settled.
    """

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.JSONField()
    rejudged_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tag", "version"], name="guideline_version_once")]
        ordering = ["tag", "version"]

    def __str__(self) -> str:
        return f"{self.tag_id}, version {self.version}"
