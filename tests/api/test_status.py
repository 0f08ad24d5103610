"""Alive, ready."""

from django.db import connection


def test_alive_and_ready(api):
    assert api.get("/healthz").json() == {"status": "ok"}
    assert api.get("/readyz").json() == {"status": "ready"}


def test_not_ready_while_a_migration_is_missing(api):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'winnow'")
    answer = api.get("/readyz")
    assert (answer.status_code, answer["Content-Type"]) == (503, "application/problem+json")
    assert api.get("/healthz").status_code == 200
