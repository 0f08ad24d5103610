"""Releases: each promise as it stands today, what is broken first; documents; the canvas."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from winnow.core.errors import NotFoundError
from winnow.services.release import Checked, check_release, documents_of, release_names
from winnow.services.release_canvas import canvas_picture
from winnow.services.release_page import counted_states, deliverables, document_html, standings, timeline
from winnow.services.release_sign import content_sha256, signatures_today
from winnow.services.value import today
from winnow.web.pictures import drawn, written

PDF = "application/pdf"


@require_safe
def releases(request: HttpRequest) -> HttpResponse:
    """Every release with how its promises stand."""
    return render(request, "releases.html", {"standings": standings(settings.PROJECT, settings.RELEASE_TEMPLATES)})


@require_safe
def release(request: HttpRequest, name: str) -> HttpResponse:
    """One release: promises, deliverables, timeline, documents."""
    checked = _checked(name)
    shown = {
        "release": checked,
        "counts": counted_states(checked),
        "deliverables": deliverables(checked),
        "missing": sorted(_places(name).keys() - {document.path.stem for document in checked.documents}),
        "signatures": signatures_today(name, project=checked.project),
        "sha256": content_sha256(checked.project, name),
        "timeline": drawn(timeline(checked, today())),
        "documents": [
            (_title(document.path.stem), document.path.stem, written(document_html(document, checked, deeper=2)))
            for document in checked.documents
            if document.path.parent.name == name
        ],
    }
    return render(request, "release.html", shown)


@require_safe
def canvas(request: HttpRequest) -> HttpResponse:
    """The canvas, with figures as they are today."""
    checked = _newest()
    found = [document for document in checked.documents if document.path.stem == "canvas"]
    shown = {"release": checked, "canvas": [written(document_html(one, checked)) for one in found]}
    return render(request, "canvas.html", shown)


@require_safe
def printed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """The canvas on one page."""
    picture = canvas_picture(_newest(), "pdf")
    if not picture:
        raise Http404("there is no canvas yet")
    return HttpResponse(picture, headers={"Content-Disposition": 'inline; filename="canvas.pdf"'}, content_type=PDF)


def _newest() -> Checked:
    names = release_names(settings.PROJECT)
    if not names:
        raise Http404("there is no release yet; `winnow release new NAME` makes one")
    return _checked(names[-1])


def _title(stem: str) -> str:
    return stem.replace("-", " ").capitalize()


def _places(name: str) -> dict[str, Path]:
    return documents_of(name, project=settings.PROJECT, templates=settings.RELEASE_TEMPLATES)


def _checked(name: str) -> Checked:
    try:
        return check_release(name, project=settings.PROJECT, templates=settings.RELEASE_TEMPLATES)
    except NotFoundError as error:
        raise Http404(str(error)) from error
