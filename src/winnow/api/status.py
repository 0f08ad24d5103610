"""Liveness and readiness."""

from django.http import HttpRequest, HttpResponse
from ninja import Router, Schema

from winnow.api.problems import problem
from winnow.services.ready import is_ready

router = Router()


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
