"""What one sent in and what became of it, and the ways to ask for another decision."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from winnow.core.errors import InputError
from winnow.models import Account
from winnow.queries.feedback import news_of, reports_of, submission_of, submissions_of
from winnow.queries.items import item_of
from winnow.queries.readers import shows_name
from winnow.services.answer import mark_told
from winnow.services.appeal import appeal, ask_take_down, may_put_back, put_back, withdraw
from winnow.services.edit import may_edit
from winnow.services.readers import show_name
from winnow.web.access import account_of, requires
from winnow.web.paths import item_path
from winnow.web.report import voice_of

ASKED = gettext_lazy("A person will look at what you wrote, and you will see their decision here.")


@never_cache
@require_safe
@requires("account")
def yours(request: HttpRequest, account: Account) -> HttpResponse:
    """Submissions and reports with the state of each."""
    here = request.build_absolute_uri("/submit")
    now = timezone.now()
    submissions, news = submissions_of(account), news_of(account)
    shown = {
        "submissions": submissions,
        "withdrawn": {item.pk for item in submissions if may_put_back(item, account)},
        "editable": {item.pk for item in submissions if may_edit(item, account)},
        "reports": reports_of(account),
        "news": news,
        "shows_name": shows_name(account),
        # As text to copy: a link of this kind would be code in the page.
        "bookmarklet": f"javascript:location.href='{here}?url='+encodeURIComponent(location.href)",
    }
    if news and request.method == "GET":
        mark_told(account, at=now)
    return render(request, "yours.html", shown)


@require_POST
@requires("account")
def name(request: HttpRequest, account: Account) -> HttpResponse:
    """Say beside what one sent in who that was, or with `?on=0` not."""
    is_on = request.GET.get("on") != "0"
    show_name(account=account, is_on=is_on)
    words = _("Your name stands beside what you sent in.") if is_on else _("Your name stands nowhere.")
    messages.success(request, words, extra_tags=f"/yours/name?on={int(not is_on)}")
    return redirect("/yours")


@require_POST
@requires("account")
def appeal_against(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Say why the decision about one's own work is wrong."""
    item = item_of(pk)
    try:
        appeal(item=item, account=account, note=request.POST.get("note", ""))
    except InputError as error:
        messages.error(request, _("Not sent: {why}.").format(why=error))
        return redirect(item_path(item))
    messages.success(request, ASKED)
    return redirect("/yours")


@require_POST
@requires("account")
def take_back(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Withdraw a submission of one's own."""
    withdraw(item=item_of(pk), account=account)
    messages.success(request, _("Withdrawn: it is not on the site any more."))
    return redirect("/yours")


@require_POST
@requires("account")
def bring_back(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Undo a withdrawal."""
    put_back(item=submission_of(pk, account), account=account)
    messages.success(request, _("It is back where it was."))
    return redirect("/yours")


@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a work to be taken down; without an account where strangers may report."""
    account = account_of(request)
    if account is None and not settings.ANONYMOUS_REPORTS:
        return redirect("/sign-in")
    item = item_of(pk)
    try:
        ask_take_down(item=item, reporter=voice_of(request), account=account, note=request.POST.get("note", ""))
    except InputError as error:
        messages.error(request, _("Not sent: {why}.").format(why=error))
    else:
        messages.success(request, _("Thank you: a person will decide."))
    return redirect(item_path(item))
