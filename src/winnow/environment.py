"""Settings as the environment tells them, each read in one way and refused by name where it cannot be read."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

# The settings that were looked for, set or not: a name that is not among them means nothing.
ASKED = {"WINNOW_HOME", "WINNOW_CACHE"}


def setting(name: str, default: str = "") -> str:
    """A setting from the environment, or from the file that NAME_FILE names."""
    ASKED.add(name)
    if path := os.environ.get(f"{name}_FILE"):
        return Path(path).read_text().strip()
    return os.environ.get(name, default)


def number(name: str, default: int, most: int = 1_000_000) -> int:
    """A setting that is a whole number from 0 to `most`."""
    given = setting(name, str(default))
    if not (given.isascii() and given.isdecimal() and int(given[:10]) <= most):
        raise ImproperlyConfigured(f"{name}: give a whole number of at most {most:,}, such as {default}")
    return int(given)


def choice(name: str, words: tuple[str, ...], default: str) -> str:
    """A setting that is one of a few words; another would be taken for one of them by guessing."""
    given = setting(name, default)
    if given not in words:
        raise ImproperlyConfigured(f"{name}: give {', '.join(words[:-1])} or {words[-1]}")
    return given


def is_on(name: str, *, default: bool) -> bool:
    """A setting that is yes or no."""
    return choice(name, ("yes", "no"), "yes" if default else "no") == "yes"


def shares(name: str) -> dict[str, int]:
    """A setting of the form `reported=4, audit=4`: whole numbers by name."""
    pairs = [part.split("=") for part in setting(name).replace(",", " ").split()]
    if not all(len(pair) == 2 and pair[1].isdecimal() for pair in pairs):
        raise ImproperlyConfigured(f"{name}: give names with whole numbers, such as reported=4, audit=4")
    return {key: int(value) for key, value in pairs}
