"""`winnow renew`: train a model anew, or stop that."""

from typing import Annotated

import typer

from winnow.management.command import Json, Verb, emit, progress_bar, say
from winnow.models import Renewal
from winnow.services.renew import ask_to_renew, renewal, stop_renewal, take_step


class Command(Verb):
    """Renew."""

    def handle(
        self,
        recipe: Annotated[str, typer.Option(help="The recipe to train.")] = "best",
        stop: Annotated[bool, typer.Option("--stop", help="End what is under way; no further step follows.")] = False,
        reason: Annotated[str, typer.Option(help="Why, for the log.")] = "because somebody asked",
        as_json: Json = False,
    ) -> None:
        """Freeze the labels, train, evaluate and let the new model shadow the champion; the roll-out leads it from there.

        Example: winnow renew --reason "new sources since Monday"
        """
        found: Renewal | None
        if stop:
            found = stop_renewal()
        else:
            found = ask_to_renew(reason, recipe=recipe) or renewal()
            with progress_bar("Training anew"):
                while found is not None and found.ended_at is None:
                    found = take_step() or found
        if found is None:
            return
        row = {"step": found.step, "says": found.says, "model": found.model_version and found.model_version.ref}
        if as_json:
            emit({**row, "is_stopped": found.is_stopped})
        else:
            say(f"{found.step}: {found.says}")
