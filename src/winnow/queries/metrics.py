"""What the rows say of how it goes, as figures with labels: the same whichever process is asked."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from statistics import quantiles

from django.db import connection
from django.db.models import Count, Min, Q, QuerySet
from django.utils import timezone

from winnow.models import Alert, Deployment, DriftCheck, Item, Job, Message, ReviewTask, Source, TagBurn
from winnow.queries.audits import newest_certification
from winnow.queries.counts import counted

Labels = tuple[tuple[str, str], ...]
MAX_DELAYS = 500
MAX_CHECKS = 500


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge: its name, what it means, and a value for each combination of labels."""

    name: str
    means: str
    values: dict[Labels, float]

    @property
    def is_time(self) -> bool:
        """Whether its values are seconds."""
        return self.name.endswith("_seconds")


def metrics() -> list[Metric]:
    """All figures, in a fixed order; a figure of which nothing is known has no values."""
    now = timezone.now()
    return [Metric(f"winnow_{name}", means, dict(look(now))) for name, (means, look) in LOOKS.items()]


Values = Iterator[tuple[Labels, float]]


def _items(_now: datetime) -> Values:
    rows = Item.objects.values_list("state", "decided_by").annotate(n=Count("pk")).order_by()
    for state, decided_by, n in counted("metrics of items", lambda: list(rows)):
        yield (("decided_by", decided_by or "nobody"), ("state", state)), float(n)


def _queue(_now: datetime) -> Values:
    rows = ReviewTask.objects.filter(closed_at=None).values_list("reason").annotate(n=Count("pk")).order_by()
    return (((("reason", reason),), float(n)) for reason, n in rows)


def _queue_age(now: datetime) -> Values:
    rows = ReviewTask.objects.filter(closed_at=None).values_list("reason").annotate(at=Min("opened_at")).order_by()
    return (((("reason", reason),), (now - at).total_seconds()) for reason, at in rows)


def _sources(_now: datetime) -> Values:
    used = Source.objects.filter(is_active=True)
    found = used.aggregate(
        in_use=Count("pk"),
        failing=Count("pk", filter=Q(n_failures__gt=0)),
        probation=Count("pk", filter=Q(trust=Source.Trust.PROBATION)),
    )
    return ((((("state", state),), float(n))) for state, n in found.items())


def _late_source(now: datetime) -> Values:
    due = Source.objects.filter(is_active=True, next_fetch_at__lte=now).aggregate(at=Min("next_fetch_at"))["at"]
    yield (), (now - due).total_seconds() if due else 0.0


def _jobs(now: datetime) -> Values:
    open_ = Job.objects.filter(done_at=None)
    yield (("state", "parked"),), float(open_.filter(parked_at__isnull=False).count())
    yield (("state", "running"),), float(open_.filter(parked_at=None, lease_until__gt=now).count())
    yield (("state", "due"),), float(_due(now).count())


def _job_age(now: datetime) -> Values:
    oldest = _due(now).aggregate(at=Min("run_at"))["at"]
    yield (), (now - oldest).total_seconds() if oldest else 0.0


def _due(now: datetime) -> QuerySet[Job]:
    return Job.objects.filter(done_at=None, parked_at=None, run_at__lte=now).exclude(lease_until__gt=now)


def _messages(_now: datetime) -> Values:
    rows = Message.objects.filter(sent_at=None, gave_up_at=None).values_list("kind").annotate(n=Count("pk")).order_by()
    return (((("kind", kind),), float(n)) for kind, n in rows)


def _precision(_now: datetime) -> Values:
    """The bounds that the newest certification of the champion proved, over all and by tag."""
    champion = Deployment.objects.filter(role=Deployment.Role.CHAMPION).order_by("-pk").first()
    found = newest_certification(champion.model_version) if champion else None
    if found is None:
        return
    for tag, certificate in found.per_tag.items():
        if isinstance(certificate, dict) and isinstance(bound := certificate.get("bound"), int | float):
            yield (("tag", tag),), float(bound)


def _burnt(_now: datetime) -> Values:
    champion = Deployment.objects.filter(role=Deployment.Role.CHAMPION).order_by("-pk").first()
    n = (
        TagBurn.objects.filter(model_version=champion.model_version_id).values("tag").distinct().count()
        if champion
        else 0
    )
    yield (), float(n)


def _drift(_now: datetime) -> Values:
    """The look of each monitor that was last: the share of shufflings that were as far apart."""
    newest: dict[tuple[str, str], float] = {}
    for check in DriftCheck.objects.select_related("source").order_by("-pk")[:MAX_CHECKS]:
        newest.setdefault((check.measure, check.source.name if check.source else "all"), check.p_value)
    for (measure, source), p_value in newest.items():
        yield (("measure", measure), ("source", source)), p_value


def _alerts(_now: datetime) -> Values:
    rows = Alert.objects.filter(closed_at=None).values_list("kind").annotate(n=Count("pk")).order_by()
    return (((("kind", kind),), float(n)) for kind, n in rows)


def _delay(_now: datetime) -> Values:
    """From a work's own date to its page, of the works that sources brought and that were shown last."""
    shown = Item.objects.filter(state=Item.State.PUBLISHED, source__isnull=False, published_at__isnull=False)
    pairs = shown.order_by("-admitted_at", "-pk").values_list("dated_at", "published_at")[:MAX_DELAYS]
    seconds = sorted((at - dated).total_seconds() for dated, at in pairs if at is not None)
    if len(seconds) > 1:
        cuts = quantiles(seconds, n=20, method="inclusive")
        yield (("quantile", "0.5"),), cuts[9]
        yield (("quantile", "0.95"),), cuts[18]


def _database_log(_now: datetime) -> Values:
    if connection.vendor == "sqlite":
        yield (), float(database_log_bytes())


def database_log_bytes() -> int:
    """The size of the write-ahead log beside the embedded database, which cannot be emptied while somebody reads; else 0."""
    log = Path(f"{connection.settings_dict['NAME']}-wal")
    return log.stat().st_size if connection.vendor == "sqlite" and log.is_file() else 0


LOOKS: dict[str, tuple[str, Callable[[datetime], Values]]] = {
    "items": ("Works by state and by who decided.", _items),
    "queue_tasks": ("Open tasks by reason.", _queue),
    "queue_oldest_seconds": ("Age of the oldest open task by reason.", _queue_age),
    "sources": ("Sources in use, those of them that fail, and those on probation.", _sources),
    "source_late_seconds": ("How long the source that is longest due has been due.", _late_source),
    "jobs": ("Unfinished jobs: due, running, parked.", _jobs),
    "job_oldest_seconds": ("How long the oldest due job has waited.", _job_age),
    "messages_waiting": ("Mails and calls of webhooks that wait to be sent.", _messages),
    "precision_lower_bound": ("What audits proved of the champion, by tag.", _precision),
    "budgets_burnt": ("Tags whose error budget is burnt under the champion.", _burnt),
    "drift_p_value": ("The newest look of each drift monitor.", _drift),
    "alerts_open": ("Open alerts by kind.", _alerts),
    "database_log_bytes": (
        "The log beside the embedded database; it grows while somebody reads on and on.",
        _database_log,
    ),
    "source_to_page_seconds": ("From a work's date to its page, of the last 500 shown.", _delay),
}
