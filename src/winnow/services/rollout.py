"""Lead a model to readers: look at what is on trial, and let it go on, hold it, or take it back, by the plan alone."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from winnow.core.errors import ConflictError, WinnowError
from winnow.ml.rollout import Course, Pair, Plan, Watched, watch_pairs
from winnow.models import Deployment, Job, ModelVersion, RolloutLook
from winnow.queries.rollout import Judged, judged_works, standing_trials
from winnow.services.alerts import open_alert
from winnow.services.log import record_event
from winnow.services.promote import end_trial, promote
from winnow.services.sides import plan
from winnow.services.trial import champion_version
from winnow.services.turns import take_turn

KIND = "rollout"
EVERY = timedelta(hours=1)
LOOK_AT_IT = "Read the reasons at /models/{ref}. Train another with `winnow train best`; what serves is not touched."


def is_due() -> bool:
    """Whether something is on trial and an hour has passed since it was looked at."""
    if not standing_trials():
        return False
    last = Job.objects.filter(kind=KIND).aggregate(at=Max("done_at"))["at"]
    return last is None or last + EVERY <= timezone.now()


def look_at_trials() -> list[RolloutLook]:
    """Look at every model on trial, and do what follows; returns the looks."""
    champion = champion_version()
    if champion is None:
        return []
    return [look_at(trial, champion) for trial in standing_trials() if trial.model_version_id != champion.pk]


def look_at(trial: Deployment, champion: ModelVersion) -> RolloutLook:
    """Look at one model on trial: taken back where it is worse, led on where it is shown not to be, else held.

    Led on only after the works and hours that its stage lasts at the least, and through the gates of the next stage:
    where those say no it is held, with their words.
    """
    now = timezone.now()
    works = settled(judged_works(old=champion, new=trial.model_version), now=now, days=plan().days)
    found = watch_pairs([pair_of(work) for work in works], margin=plan().margin, alpha=plan().alpha)
    lacking = _lacking(trial, works, found, plan(), now)
    if found.course is Course.TAKE_BACK:
        return _take_back(trial, champion, works, found)
    if found.course is Course.HOLD or lacking:
        return _keep(trial, champion, works, found, Course.HOLD, lacking)
    return _lead_on(trial, champion, works, found)


def settled(works: Sequence[Judged], *, now: datetime, days: float) -> list[Judged]:
    """The works up to the first whose answer is still awaited, so that who answers quickly does not choose what counts."""
    late = now - timedelta(days=days)
    waiting = (row for row, work in enumerate(works) if work.difference is None and work.at > late)
    return list(works[: next(waiting, len(works))])


def pair_of(work: Judged) -> Pair:
    """A work as the tests take it."""
    return Pair(work.probability, work.is_drawn, work.difference)


def _lacking(trial: Deployment, works: Sequence[Judged], found: Watched, by: Plan, now: datetime) -> str:
    """What is missing before a model may go on, in words; empty where nothing is."""
    stage = by.stage(trial.stage_name)
    n_works = sum(work.at >= trial.created_at for work in works)
    hours = (now - trial.created_at).total_seconds() / 3600
    missing = []
    if found.course is not Course.GO_ON:
        missing.append(f"not yet shown to be less than {by.margin:.0%} worse")
    if n_works < stage.works:
        missing.append(f"{stage.works - n_works} works more at this stage")
    if hours < stage.hours:
        missing.append(f"{stage.hours - hours:.1f} hours more at this stage")
    return f"not enough evidence: {', '.join(missing)}" if missing else ""


def _take_back(trial: Deployment, champion: ModelVersion, works: Sequence[Judged], found: Watched) -> RolloutLook:
    gain = found.difference
    says = (
        f"worse than {champion.ref}: precision {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}, n={gain.n}), "
        f"{found.n_drawn} disagreements judged"
    )
    with transaction.atomic():
        # A row that is not the newest any more was taken back, or led on, by somebody else meanwhile.
        if end_trial(trial, reason=f"taken back by itself: {says}"):
            open_alert(
                "rollout",
                trial.model_version.ref,
                says=f"{trial.model_version.ref} was taken back: it is {says}",
                remedy=LOOK_AT_IT.format(ref=trial.model_version.ref),
            )
        return _keep(trial, champion, works, found, Course.TAKE_BACK, says)


def _lead_on(trial: Deployment, champion: ModelVersion, works: Sequence[Judged], found: Watched) -> RolloutLook:
    following = plan().after(trial.stage_name)
    says = f"less than {plan().margin:.0%} worse than {champion.ref} at the most, after {len(works)} works"
    try:
        promote(trial.model_version.ref, role=following, after=trial, reason=f"led on to {following} by itself: {says}")
    except ConflictError as error:
        return _keep(trial, champion, works, found, Course.HOLD, str(error))
    except WinnowError as error:
        open_alert(
            "rollout",
            trial.model_version.ref,
            says=f"{trial.model_version.ref} cannot go on to {following}: {error}",
            remedy=LOOK_AT_IT.format(ref=trial.model_version.ref),
        )
        return _keep(trial, champion, works, found, Course.HOLD, str(error))
    return _keep(trial, champion, works, found, Course.GO_ON, f"to {following}: {says}")


@transaction.atomic
def _keep(
    trial: Deployment, champion: ModelVersion, works: Sequence[Judged], found: Watched, course: Course, says: str
) -> RolloutLook:
    """The row of a look; one that found what the look before it did is that look."""
    take_turn("look")
    gain = found.difference
    before = trial.looks.order_by("-pk").first()
    seen = {
        "against_model": champion,
        "course": course.value,
        "n": gain.n,
        "n_split": sum(work.is_split for work in works),
        "n_answered": sum(work.is_drawn and work.difference is not None for work in works),
        "value": gain.value,
        "low": gain.low,
        "high": gain.high,
        "against": min(found.against, MOST),
        "for_it": min(found.for_it, MOST),
    }
    if before is not None and all(getattr(before, name) == value for name, value in seen.items()):
        return before
    row = RolloutLook.objects.create(deployment=trial, says=says[:500], **seen)
    record_event("model.looked_at", ref=trial.model_version.ref, stage=trial.stage_name, course=course.value, says=says)
    return row


# What a database and JSON hold without a thought; beyond it nothing more is said.
MOST = 1e12
