"""Sign a release on its page."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from winnow.core.errors import ConflictError, InputError, UnavailableError
from winnow.models import Account
from winnow.services.release_sign import sign_release
from winnow.web.access import requires

SIGNED = gettext_lazy("Signed as {role}. What is changed from now on is not signed.")


@require_POST
@requires("sign")
def sign(request: HttpRequest, account: Account, name: str) -> HttpResponse:
    """Take the signature for the documents that the form was shown with, and go back to the release."""
    comment, seen = request.POST.get("comment", ""), request.POST.get("seen", "")
    try:
        sign_release(name, project=settings.PROJECT, account=account, comment=comment, seen=seen)
    except (ConflictError, InputError, UnavailableError) as error:
        messages.error(request, _("Not signed: {error}.").format(error=error))
    else:
        messages.success(request, str(SIGNED).format(role=account.role))
    return redirect(f"/releases/{name}")
