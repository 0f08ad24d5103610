"""Items: lists, one, is it here, add, report."""

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Status

from winnow.api.auth import Token
from winnow.api.idempotency import answer_once
from winnow.api.schemas import CheckOut, ItemIn, ItemOut, ItemsOut, ReportIn, ReportOut, SubmittedOut, item_out
from winnow.core.urls import MAX_URL
from winnow.models import ApiToken, Scope, Tag
from winnow.queries.items import item_at, item_of, published_items
from winnow.queries.search import search
from winnow.queries.tags import tag_named
from winnow.services.report import report_item
from winnow.services.screen import Outcome
from winnow.services.submit import submit_work

router = Router()


@router.get("/items", response=ItemsOut, summary="Published items")
def list_items(
    request: HttpRequest,
    tag: str = "",
    sort: Literal["recent", "popular"] = "recent",
    q: Annotated[str, Query(max_length=500)] = "",
    after: str = "",
) -> dict[str, Any]:
    """A page of what is on the site, newest or hottest first; what `q` finds (the language of the search), newest first."""
    if tag:
        tag_named(tag)
    page = (
        search(q, tag=tag, sort="recent", after=after).page
        if q.strip()
        else published_items(tag=tag, sort=sort, after=after)
    )
    return {"items": [item_out(item) for item in page.rows], "next": page.next}


@router.get("/items/check", response=CheckOut, summary="Whether a work is here already")
def check(request: HttpRequest, url: Annotated[str, Query(min_length=1, max_length=MAX_URL)]) -> dict[str, Any]:
    """Whether this address, or the work behind it, is held; in review and withheld count too."""
    item = item_at(url)
    return {"known": item is not None, "item": item_out(item) if item else None}


@router.get("/items/{item_id}", response=ItemOut, summary="One item")
def get_item(request: HttpRequest, item_id: int) -> dict[str, Any]:
    """One work, whatever its state; 404 where it is not here."""
    return item_out(item_of(item_id))


@router.post("/items", auth=Token(Scope.SUBMIT), response={200: SubmittedOut, 201: SubmittedOut}, summary="Add a work")
def add_item(request: HttpRequest, body: ItemIn) -> Status[dict[str, Any]]:
    """Through the same gates as a source, answered from what was sent."""
    tag = tag_named(body.tag) if body.tag else None
    token = _token(request)
    return answer_once(request, token, lambda: _submit(body, tag, token))


@router.post(
    "/items/{item_id}/reports",
    auth=Token(Scope.REPORT),
    response={200: ReportOut, 201: ReportOut},
    summary="Say that something is wrong",
)
def add_report(request: HttpRequest, item_id: int, body: ReportIn) -> Status[dict[str, Any]]:
    """Stored, and a task for a person; the item stays as it is until they have looked."""
    tag = tag_named(body.tag) if body.tag else None
    token = _token(request)
    return answer_once(request, token, lambda: _report(item_id, body, tag, token))


def _submit(body: ItemIn, tag: Tag | None, token: ApiToken) -> tuple[int, dict[str, Any]]:
    done = submit_work(
        url=body.url,
        title=body.title,
        description=body.description,
        tag=tag,
        account=token.account,
        voice=_voice(token),
    )
    is_copy = done.outcome is Outcome.DUPLICATE
    answer = {
        "status": "duplicate" if is_copy else "admitted",
        "item": item_out(item_of(done.item.pk)),
        "duplicate_of": done.duplicate_of,
    }
    return (200 if is_copy else 201), answer


def _report(item_id: int, body: ReportIn, tag: Tag | None, token: ApiToken) -> tuple[int, dict[str, Any]]:
    report, is_new = report_item(
        item=item_of(item_id),
        reporter=_voice(token),
        kind=body.kind,
        tag=tag,
        copy_of=item_of(body.duplicate_of) if body.duplicate_of else None,
        note=body.note,
        account=token.account,
    )
    answer = {"id": report.pk, "kind": report.kind, "item": report.item_id, "is_new": is_new}
    return (201 if is_new else 200), answer


def _voice(token: ApiToken) -> str:
    """Who speaks: a person is one voice, however many tokens it has and whether it calls or reads."""
    return f"account:{token.account_id}" if token.account_id else f"token:{token.pk}"


def _token(request: HttpRequest) -> ApiToken:
    """The row that the auth of this call found."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return token
