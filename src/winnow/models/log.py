"""The public log."""

from django.db import models

from winnow.models.accounts import Account
from winnow.models.items import Item


class Event(models.Model):
    """Who did what, when. Append-only; `is_public` where it concerns content."""

    kind = models.CharField(max_length=40)
    account = models.ForeignKey(Account, null=True, on_delete=models.SET_NULL, related_name="+")
    item = models.ForeignKey(Item, null=True, on_delete=models.CASCADE, related_name="events")
    data = models.JSONField(default=dict)
    is_public = models.BooleanField(default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["item", "-id"], name="event_of_item")]
