"""Whether readers find what they came for: counts by day, and what some of them said when they were asked."""

from django.db import models

from winnow.models.items import Item
from winnow.models.taxonomy import Tag


class DayCount(models.Model):
    """How often something happened on a day; who did it is kept nowhere."""

    day = models.DateField()
    what = models.CharField(max_length=30)
    n = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["day", "what"], name="one_count_a_day")]


class ItemViews(models.Model):
    """How often the page of an Item was opened."""

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="views")
    n = models.BigIntegerField(default=0)


class TagOpinion(models.Model):
    """What a reader, asked at random, said of the tag of a newly sorted Item: a proxy, no Label, and in no estimate of audits.

    `voice` is a hash that lives for a day, so that one voice counts once.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="opinions")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="opinions")
    is_right = models.BooleanField()
    voice = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["item", "voice"], name="opinion_once")]
