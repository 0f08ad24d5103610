"""Frozen gold data."""

from django.db import models


class DatasetVersion(models.Model):
    """An immutable set of labelled works.

    `rows` is a list of {"item", "title", "description", "tag", "split"}; `split` is `train` or `certify`. A row that
    weighs more than another in training has a "weight" too.
    Each row has its provenance under "label": who (the number of an account), when, under which guideline, why asked,
    how probably. `checks` holds the findings of the expectations, and how many labels were left out and why.
    `sha256` is over the canonical JSON of the rows: the same labels freeze to the same hash.
    """

    version = models.CharField(max_length=20, unique=True)
    sha256 = models.CharField(max_length=64, unique=True)
    rows = models.JSONField()
    per_tag = models.JSONField()
    n = models.PositiveIntegerField()
    checks = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.version
