"""Figures of rows, and the files of deploy/ that name them."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from winnow.models import Alert, Job, Source
from winnow.queries.metrics import LOOKS, metrics

ROOT = Path(__file__).parents[2]
OF_REQUESTS = {"winnow_requests_total", "winnow_request_seconds_bucket"}


@pytest.fixture
def figures(db):
    return lambda: {metric.name: metric.values for metric in metrics()}


def test_without_rows_nothing_is_invented(figures):
    found = figures()
    assert set(found) == {f"winnow_{name}" for name in LOOKS}
    assert (
        found["winnow_precision_lower_bound"] == found["winnow_source_to_page_seconds"] == found["winnow_items"] == {}
    )
    assert found["winnow_budgets_burnt"] == {(): 0.0}


def test_jobs_are_due_running_or_parked(figures):
    now = timezone.now()
    Job.objects.create(kind="a", key="1", run_at=now - timedelta(seconds=100))
    Job.objects.create(kind="a", key="2", run_at=now, lease_until=now + timedelta(seconds=60))
    Job.objects.create(kind="a", key="3", run_at=now, parked_at=now)
    Job.objects.create(kind="a", key="4", run_at=now + timedelta(days=1))
    found = figures()
    assert {labels[0][1]: n for labels, n in found["winnow_jobs"].items()} == {"due": 1, "running": 1, "parked": 1}
    assert 100 <= found["winnow_job_oldest_seconds"][()] < 160


def test_sources_that_fail_are_counted(figures):
    Source.objects.create(name="a", kind="feed", address="https://a.example/", n_failures=2)
    Source.objects.create(name="b", kind="feed", address="https://b.example/", trust="trusted")
    Source.objects.create(name="c", kind="feed", address="https://c.example/", is_active=False, n_failures=1)
    assert {labels[0][1]: n for labels, n in figures()["winnow_sources"].items()} == {
        "in_use": 2, "failing": 1, "probation": 1,
    }  # fmt: skip


def test_open_alerts_are_counted_by_kind(figures):
    told = {"says": "x", "remedy": "y", "seen_at": timezone.now()}
    Alert.objects.create(kind="drift", **told)
    Alert.objects.create(kind="budget", closed_at=timezone.now(), **told)
    assert figures()["winnow_alerts_open"] == {(("kind", "drift"),): 1.0}


def test_works_are_counted_by_state_and_the_queue_by_reason(figures, make_item):
    make_item()
    assert sum(figures()["winnow_items"].values()) == 1.0


@pytest.mark.parametrize("file", ["deploy/prometheus/alerts.yml", "deploy/grafana/winnow.json"])
def test_the_files_of_deployment_name_metrics_that_exist(file):
    text = (ROOT / file).read_text()
    named = set(re.findall(r"\bwinnow_\w+", text))
    assert named <= {f"winnow_{name}" for name in LOOKS} | OF_REQUESTS
    assert len(named) > 5


def test_the_picture_of_grafana_shows_every_figure_but_the_finest():
    panels = json.loads((ROOT / "deploy/grafana/winnow.json").read_text())["panels"]
    assert len({panel["title"] for panel in panels}) == len(panels) == 12


def test_every_metric_is_documented_and_every_documented_one_exists():
    listed = re.findall(r"^\| `(\w+)` \|", (ROOT / "docs/reference/metrics.md").read_text(), re.MULTILINE)
    assert listed == ["winnow_requests_total", "winnow_request_seconds", *(f"winnow_{name}" for name in LOOKS)]
