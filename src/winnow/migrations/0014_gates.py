"""Gate decisions, training runs, and what a deployment rests on.

What serves already goes on serving: each of those models gets a decision that says so, for it was deployed before there
were gates. Nothing else ever passes without them.
"""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import Q
from django.db.models.functions import Now

HASHES = ("model_sha256", "dataset_sha256", "policy_sha256", "code_sha256")
ROLES = [("champion", "Champion"), ("challenger", "Challenger"), ("shadow", "Shadow")]
VERDICTS = [("passed", "Passed"), ("failed", "Failed"), ("not enough evidence", "Insufficient")]
WAIVED = [{"name": "before gates", "verdict": "waived", "says": "served before there were gates", "missing": {}}]


def give_gates(apps, schema_editor):
    Deployment, GateDecision = (apps.get_model("winnow", name) for name in ("Deployment", "GateDecision"))
    gates, alias = {}, schema_editor.connection.alias
    for deployment in Deployment.objects.using(alias).select_related("model_version").order_by("pk"):
        version = deployment.model_version
        key = (version.pk, deployment.role)
        if key not in gates:
            gates[key] = GateDecision.objects.using(alias).create(
                model_version=version,
                role=deployment.role,
                verdict="passed",
                checks=WAIVED,
                model_sha256=version.manifest_sha256,
                dataset_sha256=version.dataset_sha256,
                policy_sha256="",
                code_sha256="",
            )
        deployment.gate = gates[key]
        for name in HASHES:
            setattr(deployment, name, getattr(gates[key], name))
        deployment.save()
    if schema_editor.connection.vendor == "postgresql":
        # A table is not altered while constraints on its rows are still to be looked at.
        schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def leave(apps, schema_editor):
    """Going back drops the tables and with them all that this filled in."""


class Migration(migrations.Migration):
    dependencies = [("winnow", "0010_settled")]

    operations = [
        migrations.CreateModel(
            name="TrainingRun",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("recipe", models.JSONField()),
                ("is_draft", models.BooleanField(default=False)),
                ("dataset_sha256", models.CharField(max_length=64)),
                ("encoder_sha256", models.CharField(blank=True, max_length=64)),
                ("code_sha256", models.CharField(max_length=64)),
                ("seconds", models.FloatField()),
                ("created_at", models.DateTimeField(db_default=Now())),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="runs", to="winnow.modelversion"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="GateDecision",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("role", models.CharField(choices=ROLES, max_length=10)),
                ("verdict", models.CharField(choices=VERDICTS, max_length=20)),
                ("checks", models.JSONField()),
                *((name, models.CharField(max_length=64)) for name in HASHES),
                ("created_at", models.DateTimeField(db_default=Now())),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="gate_decisions",
                        to="winnow.modelversion",
                    ),
                ),
                (
                    "compared_with",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="winnow.modelversion",
                    ),
                ),
            ],
        ),
        *(
            migrations.AddField("deployment", name, models.CharField(default="", max_length=64), preserve_default=False)
            for name in HASHES
        ),
        migrations.AddField("deployment", "share", models.FloatField(default=1.0)),
        migrations.AddField(
            "deployment",
            "takes_back",
            models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="taken_back_by",
                to="winnow.deployment",
            ),
        ),
        migrations.AddField(
            "deployment",
            "gate",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="deployments",
                to="winnow.gatedecision",
            ),
        ),
        migrations.RunPython(give_gates, leave),
        migrations.AlterField(
            "deployment",
            "gate",
            models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="deployments", to="winnow.gatedecision"
            ),
        ),
        migrations.AddConstraint(
            "deployment",
            models.CheckConstraint(condition=Q(role__in=[role for role, _ in ROLES]), name="deployment_has_a_role"),
        ),
        migrations.AddConstraint(
            "deployment",
            models.CheckConstraint(condition=Q(share__gte=0) & Q(share__lte=1), name="deployment_has_a_share"),
        ),
        migrations.AddConstraint(
            "deployment",
            models.CheckConstraint(condition=~Q(role="champion") | Q(share=1), name="a_champion_serves_the_whole"),
        ),
    ]
