"""The places that content comes from."""

from django.db import models


class Source(models.Model):
    """A trusted place, the connector that reads it, and how its last reading went."""

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

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.title or self.name
