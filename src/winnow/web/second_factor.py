"""The second factor: asked for at the sign-in, set up and removed on a page of its own.

Codes work without scripts; passkeys are asked of the device by `passkey.js`.
"""

from django.contrib import messages
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from winnow.core.errors import InputError, TooManyError
from winnow.models import Account
from winnow.queries.second_factor import (
    authenticator_of,
    has_second_factor,
    lacks_second_factor,
    n_recovery_codes,
    passkeys_of,
)
from winnow.services.passkeys import (
    add_passkey,
    check_passkey,
    creation_options,
    host_of_keys,
    remove_passkey,
    request_options,
)
from winnow.services.second_factor import (
    address_for_app,
    begin_authenticator,
    check_second_factor,
    confirm_authenticator,
    remove_second_factor,
    renew_recovery_codes,
    secret_of,
)
from winnow.web.access import requires
from winnow.web.errors import too_many
from winnow.web.qr import qr_of
from winnow.web.sign_in import BACKEND, begin_visit, told, waiting_of

PATH = "/account/second-factor"
ASK = "second_factor_ask.html"
# In the session: what a passkey is to sign, good for one answer.
CHALLENGE = "passkey"


@never_cache
@sensitive_post_parameters("code")
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Who has shown the first factor shows the second, within ten minutes."""
    waiting = waiting_of(request)
    if waiting is None:
        return redirect("/sign-in")
    account, way_on = waiting
    if request.method != "POST":
        return render(request, ASK, _asked(request, account))
    try:
        check_second_factor(account=account, code=request.POST.get("code", ""))
    except (InputError, TooManyError) as error:
        return _asked_again(request, account, error)
    return begin_visit(request, account, way_on)


@never_cache
@sensitive_post_parameters("credential")
@require_POST
def ask_passkey(request: HttpRequest) -> HttpResponse:
    """The same with what a passkey signed."""
    waiting = waiting_of(request)
    if waiting is None:
        return redirect("/sign-in")
    account, way_on = waiting
    try:
        check_passkey(account=account, credential=request.POST.get("credential", ""), challenge=_challenge(request))
    except (InputError, TooManyError) as error:
        return _asked_again(request, account, error)
    return begin_visit(request, account, way_on)


@never_cache
@require_safe
@requires("account", without_second_factor=True)
def second_factor(request: HttpRequest, account: Account) -> HttpResponse:
    """Whether one is set up, and how to."""
    return _page(request, account)


@never_cache
@sensitive_post_parameters("code")
@require_POST
@requires("account", without_second_factor=True)
def begin(request: HttpRequest, account: Account) -> HttpResponse:
    """Make a secret for an app; the page shows it until it is confirmed."""
    try:
        begin_authenticator(account, request.POST.get("code", ""))
    except (InputError, TooManyError) as error:
        return _refused(request, account, error)
    return redirect(PATH)


@never_cache
@sensitive_post_parameters("code")
@require_POST
@requires("account", without_second_factor=True)
def confirm(request: HttpRequest, account: Account) -> HttpResponse:
    """The app's first code; the page that answers shows the recovery codes, this once."""
    try:
        codes = confirm_authenticator(account=account, code=request.POST.get("code", ""))
    except InputError as error:
        return _refused(request, account, error)
    login(request, account, backend=BACKEND)
    return _page(request, account, {"codes": codes})


@never_cache
@sensitive_post_parameters("code")
@require_POST
@requires("account")
def codes(request: HttpRequest, account: Account) -> HttpResponse:
    """New recovery codes, for a code."""
    try:
        renewed = renew_recovery_codes(account=account, code=request.POST.get("code", ""))
    except (InputError, TooManyError) as error:
        return _refused(request, account, error)
    return _page(request, account, {"codes": renewed})


@never_cache
@sensitive_post_parameters("code")
@require_POST
@requires("account")
def remove(request: HttpRequest, account: Account) -> HttpResponse:
    """Do without, for a code; this visit goes on, all others end, and so do the tokens."""
    try:
        remove_second_factor(account=account, code=request.POST.get("code", ""))
    except (InputError, TooManyError) as error:
        return _refused(request, account, error)
    login(request, account, backend=BACKEND)
    messages.success(request, _("The second factor is removed. Other visits and all tokens of yours have ended."))
    return redirect(PATH)


@never_cache
@sensitive_post_parameters("credential", "code")
@require_POST
@requires("account", without_second_factor=True)
def add_key(request: HttpRequest, account: Account) -> HttpResponse:
    """Keep a passkey that the browser made; with the first, recovery codes are shown, this once."""
    sent = {key: request.POST.get(key, "") for key in ("credential", "name", "code")}
    try:
        codes = add_passkey(account=account, challenge=_challenge(request), **sent)
    except (InputError, TooManyError) as error:
        return _refused(request, account, error)
    if not codes:
        return redirect(PATH)
    login(request, account, backend=BACKEND)
    return _page(request, account, {"codes": codes})


@never_cache
@sensitive_post_parameters("code")
@require_POST
@requires("account")
def remove_key(request: HttpRequest, account: Account, pk: int) -> HttpResponse:
    """Forget a passkey, for a code."""
    try:
        key = remove_passkey(pk=pk, account=account, code=request.POST.get("code", ""))
    except (InputError, TooManyError) as error:
        return _refused(request, account, error)
    messages.success(request, _("The passkey {name} does not work any more.").format(name=key.name))
    return redirect(PATH)


def _challenge(request: HttpRequest) -> bytes:
    return bytes.fromhex(request.session.pop(CHALLENGE, ""))


def _asked(request: HttpRequest, account: Account) -> dict[str, object]:
    if not host_of_keys() or not passkeys_of(account):
        return {}
    options, challenge = request_options(account)
    request.session[CHALLENGE] = challenge.hex()
    return {"options": options}


def _asked_again(request: HttpRequest, account: Account, error: InputError | TooManyError) -> HttpResponse:
    shown = _asked(request, account)
    if isinstance(error, TooManyError):
        return too_many(request, error, ASK, shown)
    return render(request, ASK, {"fault": told(error), **shown}, status=422)


def _refused(request: HttpRequest, account: Account, error: InputError | TooManyError) -> HttpResponse:
    if isinstance(error, TooManyError):
        return too_many(request, error, "second_factor.html", _shown(request, account))
    return _page(request, account, {"fault": told(error)}, status=422)


def _page(
    request: HttpRequest, account: Account, more: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    return render(request, "second_factor.html", {**_shown(request, account), **(more or {})}, status=status)


def _shown(request: HttpRequest, account: Account) -> dict[str, object]:
    """The secret is shown only while nothing rests on it."""
    row = authenticator_of(account)
    shown: dict[str, object] = {
        "has": has_second_factor(account),
        "n_left": n_recovery_codes(account),
        "must": lacks_second_factor(account),
        "keys": passkeys_of(account),
    }
    if host_of_keys():
        shown["options"], challenge = creation_options(account)
        request.session[CHALLENGE] = challenge.hex()
    if row is None or row.confirmed_at is not None:
        return {"app": row, **shown}
    secret = secret_of(row)
    groups = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    address = address_for_app(row)
    return {"secret": groups, "address": address, "qr": qr_of(address), **shown}
