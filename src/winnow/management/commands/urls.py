"""`winnow urls FILE`: the canonical address and identity keys of each address."""

import codecs
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
    raw = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
    lines = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    return [text for number, line in enumerate(lines, start=1) if (text := _decoded(line, file, number))]


def _decoded(line: bytes, file: str, number: int) -> str:
    try:
        return line.decode().strip()
    except UnicodeDecodeError:
        name = "standard input" if file == "-" else file
        raise InputError.at(name, number, "", "is not UTF-8; save the file as UTF-8") from None
