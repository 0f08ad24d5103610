"""Random audits, the certificates that rest on them, and the tags whose errors were too many."""

from django.db import models
from django.db.models.functions import Now

from winnow.models.items import Item
from winnow.models.registry import ModelVersion
from winnow.models.review import Label, ReviewTask


class Audit(models.Model):
    """An Item drawn at random from what one model would publish, to be labelled blind. Never changed.

    `tag` and `confidence` are what the model said when it was drawn; whether that was right is read from the labels.
    `probability` is that with which the draw took it; `floor` is the confidence from which on it was drawn.
    """

    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="audits")
    task = models.OneToOneField(ReviewTask, on_delete=models.CASCADE, related_name="audit")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="audits")
    tag = models.CharField(max_length=60)
    confidence = models.FloatField()
    probability = models.FloatField()
    floor = models.FloatField()
    drawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["item", "model_version"], name="one_audit_per_item_and_model"),
            models.CheckConstraint(
                condition=models.Q(probability__gt=0) & models.Q(probability__lte=1), name="audit_has_a_probability"
            ),
        ]


class Certification(models.Model):
    """What the audits of a model proved when they were last looked at. Append-only; the newest of a model is in force.

    It holds for the model of `model_sha256` and for the answers of `audits_sha256`, which are those given up to
    `last_label`: where either is another now, it is void. `policy` is what it lets be published, `per_tag` the
    certificates of the single tags. `look` counts the looks at this model; `risk` is what this one spent of delta.
    """

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="certifications")
    model_sha256 = models.CharField(max_length=64)
    audits_sha256 = models.CharField(max_length=64)
    last_label = models.PositiveBigIntegerField()
    n = models.PositiveIntegerField()
    look = models.PositiveIntegerField()
    risk = models.FloatField()
    policy = models.JSONField()
    per_tag = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["model_version", "look"], name="one_certification_per_look")]


class TagBurn(models.Model):
    """The audits of a tag have shown more errors than its promise allows: its budget is burnt. Written once.

    From then on the model publishes under this tag what it is surer of than `threshold` alone, and nothing where that
    is null. There is no way back but another model: that is a new epoch, with a budget of its own.
    `label` is the answer that burnt it, `wrong` of `n` audits were errors by then, and `allowed` is their share at most.
    """

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="burns")
    tag = models.CharField(max_length=60)
    label = models.ForeignKey(Label, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    wrong = models.PositiveIntegerField()
    n = models.PositiveIntegerField()
    allowed = models.FloatField()
    threshold = models.FloatField(null=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["model_version", "-id"], name="burns_of_a_model")]
