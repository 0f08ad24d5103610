"""Trained models, what let them serve, and what serves."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from winnow.models.datasets import DatasetVersion


class ModelVersion(models.Model):
    """A trained model: its folder (relative to the home), hashes, policy and card. Immutable.

    What was measured of it stands in Evidence and nowhere else.
    """

    ref = models.CharField(max_length=40, unique=True)
    recipe = models.CharField(max_length=40)
    folder = models.CharField(max_length=200)
    manifest_sha256 = models.CharField(max_length=64)
    dataset = models.ForeignKey(DatasetVersion, null=True, on_delete=models.PROTECT, related_name="model_versions")
    dataset_sha256 = models.CharField(max_length=64)
    encoder_sha256 = models.CharField(max_length=64, blank=True)
    policy = models.JSONField()
    card = models.JSONField()
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.ref


class TrainingRun(models.Model):
    """One training of a model: the recipe in full and the hashes of all that went in. Training again adds a row."""

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="runs")
    recipe = models.JSONField()
    is_draft = models.BooleanField(default=False)
    dataset_sha256 = models.CharField(max_length=64)
    encoder_sha256 = models.CharField(max_length=64, blank=True)
    code_sha256 = models.CharField(max_length=64)
    seconds = models.FloatField()
    created_at = models.DateTimeField(db_default=Now())


class DeploymentRole(models.TextChoices):
    """What a model serves as."""

    CHAMPION = "champion"
    CHALLENGER = "challenger"
    SHADOW = "shadow"


class DeploymentStage(models.TextChoices):
    """How far a model has come on its way to readers; each stage belongs to one role."""

    SHADOW = "shadow"
    STAFF = "staff"
    INTERNAL = "internal"
    CANARY = "canary"
    AB = "ab"
    CHAMPION = "champion"


# The role in which a model serves at each stage. Up to `internal` it decides nothing.
ROLE_OF_STAGE = {
    DeploymentStage.SHADOW: DeploymentRole.SHADOW,
    DeploymentStage.STAFF: DeploymentRole.SHADOW,
    DeploymentStage.INTERNAL: DeploymentRole.SHADOW,
    DeploymentStage.CANARY: DeploymentRole.CHALLENGER,
    DeploymentStage.AB: DeploymentRole.CHALLENGER,
    DeploymentStage.CHAMPION: DeploymentRole.CHAMPION,
}
# At which stage it is where only the role is said.
FIRST_STAGE = {
    DeploymentRole.SHADOW: DeploymentStage.SHADOW,
    DeploymentRole.CHALLENGER: DeploymentStage.CANARY,
    DeploymentRole.CHAMPION: DeploymentStage.CHAMPION,
}


def _fits_role(role: str) -> Q:
    """Stages of a role; none is said of what served before there were stages."""
    return Q(role=role, stage__in=["", *(stage.value for stage, own in ROLE_OF_STAGE.items() if own == role)])


class GateDecision(models.Model):
    """What the gates said of one model for one role: exactly this model, data, policy and code. Never changed.

    `checks` holds a row a gate, as {"name", "verdict", "says", "missing"}. `compared_with` is the champion that it was
    held against; none for a first model. The database lets nothing serve without a row that passed (`models/guards.py`).
    """

    class Verdict(models.TextChoices):
        PASSED = "passed"
        FAILED = "failed"
        INSUFFICIENT = "not enough evidence"

    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="gate_decisions")
    role = models.CharField(max_length=10, choices=DeploymentRole.choices)
    verdict = models.CharField(max_length=20, choices=Verdict.choices)
    checks = models.JSONField()
    compared_with = models.ForeignKey(ModelVersion, null=True, on_delete=models.PROTECT, related_name="+")
    model_sha256 = models.CharField(max_length=64)
    dataset_sha256 = models.CharField(max_length=64)
    policy_sha256 = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.model_version_id} as {self.role}: {self.verdict}"


class Deployment(models.Model):
    """What serves, in which role, for which share. Append-only: the newest row of a role is in force.

    A row that takes another back names it, so that taking back twice goes back two. A share of 0 serves nothing. The
    hashes are those of its gate: the database compares them, and refuses what differs, is changed or is deleted.
    """

    Role = DeploymentRole

    role = models.CharField(max_length=10, choices=DeploymentRole.choices)
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="deployments")
    gate = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="deployments")
    share = models.FloatField(default=1.0)
    stage = models.CharField(max_length=10, choices=DeploymentStage.choices, blank=True, db_default="")
    model_sha256 = models.CharField(max_length=64)
    dataset_sha256 = models.CharField(max_length=64)
    policy_sha256 = models.CharField(max_length=64)
    code_sha256 = models.CharField(max_length=64)
    takes_back = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="taken_back_by")
    reason = models.CharField(max_length=300)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes = [models.Index(fields=["role", "-id"], name="deployment_in_force")]
        constraints = [
            models.CheckConstraint(condition=Q(role__in=DeploymentRole.values), name="deployment_has_a_role"),
            models.CheckConstraint(condition=Q(share__gte=0) & Q(share__lte=1), name="deployment_has_a_share"),
            models.CheckConstraint(
                condition=~Q(role=DeploymentRole.CHAMPION) | Q(share=1), name="a_champion_serves_the_whole"
            ),
            models.CheckConstraint(
                condition=_fits_role("champion") | _fits_role("challenger") | _fits_role("shadow"),
                name="a_stage_fits_its_role",
            ),
        ]

    @property
    def stage_name(self) -> str:
        """The stage, also of what served before there were stages."""
        return self.stage or FIRST_STAGE[DeploymentRole(self.role)].value
