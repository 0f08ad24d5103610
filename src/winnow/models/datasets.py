"""Frozen gold data."""

from django.db import models


class DatasetVersion(models.Model):
    """An immutable set of labelled works.

    `rows` is a list of {"item", "title", "description", "tag", "split"}; `split` is `train` or `certify`. A row that
    weighs more than another in training has a "weight" too.
    `sha256` is over the canonical JSON of the rows: the same labels freeze to the same hash.
    """

    version = models.CharField(max_length=20, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    rows = models.JSONField()
    per_tag = models.JSONField()
    n = models.PositiveIntegerField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.version
