"""`winnow invite ROLE`: a one-time sign-in link for an account."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, say
from winnow.services.invite import invite


class Command(Verb):
    """Invite somebody."""

    def handle(
        self,
        role: Annotated[str, typer.Argument(help="reader, reviewer, engineer, owner or operator")],
        name: Annotated[str, typer.Option(help="The name of the account; made up where it is left out.")] = "",
        as_json: Json = False,
    ) -> None:
        """A link that signs one person in once, within three days. For an account that exists, a new link.

        Example: winnow invite reviewer --name ada
        """
        link = invite(role=role, name=name)
        if as_json:
            emit({"url": link.url, "role": link.role, "expires_at": link.expires_at.isoformat()})
        else:
            say(link.url)
            say(f"Signs in one {link.role}, once, until {link.expires_at:%d %B %H:%M} UTC.")
