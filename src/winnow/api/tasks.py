"""Tasks: claim one, answer it."""

from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from winnow.api.auth import Token
from winnow.api.idempotency import answer_once
from winnow.api.schemas import ClaimedOut, ClaimIn, LabelIn, LabelOut, task_out
from winnow.core.errors import ConflictError
from winnow.models import ApiToken, Scope, Tag
from winnow.queries.tags import tag_named
from winnow.services.claim import claim_task, reviewer_of, task_for
from winnow.services.review import label_task

router = Router()
NOT_ML, UNSURE = "not-ml", "unsure"


@router.post("/tasks/claim", auth=Token(Scope.REVIEW), response=ClaimedOut, summary="Claim a task")
def claim(request: HttpRequest, body: ClaimIn) -> Status[dict[str, Any]]:
    """The next task, yours for 15 seconds; claiming again keeps it and gives it back. Null where nothing waits for you."""
    token = _token(request)
    return answer_once(request, token, lambda: _claim(token))


@router.post("/tasks/{task_id}/label", auth=Token(Scope.REVIEW), response=LabelOut, summary="Answer a task")
def label(request: HttpRequest, task_id: int, body: LabelIn) -> Status[dict[str, Any]]:
    """The tag of the work, null (or "not-ml") where it is not machine learning, "unsure" where you cannot tell.

    Only the token that claimed the task may answer it. Where somebody else has claimed it since, yours is kept as a
    further opinion, and `counts` is false.
    """
    tag = None if body.tag in (None, NOT_ML, UNSURE) else tag_named(str(body.tag))
    token = _token(request)
    return answer_once(request, token, lambda: _label(request, task_id, body, tag, token))


def _claim(token: ApiToken) -> tuple[int, dict[str, Any]]:
    task = claim_task(reviewer_of(token))
    return 200, {"task": None if task is None else task_out(task)}


def _label(
    request: HttpRequest, task_id: int, body: LabelIn, tag: Tag | None, token: ApiToken
) -> tuple[int, dict[str, Any]]:
    account = reviewer_of(token)
    task = task_for(task_id, account)
    key = request.headers.get("Idempotency-Key", "")
    # Who never claimed it has no claim to answer it; who did, and was too late, is heard all the same.
    if task.holder_id != account.pk and task.token == 0:
        raise ConflictError("claim this task before you answer it: POST /api/v1/tasks/claim")
    given = label_task(
        task=task,
        tag=tag,
        account=account,
        note=body.note,
        token=task.token if task.holder_id == account.pk else -1,
        key=f"{token.pk}:{key}"[:100] if key else "",
        is_unsure=body.tag == UNSURE,
    )
    answer = {"id": given.pk, "task": task.pk, "item": given.item_id, "tag": given.tag_id, "counts": given.is_gold}
    return 200, answer


def _token(request: HttpRequest) -> ApiToken:
    """The row that the auth of this call found."""
    token: ApiToken = request.auth  # type: ignore[attr-defined]  # ninja puts it there
    return token
