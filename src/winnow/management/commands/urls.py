"""`winnow urls FILE`: the canonical address and identity keys of each address."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from winnow.core.errors import InputError
from winnow.core.urls import canonical_url, identity_keys
from winnow.management.command import Json, Verb, emit, say


class Command(Verb):
    """Show what addresses mean."""

    needs_database = False

    def handle(
        self,
        file: Annotated[str, typer.Argument(help="One address a line, or - for standard input.")],
        as_json: Json = False,
    ) -> None:
        """What each address is compared by, and the typed names of the work behind it.

        Example: winnow urls addresses.txt --json
        """
        for line in _lines(file):
            row = {"url": line, "canonical": canonical_url(line), "keys": list(identity_keys(line))}
            if as_json:
                emit(row)
            else:
                say(f"{line}\n  {row['canonical'] or 'no web address'}  {' '.join(identity_keys(line)[:-1])}")


def _lines(file: str) -> list[str]:
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"{file}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    return [line.strip() for line in text.splitlines() if line.strip()]
