"""Add a work: its address first, so that nobody describes what is here already."""

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from winnow.core.errors import InputError, TooManyError
from winnow.core.urls import canonical_url
from winnow.models import Account, Item, LookUp, Tag
from winnow.queries.items import item_at
from winnow.queries.look_ups import look_up_of
from winnow.services.look_up import ask_look_up
from winnow.services.submit import Submission, preview, submit_work
from winnow.web.access import requires
from winnow.web.errors import told_when
from winnow.web.forms import SubmitForm
from winnow.web.paths import item_path
from winnow.web.phrases import day

NOT_AN_ADDRESS = gettext_lazy("This is not an address of the form https://host/path. Give the work's own page.")
# After so long a page does not ask any more whether the worker has read the address.
PATIENCE = timedelta(seconds=45)


@require_http_methods(["GET", "HEAD", "POST"])
@requires("submit")
def submit(request: HttpRequest, account: Account) -> HttpResponse:
    """The form in two steps, and, once it is sent, the work's own page, which says what became of it."""
    if request.method == "POST":
        return _take(request, account)
    url = request.GET.get("url", "").strip()
    if not url:
        return render(request, "submit.html")
    if canonical_url(url) is None:
        return render(request, "submit.html", {"url": url, "fault": NOT_AN_ADDRESS})
    found = item_at(url)
    if found is not None:
        return render(request, "submit.html", {"url": url, "found": found})
    return render(request, "submit.html", _described(request, url, account))


@never_cache
@require_safe
@requires("submit")
def check(request: HttpRequest, account: Account) -> HttpResponse:  # noqa: ARG001 - signed in is all it asks
    """Whether a work is here, while its address is typed; nothing is said of what is no address yet."""
    url = request.GET.get("url", "").strip()
    found = item_at(url)
    is_new = found is None and canonical_url(url) is not None
    return render(request, "submit_known.html", {"found": found, "is_new": is_new})


@never_cache
@require_safe
@requires("submit")
def looked_up(request: HttpRequest, account: Account) -> HttpResponse:  # noqa: ARG001 - signed in is all it asks
    """What the worker has read at an address by now; nothing is asked for anew."""
    url = request.GET.get("url", "").strip()
    return render(request, "look_up.html", _awaited(url, look_up_of(url)))


def _described(request: HttpRequest, url: str, account: Account) -> dict[str, object]:
    """The form, with what is known of the address, which is looked up where it is not."""
    read = ask_look_up(url, account=account) if request.method == "GET" else look_up_of(url)
    about = {"title": read.title, "description": read.description} if read else {}
    given = request.GET.get("title", "")
    initial = {"url": url, **about, **({"title": given} if given else {})}
    return {"form": SubmitForm(initial=initial), "looks_up": True, **_awaited(url, read)}


def _awaited(url: str, read: LookUp | None) -> dict[str, object]:
    is_young = read is not None and timezone.now() - read.asked_at < PATIENCE
    return {"url": url, "look_up": read, "is_awaited": is_young and read is not None and read.done_at is None}


def _take(request: HttpRequest, account: Account) -> HttpResponse:
    form, status, headers = SubmitForm(request.POST), 422, {}
    if form.is_valid() and "preview" in request.POST:
        return render(request, "submit.html", {"url": form["url"].value(), "form": form, "guess": _guess(form)})
    if form.is_valid():
        try:
            submission = submit_work(**form.cleaned_data, account=account)
        except InputError as error:
            field, _, reason = str(error).partition(": ")
            form.add_error(field if reason and field in form.fields else None, reason or field)
        except TooManyError as error:
            form.add_error(None, told_when(error))
            status, headers = 429, {"Retry-After": str(error.retry_after)}
        else:
            messages.success(request, answer_of(submission))
            return redirect(item_path(submission.item))
    page = render(request, "submit.html", {"url": form["url"].value(), "form": form}, status=status)
    for name, value in headers.items():
        page.headers[name] = value
    return page


def _guess(form: SubmitForm) -> dict[str, object]:
    """The tag that the classifier would give, how sure it is, and whether it would stand by it."""
    answer = preview(form.cleaned_data["title"], form.cleaned_data["description"])
    ranking = answer.classification.ranking
    tag = Tag.objects.filter(slug=ranking[0][0]).first() if ranking else None
    return {"tag": tag, "confidence": answer.classification.confidence, "is_sure": answer.decision.tag is not None}


def answer_of(submission: Submission) -> str:
    """What became of a submission, in one sentence."""
    item = submission.item
    if submission.duplicate_of is not None:
        return _("Already here since {day}: {why}.").format(
            day=day(item.admitted_at, timezone.now()), why=submission.reason
        )
    if item.state == Item.State.PUBLISHED and item.tag is not None:
        return _("Published under {tag}.").format(tag=item.tag.name)
    if item.state == Item.State.REJECTED:
        return _("Withheld: {why}.").format(why=submission.reason or item.reason_detail)
    return _("Not sure where it belongs: a person will look.")
