"""The queue: one task at a time, answered by a digit."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import ConflictError
from winnow.models import Account, Item, ReviewTask, Tag
from winnow.queries.practice import is_first_time
from winnow.queries.review import (
    MAX_ALIKE,
    alike_waiting,
    faces_named,
    label_of,
    open_reports,
    opinions_about,
    queue_of,
)
from winnow.queries.tags import approved_tags, tag_named
from winnow.services.alike import label_with_alike
from winnow.services.claim import claim_task, claim_this, keep_claim, skip_task, task_for
from winnow.services.guidelines import settle_case
from winnow.services.review import undo_label
from winnow.web.access import requires

# In the session of who has gone through the worked examples, or would not.
PRACTISED = "practised"
NOT_ML, COPY, UNSURE, REMOVE = "not-ml", "copy", "unsure", "remove"
FURTHER_OPINION = gettext_lazy("Somebody else answered this first. Yours is kept as a further opinion.")
ANSWERED_ALREADY = gettext_lazy("You have answered this already.")


@never_cache
@require_safe
@requires("review")
def review(request: HttpRequest, account: Account) -> HttpResponse:
    """The task that this person holds, or the one that is asked for while it is free, or the next."""
    wanted = request.GET.get("task", "")
    if settings.REVIEW_PRACTICE and not wanted and PRACTISED not in request.session and is_first_time(account):
        return redirect("/review/practice")
    task = claim_this(int(wanted), account) if wanted.isdecimal() and len(wanted) < 19 else None
    return _panel(request, account, task)


@require_POST
@requires("review")
def label(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take the answer and go on. An answer that came too late is kept, and said to be so."""
    task = task_for(pk, account)
    chosen, given = request.POST.get("tag", ""), request.POST.get("token", "")
    copy_of = _chosen_face(chosen, task)
    tag = None if copy_of else _chosen_tag(chosen)
    is_late = task.closed_at is not None or task.holder_id not in (None, account.pk)
    try:
        label_with_alike(
            task=task,
            alike={int(pk) for pk in request.POST.getlist("alike")[:MAX_ALIKE] if pk.isdecimal() and len(pk) < 19},
            tag=tag,
            account=account,
            copy_of=copy_of,
            note=request.POST.get("note", ""),
            token=int(given) if given.isdecimal() and len(given) < 10 else None,
            is_unsure=chosen == UNSURE,
            removes=chosen == REMOVE and task.reason == ReviewTask.Reason.TAKE_DOWN,
        )
    except ConflictError:
        messages.info(request, ANSWERED_ALREADY)
    else:
        if tag is not None and _settles(task) and request.POST.get("settles"):
            settle_case(item=task.item, tag=tag, why=request.POST.get("note", ""), account=account)
        if is_late:
            messages.info(request, FURTHER_OPINION)
    return _go_on(request, account, None)


@require_POST
@requires("review")
def skip(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Leave a task for later, and for others."""
    skip_task(task_for(pk, account), account)
    return _go_on(request, account, None)


@require_POST
@requires("review")
def keep(_request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Somebody is still thinking about it."""
    keep_claim(task_for(pk, account).pk, account)
    return HttpResponse(status=204)


@require_POST
@requires("review")
def undo(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take the last answer back and show its task again."""
    given = label_of(pk, account)
    try:
        undo_label(label=given, account=account)
    except ConflictError as error:
        messages.info(request, _("Not undone: {why}.").format(why=error))
        return _go_on(request, account, None)
    return _go_on(request, account, given.task)


def _chosen_face(chosen: str, task: ReviewTask) -> Item | None:
    """The work that this one is a copy of: `copy-12`, of those that were named; `copy` alone means the first of them."""
    kind, _dash, number = chosen.partition("-")
    if kind != COPY:
        return None
    named = {str(face.pk): face for face in faces_named(task, open_reports(task.item))}
    face = named.get(number) if number else next(iter(named.values()), None)
    if face is None:
        raise ConflictError(_("nothing is named any more that this could be a copy of"))
    return face


def _chosen_tag(slug: str) -> Tag | None:
    """The tag, or None for what is no tag."""
    return None if slug in (NOT_ML, UNSURE, REMOVE) else tag_named(slug)


def _go_on(request: HttpRequest, account: Account, task: ReviewTask | None) -> HttpResponse:
    """The next panel where a script asks for it, else the way back to the page."""
    if request.headers.get("HX-Request") == "true":
        return _panel(request, account, task and claim_this(task.pk, account), template="review_panel.html")
    return redirect(f"/review?task={task.pk}" if task else "/review")


def _panel(
    request: HttpRequest, account: Account, task: ReviewTask | None, template: str = "review.html"
) -> HttpResponse:
    tags = list(approved_tags())
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    task = task or claim_task(account)
    reports = open_reports(task.item) if task and not task.is_blind else []
    shown = {
        "task": task,
        "opinions": opinions_about(task.item) if task and _settles(task) else [],
        "faces": faces_named(task, reports) if task else [],
        "alike": alike_waiting(task, account) if task else [],
        "reports": reports,
        "queue": queue_of(account, midnight),
        "tags": tags,
        "names": {tag.slug: tag.name for tag in tags},
    }
    return render(request, template, shown)


def _settles(task: ReviewTask) -> bool:
    """Whether people disagreed, so that whoever answers reads what they said; where models did, it is blind."""
    return task.reason == ReviewTask.Reason.DISAGREEMENT and not task.is_blind
