"""What was measured of a model."""

from winnow.models import Evidence, ModelVersion


def evidence_of(version: ModelVersion) -> list[Evidence]:
    """Every figure of exactly this model, newest first within a metric and scope."""
    rows = Evidence.objects.filter(model_sha256=version.manifest_sha256)
    return list(rows.order_by("metric", "scope", "-pk"))
