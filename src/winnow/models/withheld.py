"""The random audit of what was withheld."""

from django.db import models

from winnow.models.items import Item
from winnow.models.review import ReviewTask


class WithheldDraw(models.Model):
    """A withheld Item that chance chose to be looked at, and how likely that was.

    `round` numbers the draws; each considers what was withheld since the one before, so that an Item is considered
    once. `population` is how many it considered under `reason`, `probability` the share that it took of them.
    """

    item = models.OneToOneField(Item, on_delete=models.CASCADE, related_name="withheld_draw")
    task = models.OneToOneField(ReviewTask, on_delete=models.CASCADE, related_name="withheld_draw")
    round = models.PositiveIntegerField()
    reason = models.CharField(max_length=10, choices=Item.Reason.choices)
    population = models.PositiveIntegerField()
    probability = models.FloatField()
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(probability__gt=0, probability__lte=1), name="withheld_draw_has_probability"
            ),
        ]
        indexes = [models.Index(fields=["reason", "round"], name="withheld_draw_round")]
