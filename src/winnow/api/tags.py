"""The approved list."""

from typing import Any

from django.http import HttpRequest
from ninja import Router

from winnow.api.schemas import TagOut, TagsOut
from winnow.queries.tags import TagFigures, tag_of, tags_with_figures

router = Router()


@router.get("/tags", response=TagsOut, summary="The approved list")
def list_tags(_request: HttpRequest) -> dict[str, Any]:
    """Every approved tag with its guideline and figures."""
    return {"items": [_out(figures) for figures in tags_with_figures()], "next": None}


@router.get("/tags/{slug}", response=TagOut, summary="One tag")
def get_tag(_request: HttpRequest, slug: str) -> dict[str, Any]:
    """One approved tag; 404 names those that exist."""
    tag_of(slug)
    return next(_out(figures) for figures in tags_with_figures() if figures.tag.slug == slug)


def _out(figures: TagFigures) -> dict[str, Any]:
    tag = figures.tag
    return {
        "slug": tag.slug,
        "name": tag.name,
        "description": tag.description,
        "guideline": {"belongs": tag.belongs, "excludes": tag.excludes, "hard_cases": tag.hard},
        "n_published": figures.n_published,
        "n_waiting": figures.n_waiting,
        "audited_precision": None,
    }
