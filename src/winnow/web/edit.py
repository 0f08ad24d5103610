"""Change what one submitted, for a while."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from winnow.core.errors import ConflictError, InputError, TooManyError
from winnow.models import Account, Item
from winnow.queries.feedback import submission_of
from winnow.services.edit import edit_submission, may_edit
from winnow.web.access import requires
from winnow.web.errors import too_many
from winnow.web.forms import EditForm

TOO_LATE = gettext_lazy("this work cannot be changed any more; appeal where its decision is wrong")
CHANGED = gettext_lazy("Changed, and looked at anew.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@requires("account")
def edit(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """The form with the text as it is, and the way back once it is changed."""
    item = submission_of(pk, account)
    if not may_edit(item, account):
        raise ConflictError(TOO_LATE)
    if request.method == "POST":
        return _take(request, account, item)
    form = EditForm(initial={"title": item.title, "description": item.description})
    return render(request, "edit.html", {"item": item, "form": form})


def _take(request: HttpRequest, account: Account, item: Item) -> HttpResponse:
    form = EditForm(request.POST)
    if form.is_valid():
        try:
            edit_submission(item=item, account=account, **form.cleaned_data)
        except InputError as error:
            field, _, reason = str(error).partition(": ")
            form.add_error(field, reason)
        except TooManyError as error:
            return too_many(request, error, "edit.html", {"item": item, "form": form})
        else:
            messages.success(request, CHANGED)
            return redirect("/yours")
    return render(request, "edit.html", {"item": item, "form": form}, status=422)
