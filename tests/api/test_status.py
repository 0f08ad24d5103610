"""Alive, ready."""

from django.db import connection
from prometheus_client.parser import text_string_to_metric_families

from winnow.queries.metrics import LOOKS


def test_alive_and_ready(api):
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {"status": "ready"}


def test_not_ready_while_a_migration_is_missing(api):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'winnow'")
    answer = api.get("/readyz")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert api.get("/healthz").status_code == 200


def test_metrics_are_for_tokens_of_operators_and_read_as_prometheus_writes(api):
    assert [api.get("/metrics").status_code, api.as_token("review").get("/metrics").status_code] == [401, 403]
    answer = api.as_token("operator").get("/metrics")
    families = {family.name: family for family in text_string_to_metric_families(answer.content.decode())}
    assert answer["Content-Type"].startswith("text/plain; version=0.0.4")
    assert {f"winnow_{name}" for name in LOOKS} <= set(families)
