"""Folders and files of this installation that others could read or change."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

import winnow
from winnow.unsafe.refusals import GROUP_OR_OTHERS_READ, GROUP_OR_OTHERS_WRITE, refuses


@refuses("E002", "WINNOW_HOME", "take the right away: chmod go-w on that folder")
def _home_is_open() -> Iterator[str]:
    if settings.HOME.stat().st_mode & GROUP_OR_OTHERS_WRITE:
        yield f"others on this machine may write in {settings.HOME}"


@refuses("E003", "WINNOW_SECRET_KEY", "chmod 600 that file")
def _secrets_are_legible() -> Iterator[str]:
    file = settings.HOME / "secret_key"
    if file.exists() and file.stat().st_mode & (GROUP_OR_OTHERS_READ | GROUP_OR_OTHERS_WRITE):
        yield f"others on this machine may read {file}"


@refuses("E029", "WINNOW_HOME", "choose a folder outside the program")
def _home_is_served() -> Iterator[str]:
    program = Path(winnow.__file__).parent
    if settings.HOME.resolve().is_relative_to(program):
        yield f"{settings.HOME} lies in the program, whose static files anybody may read"
