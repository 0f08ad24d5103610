"""Liveness and readiness."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from winnow.api.auth import Token
from winnow.api.problems import problem
from winnow.models import Scope
from winnow.services.ready import is_ready
from winnow.services.traffic import exposition

router = Router()
PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8"


class StatusOut(Schema):
    """In one word."""

    status: str


@router.get("/healthz", response=StatusOut, summary="Liveness")
def healthz(request: HttpRequest) -> dict[str, str]:
    """Alive; says nothing of the database."""
    return {"status": "ok"}


@router.get("/readyz", response=StatusOut, summary="Readiness")
def readyz(request: HttpRequest) -> HttpResponse | dict[str, str]:
    """Whether the database answers and is up to date."""
    return {"status": "ready"} if is_ready() else problem(503, "the database does not answer or is not up to date")


@router.get("/metrics", auth=Token(Scope.OPERATOR), response={200: str}, summary="Figures for Prometheus")
def metrics(request: HttpRequest) -> HttpResponse:
    """How it goes, in the text form of Prometheus: of rows, and of the requests to all processes of this home."""
    return HttpResponse(exposition(), content_type=PROMETHEUS)
