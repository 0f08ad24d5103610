"""The places that content comes from."""

from django.db import models


class Source(models.Model):
    """A place, the connector that reads it, how its last reading went, and whether its stream is trusted.

    What a source on probation brings goes to people; `probation_reason` says why. Where `is_held`, a person put it
    there and only a person ends it. `trust_changed_at` is empty for one that has never been trusted. `host` is whom its readings burden.
    `interval_seconds` is the pause between readings that its own rhythm asked for.
    """

    class Trust(models.TextChoices):
        PROBATION = "probation"
        TRUSTED = "trusted"

    name = models.SlugField(max_length=80, unique=True)
    kind = models.CharField(max_length=20)
    address = models.CharField(max_length=2000, unique=True)
    title = models.CharField(max_length=200, blank=True)
    is_active = models.BooleanField(default=True)
    cursor = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    fetched_at = models.DateTimeField(null=True)
    next_fetch_at = models.DateTimeField(null=True, db_index=True)
    n_failures = models.PositiveIntegerField(default=0)
    error_code = models.CharField(max_length=40, blank=True)
    error_message = models.CharField(max_length=500, blank=True)
    moved_to = models.CharField(max_length=2000, blank=True)
    host = models.CharField(max_length=255, blank=True, db_index=True)
    folder = models.CharField(max_length=200, blank=True)
    interval_seconds = models.FloatField(null=True)
    trust = models.CharField(max_length=10, choices=Trust.choices, default=Trust.PROBATION)
    probation_reason = models.CharField(max_length=500, blank=True)
    is_held = models.BooleanField(default=False)
    trust_changed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title or self.name


class Reading(models.Model):
    """One reading of a source: what it brought, as counts that its history is made of.

    `n_entries` were in the source, `n_new` of them had not been there before; the other counts are of the new ones.
    `counts` holds, by expectation, how many of the new entries have each property (see `ml.stream`).
    `delay_seconds` is the median time from an entry's own date to this reading. `broke` names what did not agree with
    the history; such a reading is no part of the history.
    """

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="readings")
    read_at = models.DateTimeField()
    error_code = models.CharField(max_length=40, blank=True)
    n_entries = models.PositiveIntegerField(default=0)
    n_new = models.PositiveIntegerField(default=0)
    counts = models.JSONField(default=dict)
    delay_seconds = models.FloatField(null=True)
    broke = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["source", "-id"], name="reading_latest")]
