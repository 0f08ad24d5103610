"""What the worker read at an address that somebody is about to submit."""

from django.db import models


class LookUp(models.Model):
    """One reading of an address, for everybody who asks within the day; old ones are dropped.

    `key` is a hash of the canonical address. `done_at` is empty while the worker has not read it; `error` is the code of
    what went wrong there.
    """

    key = models.CharField(max_length=64, unique=True)
    url = models.CharField(max_length=2000)
    title = models.CharField(max_length=500, blank=True)
    description = models.TextField(blank=True)
    error = models.CharField(max_length=40, blank=True)
    asked_at = models.DateTimeField(db_index=True)
    done_at = models.DateTimeField(null=True)
