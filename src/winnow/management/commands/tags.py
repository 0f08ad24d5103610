"""`winnow tags`: the approved list in force."""

from winnow.management.command import Json, Verb, emit, say
from winnow.queries.tags import tags_with_figures


class Command(Verb):
    """The approved list."""

    def handle(self, as_json: Json = False) -> None:
        """The approved list in force, with how much is published and waiting under each tag.

        Example: winnow tags --json
        """
        for figures in tags_with_figures():
            tag = figures.tag
            row: dict[str, object] = {"slug": tag.slug, "name": tag.name, "description": tag.description}
            row |= {"n_published": figures.n_published, "n_waiting": figures.n_waiting}
            if as_json:
                emit(row)
            else:
                say(
                    f"{tag.slug:<30} {figures.n_published:>6} published {figures.n_waiting:>5} waiting   {tag.description}"
                )
