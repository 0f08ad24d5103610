"""Stored measurements."""

from django.db import models


class Evidence(models.Model):
    """One figure that was measured: of what, on what, by what, with n and interval. Written once, never changed.

    `scope` is empty for the whole, else a tag or a named slice. `model_sha256`, `dataset_sha256`, `policy_sha256` and
    `code_sha256` say what exactly it holds for: when one of them changes it is evidence of the past.
    """

    metric = models.CharField(max_length=60)
    scope = models.CharField(max_length=120, blank=True)
    value = models.FloatField()
    low = models.FloatField()
    high = models.FloatField()
    n = models.PositiveIntegerField()
    method = models.CharField(max_length=200)
    model_sha256 = models.CharField(max_length=64)
    dataset_sha256 = models.CharField(max_length=64)
    policy_sha256 = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["metric", "scope", "model_sha256", "dataset_sha256", "policy_sha256", "code_sha256"],
                name="evidence_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.metric} {self.scope}".strip()
