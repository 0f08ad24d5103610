"""Take from people's answers what they prove: open the audits that a proof lacks, and look once they suffice."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from winnow.core.errors import NotFoundError
from winnow.core.intervals import sample_size
from winnow.ml.asking import risk_of
from winnow.models import Audit, Job, Label, ModelVersion
from winnow.queries.audits import answered_audits, newest_certification
from winnow.services.audit import draw_audits
from winnow.services.deploy import serving, version_of
from winnow.services.recertify import recertify

KIND = "learn"
EVERY = timedelta(days=7)
# Answers come in one after another; what they say together is read once in a while.
PAUSE = timedelta(minutes=10)
# The first look is taken where it could bear so many errors, since a look that fails costs a part of the promise.
BEARABLE_ERRORS = 2


def is_due() -> bool:
    """Whether audits were answered since the last time, or a week has passed without a new draw."""
    last = Job.objects.filter(kind=KIND).aggregate(at=Max("done_at"))["at"]
    if last is None:
        return _champion() is not None
    if last + PAUSE > timezone.now():
        return False
    is_answered = Label.objects.filter(task__audit__isnull=False, created_at__gt=last).exists()
    return is_answered or last + EVERY <= timezone.now()


def learn_from_answers(*, seed: int) -> None:
    """Look at the audits of the model that serves, or open those that are missing; draw this week's.

    A model that serves under the provisional certificate of its training keeps it until its own audits suffice for a
    first look: before that they can prove nothing, and would take back what is proved of the starter works.
    """
    version = _champion()
    model = serving("champion") if version else None
    if version is None or model is None:
        return
    target, delta = model.loaded.recipe["target"], model.loaded.recipe["delta"]
    if newest_certification(version) is None:
        wanted = sample_size(BEARABLE_ERRORS, target, risk_of(delta, []))
        lacking = wanted - len(answered_audits(version))
        if lacking > 0:
            draw_audits(lacking - version.audits.filter(task__closed_at=None).count(), seed=seed)
            return
    recertify(version, target=target, delta=delta)
    if _last_draw(version) + EVERY <= timezone.now():
        draw_audits(settings.AUDIT_PUBLISHED, seed=seed)


def _champion() -> ModelVersion | None:
    try:
        return version_of("champion")
    except NotFoundError:
        return None


def _last_draw(version: ModelVersion) -> datetime:
    return Audit.objects.filter(model_version=version).aggregate(at=Max("drawn_at"))["at"] or version.created_at
