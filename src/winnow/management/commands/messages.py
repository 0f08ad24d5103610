"""`winnow messages`: the sentences of the site, for translators."""

from winnow.management.command import Verb, say
from winnow.management.messages import TEMPLATE, template


class Command(Verb):
    """For translators."""

    def handle(self) -> None:
        """Write every sentence of the site into src/winnow/locale/winnow.pot; docs/how-to/translate.md goes on from there.

        Example: winnow messages
        """
        TEMPLATE.parent.mkdir(exist_ok=True)
        TEMPLATE.write_text(template())
        say(f"Written: {TEMPLATE}")
