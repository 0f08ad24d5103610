"""What was found when new works were compared with those before them."""

from django.db import models
from django.db.models.functions import Now

from winnow.models.sources import Source


class DriftCheck(models.Model):
    """One look of one monitor: the works of `begins` to `ends` against those before them. Written once.

    A monitor is a measure and a source, or all sources together where none is named. `statistic` is how far they are
    apart, `p_value` the share of `n_permutations` shufflings that are as far apart at least. `alpha` is what this look
    may spend of the year's false alarms; it alarms where `p_value` is at most that. The monitor of audits is a test that
    may be looked at always: there `statistic` is the evidence of a drop, `p_value` bounds the chance of that much within
    a year, and `n_before` and `n_now` are audits before and since a drop most likely began.
    """

    measure = models.CharField(max_length=20)
    source = models.ForeignKey(Source, null=True, on_delete=models.CASCADE, related_name="drift_checks")
    begins = models.DateTimeField()
    ends = models.DateTimeField()
    n_before = models.PositiveIntegerField()
    n_now = models.PositiveIntegerField()
    statistic = models.FloatField()
    p_value = models.FloatField()
    alpha = models.FloatField()
    n_permutations = models.PositiveIntegerField()
    is_alarm = models.BooleanField()
    says = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["measure", "source", "-id"], name="drift_newest")]
