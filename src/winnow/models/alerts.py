"""What somebody must look at."""

from django.db import models


class Alert(models.Model):
    """Something that a person must look at, with what to do about it. At most one is open of each kind and subject.

    `says` and `remedy` are what was said last; `n` counts how often it was said while it has been open.
    """

    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=200, blank=True)
    says = models.CharField(max_length=500)
    remedy = models.CharField(max_length=500)
    n = models.PositiveIntegerField(default=1)
    opened_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject"], condition=models.Q(closed_at__isnull=True), name="one_open_alert"
            ),
        ]
        indexes = [models.Index(fields=["closed_at", "-id"], name="alert_newest")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}".strip()
