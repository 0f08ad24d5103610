"""How often something was tried."""

from django.db import models


class Bucket(models.Model):
    """A count of one thing by one voice within one stretch of time.

    `key` is a keyed hash of what and who: the row tells neither names nor addresses.
    """

    key = models.CharField(max_length=64, unique=True)
    n = models.PositiveIntegerField(default=1)
    ends_at = models.DateTimeField(db_index=True)
