"""Requests counted in each process, and put together over all processes of this home on this machine.

The client of Prometheus keeps the counts of each process in a file of its own; whoever is asked adds them up.
"""

import os
import platform
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

FOLDER = Path(settings.HOME) / "metrics" / platform.node()
FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
# The client reads this when it is imported, and never again. What stood there is of whoever started this process,
# perhaps with another home: their counts are not ours.
os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(FOLDER)

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest  # noqa: E402 - see above
from prometheus_client.core import GaugeMetricFamily  # noqa: E402 - see above
from prometheus_client.multiprocess import MultiProcessCollector  # noqa: E402 - see above
from prometheus_client.registry import Collector  # noqa: E402 - see above

from winnow.queries.metrics import metrics  # noqa: E402 - after what must come first

BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_none = CollectorRegistry()
REQUESTS = Counter("winnow_requests", "Requests answered.", ["area", "method", "status"], registry=_none)
SECONDS = Histogram("winnow_request_seconds", "Time to answer.", ["area"], buckets=BUCKETS, registry=_none)
# Whoever asks may invent methods, and each would be a row for ever.
METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS", "PUT", "PATCH", "DELETE"})


def observe(*, area: str, method: str, status: int, seconds: float) -> None:
    """Count one answered request. `area` is one of few; an unknown method is counted as `other`."""
    REQUESTS.labels(area, method if method in METHODS else "other", str(status)).inc()
    SECONDS.labels(area).observe(seconds)


def exposition() -> bytes:
    """All figures as Prometheus reads them: those of rows, and those of all processes together."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(FOLDER))  # type: ignore[no-untyped-call]  # as the client has it
    registry.register(_Rows())
    return generate_latest(registry)


def forget_ended() -> int:
    """Remove the files of processes that are gone, as a server does when it begins; returns how many."""
    gone = [file for file in FOLDER.glob("*.db") if not _lives(file.stem.rpartition("_")[2])]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)


class _Rows(Collector):
    def collect(self) -> Iterator[GaugeMetricFamily]:
        for metric in metrics():
            names = [name for name, _ in next(iter(metric.values), ())]
            family = GaugeMetricFamily(metric.name, metric.means, labels=names)
            for labels, value in metric.values.items():
                family.add_metric([text for _, text in labels], value)
            yield family


def _lives(pid: str) -> bool:
    return not pid.isdecimal() or Path("/proc", pid).exists()
