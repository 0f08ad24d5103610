"""What was measured of a model."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from winnow.models import Evidence, ModelVersion


@dataclass(frozen=True, slots=True)
class Measurement:
    """The figures of one run: one method, on one data set, of one model under one policy, by one state of the code."""

    method: str
    dataset_sha256: str
    policy_sha256: str
    code_sha256: str
    created_at: datetime
    rows: Sequence[Evidence]

    def of(self, metric: str, prefix: str = "") -> list[tuple[str, Evidence]]:
        """The figures of a metric whose scope begins with `prefix`, by the rest of the scope, in its order."""
        own = (row for row in self.rows if row.metric == metric and row.scope.startswith(prefix))
        return [(row.scope.removeprefix(prefix), row) for row in own]


def evidence_of(version: ModelVersion) -> list[Evidence]:
    """Every figure of exactly this model, newest first within a metric and scope."""
    rows = Evidence.objects.filter(model_sha256=version.manifest_sha256)
    return list(rows.order_by("metric", "scope", "-pk"))


def measurements_of(version: ModelVersion) -> list[Measurement]:
    """The figures of exactly this model by the run that they came from, newest first."""
    runs: dict[tuple[str, str, str, str], list[Evidence]] = {}
    for row in evidence_of(version):
        runs.setdefault((row.method, row.dataset_sha256, row.policy_sha256, row.code_sha256), []).append(row)
    found = [Measurement(*run, max(row.created_at for row in rows), rows) for run, rows in runs.items()]
    return sorted(found, key=lambda run: max(row.pk for row in run.rows), reverse=True)


def measured_on(sha256: str) -> list[tuple[ModelVersion, Evidence]]:
    """The accuracy of every model that was measured on these works, the newest measurement of each, newest model first."""
    if not sha256:
        return []
    rows = Evidence.objects.filter(dataset_sha256=sha256, metric="accuracy", scope="").order_by("pk")
    newest = {row.model_sha256: row for row in rows}
    versions = ModelVersion.objects.filter(manifest_sha256__in=newest).order_by("-pk")
    return [(version, newest[version.manifest_sha256]) for version in versions]
