"""`winnow webhooks add|list|on|off|try|remove`: programs elsewhere that are told of events."""

from typing import Annotated

import typer
from django_typer.management import command

from winnow.management.command import Json, Verb, emit, say
from winnow.models import Webhook
from winnow.queries.outbox import webhook_of, webhooks
from winnow.services.outbox import EVENTS
from winnow.services.webhooks import make_webhook, remove_webhook, switch_webhook, try_webhook

Number = Annotated[int, typer.Argument(help="Its number, as `winnow webhooks list` shows it.", min=1)]


class Command(Verb):
    """Webhooks.

    Example: winnow webhooks list
    """

    @command()
    def add(
        self,
        url: Annotated[str, typer.Argument(help="Where events are posted to.")],
        event: Annotated[list[str] | None, typer.Option(help=f"One of {', '.join(EVENTS)}; may be repeated.")] = None,
        as_json: Json = False,
    ) -> None:
        """Tell an address of events, of all where none is named; its secret is shown this once.

        Example: winnow webhooks add https://example.org/hook --event item.published
        """
        hook, secret = make_webhook(url=url, events=event or EVENTS)
        if as_json:
            emit(_row(hook) | {"secret": secret})
        else:
            say(f"{hook.pk}  {hook.url}")
            say(f"Its secret, shown this once: {secret}")

    @command(name="list")
    def list_webhooks(self, as_json: Json = False) -> None:
        """All webhooks.

        Example: winnow webhooks list --json
        """
        for hook in webhooks():
            if as_json:
                emit(_row(hook))
            else:
                say(
                    f"{hook.pk:>4}  {'on ' if hook.is_active else 'off'}  {hook.url}  {', '.join(hook.events)}  {hook.note}"
                )

    @command()
    def on(self, number: Number) -> None:
        """Switch a webhook on.

        Example: winnow webhooks on 1
        """
        switch_webhook(hook=webhook_of(number), is_on=True)
        say(f"{number} is on.")

    @command()
    def off(self, number: Number) -> None:
        """Switch a webhook off; what waits for it is given up.

        Example: winnow webhooks off 1
        """
        switch_webhook(hook=webhook_of(number), is_on=False)
        say(f"{number} is off.")

    @command(name="try")
    def attempt(self, number: Number) -> None:
        """Send a test; the worker delivers it.

        Example: winnow webhooks try 1
        """
        try_webhook(hook=webhook_of(number))
        say("A test is on its way.")

    @command()
    def remove(self, number: Number) -> None:
        """Forget a webhook, with its deliveries.

        Example: winnow webhooks remove 1
        """
        remove_webhook(hook=webhook_of(number))
        say(f"{number} is gone.")


def _row(hook: Webhook) -> dict[str, object]:
    return {
        "id": hook.pk,
        "url": hook.url,
        "events": hook.events,
        "is_active": hook.is_active,
        "failing_since": hook.failing_since and hook.failing_since.isoformat(),
        "note": hook.note,
    }
