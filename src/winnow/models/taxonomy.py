"""The approved tags."""

from django.db import models


class Tag(models.Model):
    """An approved class and its guideline. A tag that leaves the list is retired, never deleted."""

    slug = models.CharField(max_length=60, primary_key=True)
    name = models.CharField(max_length=80)
    short = models.CharField(max_length=30)
    description = models.CharField(max_length=300)
    belongs = models.TextField(blank=True)
    excludes = models.TextField(blank=True)
    hard = models.JSONField(default=list)
    typical = models.JSONField(default=list)
    position = models.PositiveSmallIntegerField()
    is_approved = models.BooleanField(default=True)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return self.name
