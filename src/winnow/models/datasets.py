"""Frozen gold data."""

from django.db import models


class DatasetVersion(models.Model):
    """An immutable set of labelled works.

    `rows` is a list of {"item", "title", "description", "tag", "split"}; `split` is `train` or `certify`. A row that
    weighs more than another in training has a "weight" too, and rows that are one work its "work".
    Each row has its provenance under "label": who (the number of an account), when, under which guideline, why asked,
    how probably. `sha256` is over the canonical JSON of the rows: the same labels freeze to the same hash.
    `checks` holds what was found: {"looked_at": [check], "findings": [{"check", "message", "rows"}], "left_out": {why: n},
    "gone": {item of the version before: why}, "split": {"how", "n_works", "days": {tag: {split: [first, last]}}},
    "languages": {code: n}, "examples_sha256": {split: hash}}; by the last of these a measurement names the version that
    it was made on. Sets that were frozen earlier have less in it.
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
