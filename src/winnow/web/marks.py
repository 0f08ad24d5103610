"""What readers keep, each by one click that the next takes back: vote, save, hide, follow a tag, seen up to here."""

from dataclasses import replace

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import NotFoundError
from winnow.core.readers import KINDS, caught_up, following, marked
from winnow.models import Mark
from winnow.queries.items import item_of
from winnow.queries.readers import kept_items, marked_items
from winnow.queries.tags import approved_tags, tag_of
from winnow.services.readers import catch_up, follow_tag, keep_state, mark_item
from winnow.web.access import account_of
from winnow.web.arms import tagged
from winnow.web.paths import item_path, local_or
from winnow.web.phrases import MARKS
from winnow.web.reader import LIMITS, is_full, reader_of, remember
from winnow.web.report import voice_of

FULL = gettext_lazy("Without an account {n} works can be saved. Sign in to save more; what you saved comes along.")


@require_POST
def mark(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Set a mark, or with `?on=0` take it back. A script that asks for plain text gets what the button says now."""
    item, is_on, account = item_of(pk), request.GET.get("on") != "0", account_of(request)
    face = item.duplicate_of or item
    before, after, done, undone = MARKS[kind]
    if account is None and kind == "vote" and not settings.ANONYMOUS_VOTES:
        return redirect("/sign-in")
    if account is None and is_on and kind == "save" and is_full(reader_of(request), kind):
        return _said(request, FULL.format(n=LIMITS["saved"]), str(before), item_path(item))
    if account is not None or kind == "vote":
        mark_item(item=face, kind=Mark.Kind(kind), is_on=is_on, account=account, voice=voice_of(request))
    undo = f"/i/{face.pk}/{kind}?on={int(not is_on)}"
    says, button = (str(done), str(after)) if is_on else (str(undone), str(before))
    answer = _said(request, says, button, item_path(item), undo)
    return remember(request, answer, marked(reader_of(request), kind, face.pk, is_on=is_on))


@require_POST
def follow(request: HttpRequest, slug: str) -> HttpResponse:
    """Follow a tag, or with `?on=0` not any more."""
    tag, is_on, account = tag_of(slug), request.GET.get("on") != "0", account_of(request)
    if account is not None:
        follow_tag(tag=tag, is_on=is_on, account=account)
    says = _("You follow {tag}") if is_on else _("You do not follow {tag} any more")
    says, word = says.format(tag=tag.name), _("Following") if is_on else _("Follow")
    answer = _said(request, says, word, f"/t/{slug}", f"/t/{slug}/follow?on={int(not is_on)}")
    return remember(request, answer, following(reader_of(request), slug, is_on=is_on))


@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """All up to now is seen: nothing is new until something comes."""
    account, reader, now = account_of(request), reader_of(request), timezone.now()
    if account is not None:
        catch_up(account=account, reader=reader, now=now)
    return remember(request, redirect(_back(request, "/")), caught_up(reader, now))


@require_POST
def told(request: HttpRequest, what: str) -> HttpResponse:
    """The welcome, or the news up to an event, is read and need not be told again."""
    account, reader = account_of(request), reader_of(request)
    number = request.GET.get("up-to", "0")
    news = int(number) if number.isdecimal() and len(number) < 19 else 0
    reader = replace(reader, is_welcomed=True) if what == "welcome" else replace(reader, news=max(news, reader.news))
    if account is not None:
        keep_state(account=account, reader=reader)
    return remember(request, redirect(_back(request, "/")), reader)


@never_cache
@require_safe
def saved(request: HttpRequest) -> HttpResponse:
    """What the visitor saved, newest first; or hid, or voted for; and the tags that they follow."""
    kind = request.GET.get("of", "save")
    if kind not in MARKS:
        raise NotFoundError(f"there is no such list; there are {', '.join(MARKS)}")
    account, reader = account_of(request), reader_of(request)
    after = request.GET.get("after", "")
    page = marked_items(account, kind, after=after) if account else kept_items(getattr(reader, KINDS[kind]))
    tagged(request, page.rows, approved_tags())
    followed = approved_tags().filter(slug__in=reader.followed)
    return render(request, "saved.html", {"page": page, "kind": kind, "followed": followed, "most": LIMITS["saved"]})


def _said(request: HttpRequest, says: str, button: str, default: str, undo: str = "") -> HttpResponse:
    """Back to where the reader was, with one line and the way to undo it."""
    if request.get_preferred_type(["text/html", "text/plain"]) == "text/plain":
        # What was not done is said by the page: the script sends the form as if it were not there.
        return HttpResponse(button, content_type="text/plain; charset=utf-8", status=200 if undo else 409)
    messages.success(request, says.removesuffix(".") + ".", extra_tags=undo)
    return redirect(_back(request, default))


def _back(request: HttpRequest, default: str) -> str:
    return local_or(request, request.POST.get("next", ""), default)
