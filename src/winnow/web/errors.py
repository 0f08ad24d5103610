"""Pages for what went wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The form came without its proof of origin."""
    return render(
        request, "error.html", {"title": "The form has expired", "advice": "Go back and send it again."}, status=403
    )
