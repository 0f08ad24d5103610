"""`winnow token NAME --scope S`: an API token, shown once."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.services.invite import TOKEN_DAYS, issue_token


class Command(Verb):
    """Issue an API token."""

    def handle(
        self,
        name: Annotated[str, typer.Argument(help="What the token is for.")],
        scope: Annotated[
            list[str], typer.Option(help="classify, submit, report, review or operator; may be repeated.")
        ],
        expires: Annotated[int, typer.Option(help="Days that it lives.")] = TOKEN_DAYS,
        as_json: Json = False,
    ) -> None:
        """An API token: scoped, expiring, stored as a hash and shown this once.

        Example: winnow token newsletter --scope classify --scope submit --expires 90
        """
        issued = issue_token(name=name, scopes=scope, days=expires)
        if as_json:
            emit(
                {
                    "token": issued.token,
                    "name": issued.name,
                    "scopes": list(issued.scopes),
                    "expires_at": issued.expires_at.isoformat(),
                }
            )
        else:
            say(issued.token)
            say(f"May {', '.join(issued.scopes)} until {issued.expires_at:%d %B %Y}. It is not shown again.")
