"""The queue: one task at a time, answered by a digit."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import ConflictError, NotFoundError
from winnow.models import Account, ReviewTask, Tag
from winnow.queries.review import label_of, next_task, open_reports, queue_of, task_of
from winnow.queries.tags import approved_tags, tag_named
from winnow.services.review import label_task, undo_label
from winnow.web.access import requires

NOT_ML, COPY = "not-ml", "copy"
SKIPPED = "skipped_tasks"
MAX_SKIPPED = 100
FURTHER_OPINION = "Somebody else answered this first. Yours is kept as a further opinion."
ANSWERED_ALREADY = "You have answered this already."


@never_cache
@require_safe
@requires("review")
def review(request: HttpRequest, account: Account) -> HttpResponse:
    """The next task, or the one that is asked for while it is open."""
    wanted = request.GET.get("task", "")
    task = _open_task(account, int(wanted)) if wanted.isdecimal() and len(wanted) < 19 else None
    return _panel(request, account, task)


@require_POST
@requires("review")
def label(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take the answer and go on. An answer that came too late is kept, and said to be so."""
    task = task_of(pk, account)
    chosen = request.POST.get("tag", "")
    copy_of = task.item.resembles if chosen == COPY else None
    tag = None if copy_of else _chosen_tag(chosen)
    if task.labels.filter(account=account, undoes=None, undone_by=None).exists():
        messages.info(request, ANSWERED_ALREADY)
    else:
        label_task(task=task, tag=tag, account=account, copy_of=copy_of)
        if task.closed_at is not None:
            messages.info(request, FURTHER_OPINION)
    return _go_on(request, account, None)


@require_POST
@requires("review")
def skip(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Leave a task for later; the visit remembers the last hundred."""
    task = task_of(pk, account)
    skipped = [known for known in request.session.get(SKIPPED, []) if known != task.pk]
    request.session[SKIPPED] = [*skipped, task.pk][-MAX_SKIPPED:]
    return _go_on(request, account, None)


@require_POST
@requires("review")
def undo(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Take the last answer back and show its task again."""
    given = label_of(pk, account)
    try:
        undo_label(label=given, account=account)
    except ConflictError as error:
        messages.info(request, f"Not undone: {error}.")
        return _go_on(request, account, None)
    return _go_on(request, account, given.task)


def _chosen_tag(slug: str) -> Tag | None:
    """The tag, or None for "not machine learning"."""
    return None if slug == NOT_ML else tag_named(slug)


def _open_task(account: Account, pk: int) -> ReviewTask | None:
    try:
        task = task_of(pk, account)
    except NotFoundError:
        return None
    return task if task.closed_at is None else None


def _go_on(request: HttpRequest, account: Account, task: ReviewTask | None) -> HttpResponse:
    """The next panel where a script asks for it, else the way back to the page."""
    if request.headers.get("HX-Request") == "true":
        return _panel(request, account, task and _open_task(account, task.pk), template="review_panel.html")
    return redirect(f"/review?task={task.pk}" if task else "/review")


def _panel(
    request: HttpRequest, account: Account, task: ReviewTask | None, template: str = "review.html"
) -> HttpResponse:
    tags = list(approved_tags())
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    task = task or next_task(account, skipped=request.session.get(SKIPPED, []))
    shown = {
        "task": task,
        "reports": open_reports(task.item) if task else [],
        "queue": queue_of(account, midnight),
        "tags": tags,
        "names": {tag.slug: tag.name for tag in tags},
    }
    return render(request, template, shown)
