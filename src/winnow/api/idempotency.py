"""The same Idempotency-Key gives the same answer."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest

from winnow.core.errors import InputError
from winnow.models import ApiToken, StoredAnswer

MAX_KEY = 200
Answered = tuple[int, dict[str, Any]]


def answer_once(request: HttpRequest, token: ApiToken, act: Callable[[], Answered]) -> Answered:
    """Do it and keep the answer, or give the answer that was kept under the request's key.

    What is done is itself safe to do twice, so a crash between act and answer does no harm.
    Raises InputError where the key was used for another request.
    """
    key = request.headers.get("Idempotency-Key", "")
    if not key:
        return act()
    if len(key) > MAX_KEY or not key.isprintable():
        raise InputError(f"Idempotency-Key: at most {MAX_KEY} printable characters")
    caller = f"token:{token.pk}"
    digest = hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()
    kept = StoredAnswer.objects.filter(caller=caller, key=key).first() or _act_and_keep(caller, key, digest, act)
    if kept.request_sha256 != digest:
        raise InputError("Idempotency-Key: used before for another request; take a new one")
    return kept.status, kept.body


def _act_and_keep(caller: str, key: str, digest: str, act: Callable[[], Answered]) -> StoredAnswer:
    status, body = act()
    try:
        with transaction.atomic():
            return StoredAnswer.objects.create(caller=caller, key=key, request_sha256=digest, status=status, body=body)
    except IntegrityError:
        # The same call ran beside this one and was first to answer.
        return StoredAnswer.objects.get(caller=caller, key=key)
