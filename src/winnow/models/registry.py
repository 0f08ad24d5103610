"""Trained models and what serves."""

from django.db import models
from django.db.models.functions import Now

from winnow.models.datasets import DatasetVersion


class ModelVersion(models.Model):
    """A trained model: its folder (relative to the home), hashes, policy and card. Immutable.

    What was measured of it stands in Evidence and nowhere else.
    """

    ref = models.CharField(max_length=40, unique=True)
    recipe = models.CharField(max_length=40)
    folder = models.CharField(max_length=200)
    manifest_sha256 = models.CharField(max_length=64)
    dataset = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="model_versions")
    dataset_sha256 = models.CharField(max_length=64)
    encoder_sha256 = models.CharField(max_length=64, blank=True)
    policy = models.JSONField()
    card = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.ref


class Deployment(models.Model):
    """What serves, in which role. Append-only: the newest row of a role is in force, so roll-back is one row."""

    class Role(models.TextChoices):
        CHAMPION = "champion"
        CHALLENGER = "challenger"
        SHADOW = "shadow"

    role = models.CharField(max_length=10, choices=Role.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="deployments")
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["role", "-id"], name="deployment_in_force")]
