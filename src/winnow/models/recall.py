"""What was looked at because it may belong to a tag that it does not bear."""

from django.db import models

from winnow.models.items import Item
from winnow.models.review import ReviewTask
from winnow.models.taxonomy import Tag


class RecallDraw(models.Model):
    """An Item that people are asked about because it may belong to `tag`: in which way it was found, how probably drawn.

    `probability` is 1 where no chance was in it. Nobody is asked twice about one Item for one tag.
    """

    class Way(models.TextChoices):
        """In the order in which they choose."""

        REPORTED = "reported"
        NEAREST = "nearest"
        UNSURE = "unsure"
        RANDOM = "random"

    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="recall_draws")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="recall_draws")
    task = models.ForeignKey(ReviewTask, on_delete=models.CASCADE, related_name="recall_draws")
    way = models.CharField(max_length=10, choices=Way.choices)
    probability = models.FloatField()
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tag", "item"], name="recalled_once_per_tag"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="recall_draw_has_probability"
            ),
        ]
