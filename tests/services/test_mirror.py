"""The copy of the registry, kept by MLflow's own client in a store of its own."""

import subprocess
import sys

import pytest
from django.utils import timezone
from tests.queries.test_models import register

from winnow.core.errors import InputError
from winnow.models import Evidence, Job, ModelVersion
from winnow.services.doctor import examine
from winnow.services.jobs import PutOffError, claim_job, enqueue, finishing, put_off
from winnow.services.mirror import EVERY, KIND, NAME, REF, client_of, is_due, mirror_registry

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(tmp_path, monkeypatch):
    """An MLflow store in a folder: the client is the same for it and for a server."""
    monkeypatch.setenv("MLFLOW_ALLOW_FILE_STORE", "true")
    return (tmp_path / "mlflow").as_uri()


@pytest.fixture
def there(place):
    return client_of(place)


def measure(version, metric="precision", scope="tag:mlops", value=0.9, code="c1"):
    hashes = {"dataset_sha256": "d", "policy_sha256": "p", "code_sha256": code, "model_sha256": version.manifest_sha256}
    return Evidence.objects.create(
        metric=metric, scope=scope, value=value, low=value - 0.1, high=value + 0.05, n=200, method="held out", **hashes
    )


def runs(there):
    return {run.data.tags[REF]: run for run in there.search_runs([there.get_experiment_by_name(NAME).experiment_id])}


def aliases(there):
    found = there.get_registered_model(NAME).aliases
    return {role: there.get_model_version(NAME, number).tags[REF] for role, number in found.items()}


def test_models_come_with_hashes_figures_gate_and_role(place, there, deployed):
    a, b = register("a"), register("b")
    measure(a)
    deployed(a)
    deployed(b, "shadow")
    done = mirror_registry(place)
    assert (done.models, done.figures, sorted(done.roles)) == (2, 1, ["champion", "shadow"])
    found = runs(there)["a"]
    assert found.info.status == "FINISHED"
    assert found.data.params["manifest_sha256"] == "aa"
    assert found.data.metrics["precision tag:mlops"] == pytest.approx(0.9)
    assert found.data.metrics["precision tag:mlops.low"] == pytest.approx(0.8)
    assert found.data.metrics["precision tag:mlops.n"] == 200
    assert found.data.tags["winnow.gate"] == "passed as champion"
    assert aliases(there) == {"champion": "a", "shadow": "b"}


def test_twice_is_once_and_later_figures_and_roles_follow(place, there, deployed):
    a, b = register("a"), register("b")
    deployed(a)
    mirror_registry(place)
    again = mirror_registry(place)
    assert (again.models, again.figures, again.roles) == (0, 0, [])
    measure(a, value=0.7, code="c2")
    deployed(b)
    later = mirror_registry(place)
    assert (later.models, later.figures, later.roles) == (0, 1, ["champion"])
    assert aliases(there) == {"champion": "b"}
    assert runs(there)["a"].data.metrics["precision tag:mlops"] == pytest.approx(0.7)
    assert len(there.search_model_versions(f"name='{NAME}'")) == 2


def test_a_role_that_nobody_holds_is_taken_off(place, there, deployed):
    a = register("a")
    deployed(a)
    deployed(register("b"), "challenger", share=0.5)
    mirror_registry(place)
    deployed(ModelVersion.objects.get(ref="b"), "challenger", share=0.0)
    assert mirror_registry(place).roles == ["challenger"]
    assert aliases(there) == {"champion": "a"}


def test_what_was_broken_off_is_finished_the_next_time(place, there):
    a = register("a")
    measure(a)
    experiment = there.create_experiment(NAME)
    begun = there.create_run(experiment, run_name="a", tags={REF: "a"})
    done = mirror_registry(place)
    assert (done.models, done.figures) == (1, 1)
    (run,) = there.search_runs([experiment])
    assert (run.info.run_id, run.info.status, run.data.params["recipe"]) == (begun.info.run_id, "FINISHED", "dummy")


def test_nothing_there_changes_anything_here(place, there, deployed):
    a, b = register("a"), register("b")
    deployed(a)
    mirror_registry(place)
    number = next(one.version for one in there.search_model_versions(f"name='{NAME}'") if one.tags[REF] == b.ref)
    there.set_registered_model_alias(NAME, "champion", number)
    assert mirror_registry(place).roles == ["champion"]
    assert aliases(there) == {"champion": "a"}


def test_it_is_due_where_a_place_is_named_and_an_hour_has_passed(settings):
    assert not is_due()
    settings.MLFLOW_URI = "file:///tmp"
    assert is_due()
    enqueue(KIND, "")
    with finishing(claim_job(holder="w", kinds=[KIND])):
        pass
    assert not is_due()


def test_a_place_that_is_away_is_asked_again_in_an_hour_and_the_doctor_says_why(settings):
    settings.MLFLOW_URI = "http://127.0.0.1:9"
    register("a")
    enqueue(KIND, "")
    job = claim_job(holder="w", kinds=[KIND])
    with pytest.raises(PutOffError, match="MLflow: ") as refused:
        mirror_registry(settings.MLFLOW_URI)
    put_off(job, refused.value)
    (found,) = [finding for finding in examine() if finding.subject == "mirror"]
    assert (found.is_well, "could not be copied: MLflow: " in found.found) == (False, True)
    assert Job.objects.get(kind=KIND).run_at > timezone.now() + EVERY / 2


def test_its_client_tells_nobody_that_it_is_used():
    look = (
        "import django; django.setup()\n"
        "from winnow.services.mirror import client_of; client_of('http://127.0.0.1:9')\n"
        "from mlflow.telemetry import get_telemetry_client; print(get_telemetry_client())"
    )
    command = [sys.executable, "-c", look]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.strip() == "None"


def test_without_its_client_it_says_what_to_install(monkeypatch, place):
    monkeypatch.setattr("winnow.services.mirror.find_spec", lambda name: None)
    with pytest.raises(InputError, match="pip install 'mlflow-skinny'"):
        mirror_registry(place)
