"""`winnow models`: the registry."""

from winnow.management.command import Json, Verb, emit, say
from winnow.queries.models import model_rows


class Command(Verb):
    """Models."""

    def handle(self, as_json: Json = False) -> None:
        """Every trained model, newest first, with the role in which it serves.

        Example: winnow models --json
        """
        rows = model_rows()
        for row in rows:
            if as_json:
                emit(row.as_json())
            else:
                say(
                    f"{row.ref:<8} {row.recipe:<10} {row.role or '-':<11} {row.created_at:%Y-%m-%d %H:%M}  {row.dataset_sha256[:12]}"
                )
        if not rows and not as_json:
            say("No model yet. `winnow train best` makes one; `make demo` makes one that serves.")
