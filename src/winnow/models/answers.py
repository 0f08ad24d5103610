"""Answers that were given once and are given again for the same key."""

from django.db import models


class StoredAnswer(models.Model):
    """What a writing call answered under its Idempotency-Key; `caller` keeps one client's keys from another's."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    request_sha256 = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    body = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="one_answer_per_key")]
