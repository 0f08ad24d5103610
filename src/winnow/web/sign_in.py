"""Signing in by one-time link, and out."""

from django.contrib import messages
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from winnow.services.invite import use_link
from winnow.web.paths import local_or

BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@require_safe
def sign_in(request: HttpRequest) -> HttpResponse:
    """How to get a link; there is no password to type."""
    return render(request, "sign_in.html")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def link(request: HttpRequest, code: str) -> HttpResponse:
    """One button, because mail scanners and previews follow links: only pressing it spends the link."""
    if request.method != "POST":
        return render(request, "sign_in_link.html", {"code": code, "next": request.GET.get("next", "")})
    account = use_link(code)
    login(request, account, backend=BACKEND)
    messages.success(request, f"Signed in as {account.name}.")
    return redirect(local_or(request, request.POST.get("next", ""), "/"))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End this visit."""
    logout(request)
    messages.success(request, "Signed out.")
    return redirect("/")
