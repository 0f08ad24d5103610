"""A copy of the registry in MLflow, for those who keep their other models there. One way: nothing there changes anything here.

Each model is a run with its hashes, figures and gates, and a version of the registered model `winnow`; what serves bears
its role as an alias. MLflow's client opens its own connections, to the one place that the operator names, as the driver
of a database does. It is installed besides: `pip install 'mlflow-skinny>=3.17'`.
"""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.models import Deployment, Evidence, GateDecision, Job, ModelVersion
from winnow.queries.models import model_rows
from winnow.services.jobs import PutOffError

KIND = "mirror"
EVERY = timedelta(hours=1)
NAME = "winnow"
REF, LAST_EVIDENCE = "winnow.ref", "winnow.evidence"
PER_CALL = 900  # MLflow takes a thousand figures at once
PER_PAGE = 1000
# The client would otherwise ask a place that is away for many minutes, and all other work would wait.
_CLIENT = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": "10",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
}
_NO_NAME = re.compile(r"[^\w\-. /:]")


@dataclass(slots=True)
class Mirrored:
    """What was new there: models, figures, and roles that went to another model."""

    models: int = 0
    figures: int = 0
    roles: list[str] = field(default_factory=list)


def is_due() -> bool:
    """Whether an hour has passed, where a place is named."""
    if not settings.MLFLOW_URI:
        return False
    last = Job.objects.filter(kind=KIND).aggregate(at=Max("done_at"))["at"]
    return last is None or last + EVERY <= timezone.now()


def mirror_registry(uri: str) -> Mirrored:
    """Bring the copy up to date; what is there stays. Killed in between, the next time goes on.

    Raises InputError where the client is not installed, and PutOffError where the place refuses or does not answer: it
    may be away for days, and is asked again each hour.
    """
    client = client_of(uri)
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - an extra

    try:
        mirror = _Mirror(client)
        for version in ModelVersion.objects.order_by("pk"):
            mirror.show(version)
        mirror.name_what_serves()
    except MlflowException as error:
        raise PutOffError(f"MLflow: {error}", until=timezone.now() + EVERY) from error
    return mirror.done


def trouble() -> str:
    """Why the copy waits, or ""."""
    return Job.objects.filter(kind=KIND, done_at=None).values_list("error", flat=True).first() or ""


def client_of(uri: str) -> Any:
    """MLflow's client, which tells nobody that it is used. Raises InputError where it is not installed."""
    if find_spec("mlflow") is None:
        raise InputError("WINNOW_MLFLOW_URI is set and MLflow's client is not installed: pip install 'mlflow-skinny'")
    # Read when it is imported.
    os.environ |= _CLIENT
    from mlflow.tracking import MlflowClient  # noqa: PLC0415 - an extra, and seven seconds to import

    return MlflowClient(tracking_uri=uri, registry_uri=uri)


class _Mirror:
    """What is there, asked once, and what is to be added."""

    def __init__(self, client: Any) -> None:
        self.done = Mirrored()
        self._client = client
        found = client.get_experiment_by_name(NAME)
        self._experiment = found.experiment_id if found else client.create_experiment(NAME)
        if not client.search_registered_models(f"name='{NAME}'"):
            client.create_registered_model(NAME, description="Copied from Winnow; changes here change nothing there.")
        self._runs = {run.data.tags.get(REF): run for run in self._all_runs()}
        self._versions = {found.tags.get(REF): found for found in self._all_versions()}

    def show(self, version: ModelVersion) -> None:
        run = self._runs.get(version.ref) or self._begin(version)
        self._add_figures(version, run)
        if run.info.status == "RUNNING":
            self._finish(version, run)
        if version.ref not in self._versions:
            tags = {REF: version.ref, "winnow.manifest_sha256": version.manifest_sha256}
            self._versions[version.ref] = self._client.create_model_version(
                NAME, source=run.info.artifact_uri, run_id=run.info.run_id, tags=tags
            )
            self.done.models += 1

    def name_what_serves(self) -> None:
        """Aliases are roles: set where a model serves, removed where none does."""
        wanted = {row.role: str(self._versions[row.ref].version) for row in model_rows() if row.role}
        there = {alias: str(number) for alias, number in self._client.get_registered_model(NAME).aliases.items()}
        for role in Deployment.Role.values:
            if wanted.get(role) == there.get(role):
                continue
            if role in wanted:
                self._client.set_registered_model_alias(NAME, role, wanted[role])
            else:
                self._client.delete_registered_model_alias(NAME, role)
            self.done.roles.append(role)

    def _begin(self, version: ModelVersion) -> Any:
        return self._client.create_run(
            self._experiment, start_time=_ms(version.created_at), run_name=version.ref, tags={REF: version.ref}
        )

    def _finish(self, version: ModelVersion, run: Any) -> None:
        """What never changes of a model. The same once more is taken by MLflow without a word."""
        for name in ("recipe", "dataset_sha256", "encoder_sha256", "manifest_sha256"):
            self._client.log_param(run.info.run_id, name, getattr(version, name))
        self._client.set_terminated(run.info.run_id, end_time=_ms(version.created_at))

    def _add_figures(self, version: ModelVersion, run: Any) -> None:
        last = int(run.data.tags.get(LAST_EVIDENCE, "0"))
        rows = list(Evidence.objects.filter(model_sha256=version.manifest_sha256, pk__gt=last).order_by("pk"))
        figures = [figure for row in rows for figure in _figures(row)]
        for start in range(0, len(figures), PER_CALL):
            self._client.log_batch(run.info.run_id, metrics=figures[start : start + PER_CALL])
        if rows:
            self._client.set_tag(run.info.run_id, LAST_EVIDENCE, str(rows[-1].pk))
        self.done.figures += len(rows)
        gate = GateDecision.objects.filter(model_version=version).order_by("-pk").first()
        said = f"{gate.verdict} as {gate.role}" if gate else "not asked"
        if run.data.tags.get("winnow.gate") != said:
            self._client.set_tag(run.info.run_id, "winnow.gate", said)

    def _all_runs(self) -> Iterator[Any]:
        page = self._client.search_runs([self._experiment], max_results=PER_PAGE)
        yield from page
        while page.token:
            page = self._client.search_runs([self._experiment], max_results=PER_PAGE, page_token=page.token)
            yield from page

    def _all_versions(self) -> Iterator[Any]:
        page = self._client.search_model_versions(f"name='{NAME}'", max_results=PER_PAGE)
        yield from page
        while page.token:
            page = self._client.search_model_versions(f"name='{NAME}'", max_results=PER_PAGE, page_token=page.token)
            yield from page


def _figures(row: Evidence) -> Iterator[Any]:
    """A measurement as MLflow's metrics: the value, both ends of its interval, and n."""
    from mlflow.entities import Metric  # noqa: PLC0415 - as above

    name = _NO_NAME.sub("_", str(row))
    for ending, value in (("", row.value), (".low", row.low), (".high", row.high), (".n", float(row.n))):
        yield Metric(f"{name}{ending}", value, _ms(row.created_at), row.pk)


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
