"""`winnow demo`: fill this home with something to read, and serve it."""

import time
from typing import Annotated

import typer
from django.conf import settings
from django.core.management import call_command

from winnow.management.command import Verb, progress_bar, say
from winnow.services.demo import figures, invitations, make_demo


class Command(Verb):
    """The demo."""

    def handle(self, serve: Annotated[bool, typer.Option("--serve", help="Serve it when it is made.")] = False) -> None:
        """Starter works, a model trained and certified on them, and the example feeds; what is there stays as it is.

        Example: winnow demo --serve
        """
        started = time.monotonic()
        with progress_bar("Working") as show:
            make_demo(lambda line: say(f"{time.monotonic() - started:6.1f} s  {line}"), show)
        _closing_words()
        if serve:
            call_command("serve", with_worker=True)


def _closing_words() -> None:
    counts = figures()
    say()
    say(
        f"{counts['published']} works published, {counts['waiting']} waiting for a person, {counts['withheld']} withheld."
    )
    say(f"Home: {settings.HOME}")
    say()
    for link in invitations():
        say(f"Sign in as {link.role} (once, for three days): {link.url}")
    say()
    say(f"Three things to try at {settings.BASE_URL}:")
    say("  1. Read the front page, open an item, and see why it bears its tag.")
    say("  2. Sign in as reviewer and decide about the unsure ones at /review with the keys 1 to 4.")
    say("  3. See at /withheld what was kept out and why, and bring something back.")
