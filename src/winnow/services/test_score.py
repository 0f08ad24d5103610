"""The ML Test Score of the running system: 28 checks, each with what rows show for it.

Source: Breck, Cai, Nielsen, Salib, Sculley, "The ML Test Score: A Rubric for ML Production Readiness and Technical Debt
Reduction", IEEE Big Data 2017. A point for what is done by itself, half a point for what is done by hand and written
down; the score is the least of the four sections. What leaves no trace in the rows scores 0, whatever was done.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from winnow.models import (
    Deployment,
    DriftCheck,
    Evidence,
    Item,
    ModelVersion,
    Prediction,
    Renewal,
    RolloutLook,
    TrainingRun,
)
from winnow.queries.audits import newest_certification

SECTIONS = ("data", "model", "infrastructure", "monitoring")
NOTHING = (0.0, "no evidence in this system")
AUDITED_WITHIN = timedelta(days=28)
WATCHED_WITHIN = timedelta(days=7)
LOOKED_AT = 200

Found = tuple[float, str]
Look = Callable[[Deployment | None], Found]


@dataclass(frozen=True, slots=True)
class Check:
    """One of the 28: its section, what is asked, 0 to 1 points, and the evidence in words."""

    section: str
    name: str
    points: float
    evidence: str


@dataclass(frozen=True, slots=True)
class TestScore:
    """All checks with the sum of each section; `total` is the least of these."""

    checks: list[Check]
    sections: dict[str, float]

    @property
    def total(self) -> float:
        """The score."""
        return min(self.sections.values())


def score() -> TestScore:
    """The score as of now, from the rows of what serves."""
    champion = Deployment.objects.filter(role=Deployment.Role.CHAMPION).select_related("model_version", "gate")
    serves = champion.order_by("-pk").first()
    checks = [Check(section, name, *look(serves)) for section, name, look in CHECKS]
    return TestScore(checks, {one: sum(c.points for c in checks if c.section == one) for one in SECTIONS})


def _nothing(_serves: Deployment | None) -> Found:
    return NOTHING


def _gate(name: str) -> Look:
    """Whether the gate of that name let the champion through, before it served."""

    def look(serves: Deployment | None) -> Found:
        found = [check for check in (serves.gate.checks if serves else ()) if check.get("name") == name]
        if not found or found[0].get("verdict") != "passed":
            return NOTHING
        return 1.0, f"gate {name} of {serves.model_version.ref if serves else ''}: passed"

    return look


def _expectations(serves: Deployment | None) -> Found:
    dataset = serves.model_version.dataset if serves else None
    return (1.0, f"{dataset.version} was checked when it was frozen") if dataset and dataset.checks else NOTHING


def _specified(serves: Deployment | None) -> Found:
    run = TrainingRun.objects.filter(model_version=serves.model_version, is_draft=False).first() if serves else None
    return (0.5, f"recipe of {run.model_version.ref}, code {run.code_sha256[:8]}") if run else NOTHING


def _simpler(_serves: Deployment | None) -> Found:
    measured = set(Evidence.objects.values_list("model_sha256", flat=True).distinct())
    recipes = sorted(set(ModelVersion.objects.filter(manifest_sha256__in=measured).values_list("recipe", flat=True)))
    return (0.5, f"measured beside each other: {', '.join(recipes)}") if len(recipes) > 1 else NOTHING


def _slices(serves: Deployment | None) -> Found:
    of = Evidence.objects.exclude(scope="").exclude(scope="overall")
    n = of.filter(model_sha256=serves.model_sha256).values("scope").distinct().count() if serves else 0
    return (1.0, f"{n} tags and slices measured") if n else NOTHING


def _again(_serves: Deployment | None) -> Found:
    for version in ModelVersion.objects.order_by("-pk")[:20]:
        if (n := version.runs.count()) > 1:
            return 1.0, f"{version.ref} was trained {n} times, to the same hash"
    return NOTHING


def _renewed(_serves: Deployment | None) -> Found:
    done = (
        Renewal.objects.filter(ended_at__isnull=False, is_stopped=False, model_version__isnull=False)
        .order_by("-pk")
        .first()
    )
    return (1.0, f"renewal of {done.created_at:%Y-%m-%d}, from answers to {done.model_version}") if done else NOTHING


def _explained(_serves: Deployment | None) -> Found:
    newest = Prediction.objects.order_by("-pk").values_list("words", flat=True)[:LOOKED_AT]
    n = sum(words is not None for words in newest)
    return (1.0, f"{n} of the last {len(newest)} answers show the words that counted") if n else NOTHING


def _canary(_serves: Deployment | None) -> Found:
    look = RolloutLook.objects.order_by("-pk").first()
    return (1.0, f"last look at a roll-out: {look.says}") if look else NOTHING


def _taken_back(_serves: Deployment | None) -> Found:
    n = Deployment.objects.filter(takes_back__isnull=False).count()
    return (1.0, f"{n} roll-backs were done") if n else NOTHING


def _watched(_serves: Deployment | None) -> Found:
    n = DriftCheck.objects.filter(created_at__gt=timezone.now() - WATCHED_WITHIN).count()
    return (1.0, f"{n} looks of drift monitors in a week") if n else NOTHING


def _same_vectors(serves: Deployment | None) -> Found:
    told = serves.model_version.encoder_sha256 if serves else ""
    newest = (
        Item.objects.exclude(encoder_sha256="").order_by("-pk").values_list("encoder_sha256", flat=True)[:LOOKED_AT]
    )
    of = list(newest)
    if not told or not of or set(of) != {told}:
        return NOTHING
    return 1.0, f"the last {len(of)} vectors come from the encoder that the model was trained with"


def _fresh(serves: Deployment | None) -> Found:
    if serves is None or not settings.RETRAIN_DAYS:
        return NOTHING
    age = (timezone.now() - serves.model_version.created_at).days
    return (1.0, f"trained {age} days ago") if age <= 2 * settings.RETRAIN_DAYS else (0.0, f"{age} days old")


def _audited(serves: Deployment | None) -> Found:
    found = newest_certification(serves.model_version) if serves else None
    if found is None or found.created_at < timezone.now() - AUDITED_WITHIN:
        return NOTHING
    return 1.0, f"audits looked at on {found.created_at:%Y-%m-%d}, n = {found.n}"


CHECKS: tuple[tuple[str, str, Look], ...] = (
    ("data", "Expectations of the data are written down", _expectations),
    ("data", "All features are of use", _nothing),
    ("data", "No feature costs too much", _gate("latency")),
    ("data", "Features keep to the rules for data", _gate("data")),
    ("data", "Privacy is kept along the way of the data", _nothing),
    ("data", "New features can be added quickly", _nothing),
    ("data", "The code of features is tested", _nothing),
    ("model", "What is trained is specified and reviewed", _specified),
    ("model", "Measures offline go with those online", _nothing),
    ("model", "Hyperparameters were tuned", _nothing),
    ("model", "What staleness costs is known", _nothing),
    ("model", "A simpler model is not better", _simpler),
    ("model", "Quality is enough on slices", _slices),
    ("model", "Inclusion was looked at", _nothing),
    ("infrastructure", "Training can be repeated", _again),
    ("infrastructure", "The model's behaviour is tested", _gate("behaviour")),
    ("infrastructure", "The whole way is run through", _renewed),
    ("infrastructure", "Quality is judged before serving", _gate("precision")),
    ("infrastructure", "A single example can be followed", _explained),
    ("infrastructure", "A new model serves a few first", _canary),
    ("infrastructure", "A model can be taken back", _taken_back),
    ("monitoring", "Changes of what we depend on are told", _nothing),
    ("monitoring", "Data in serving are as in training", _watched),
    ("monitoring", "Features are the same in training and serving", _same_vectors),
    ("monitoring", "The model is not stale", _fresh),
    ("monitoring", "Numbers stay sound", _gate("smoke")),
    ("monitoring", "Serving does not become slower", _nothing),
    ("monitoring", "Quality of what is served does not fall", _audited),
)
