"""Work for later, with lease and fencing token."""

from django.db import models


class Job(models.Model):
    """A unit of work. Who claims it raises `token`; whoever finishes must still hold that token.

    One unfinished job per (kind, key): asking twice is asking once.
    """

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=100)
    payload = models.JSONField(default=dict)
    run_at = models.DateTimeField()
    holder = models.CharField(max_length=100, blank=True)
    token = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True)
    n_attempts = models.PositiveIntegerField(default=0)
    error = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    parked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "key"], condition=models.Q(done_at__isnull=True), name="one_unfinished_job_per_key"
            ),
        ]
        # By the first SQLite finds the next job. PostgreSQL does not take "is null" for a beginning of it, and has the second.
        indexes = [
            models.Index(fields=["done_at", "parked_at", "run_at", "id"], name="job_due"),
            models.Index(fields=["run_at", "id"], condition=models.Q(done_at=None, parked_at=None), name="job_next"),
        ]
