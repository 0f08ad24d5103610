"""Tokens in the header, and nowhere else."""

from django.http import HttpRequest
from ninja.errors import HttpError
from ninja.security import HttpBearer

from winnow.models import ApiToken, Scope
from winnow.services.invite import token_of


class Token(HttpBearer):
    """A living token that has a scope: without one 401, with the wrong one 403."""

    def __init__(self, scope: Scope) -> None:
        super().__init__()
        self.scope = scope

    def authenticate(self, _request: HttpRequest, token: str) -> ApiToken | None:
        """The token's row, kept by ninja as `request.auth`."""
        row = token_of(token)
        if row is not None and self.scope not in row.scopes:
            raise HttpError(403, f"this token may not do that; it needs the scope {self.scope}")
        return row
