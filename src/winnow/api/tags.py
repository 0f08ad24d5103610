"""The approved list."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from ninja import Router

from winnow.api.schemas import TagOut, TagsOut
from winnow.queries.tags import TagFigures, tag_of, tags_with_figures
from winnow.services.tag_precision import TagPrecision, precision_of_tags

router = Router()


@router.get("/tags", response=TagsOut, summary="The approved list")
def list_tags(request: HttpRequest) -> dict[str, Any]:
    """Every approved tag with its guideline and figures."""
    audited = precision_of_tags()
    return {"items": [_out(figures, audited) for figures in tags_with_figures()], "next": None}


@router.get("/tags/{slug}", response=TagOut, summary="One tag")
def get_tag(request: HttpRequest, slug: str) -> dict[str, Any]:
    """One approved tag; 404 names those that exist."""
    tag_of(slug)
    audited = precision_of_tags()
    return next(_out(figures, audited) for figures in tags_with_figures() if figures.tag.slug == slug)


def _out(figures: TagFigures, audited: Mapping[str, TagPrecision]) -> dict[str, Any]:
    tag, known = figures.tag, audited.get(figures.tag.slug)
    return {
        "slug": tag.slug,
        "name": tag.name,
        "description": tag.description,
        "guideline": {"belongs": tag.belongs, "excludes": tag.excludes, "hard_cases": tag.hard},
        "n_published": figures.n_published,
        "n_waiting": figures.n_waiting,
        "audited_precision": asdict(known.precision) if known else None,
    }
