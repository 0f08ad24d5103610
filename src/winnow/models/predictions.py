"""What classifiers said, stored."""

from django.db import models

from winnow.models.items import Item
from winnow.models.registry import ModelVersion


class Prediction(models.Model):
    """One answer of one model version for one Item, with what the policy made of it.

    `words` holds the words that counted, as [word, change of the probability] pairs, once they are worked out.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="predictions")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="predictions")
    tag = models.CharField(max_length=60, blank=True)
    confidence = models.FloatField()
    probabilities = models.JSONField()
    action = models.CharField(max_length=10)
    reasons = models.JSONField(default=list)
    words = models.JSONField(null=True)
    latency_ms = models.FloatField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="prediction_latest")]
