"""Where one installation keeps its things: WINNOW_HOME, and secrets made at first run.

Everything below the home is named relative to it, so a copied home works.
"""

import contextlib
import os
import secrets
from pathlib import Path

from winnow.environment import setting

CHECKOUT = Path(__file__).resolve().parents[2]
DATA = CHECKOUT / "data"
RECIPES = CHECKOUT / "recipes"


def home() -> Path:
    """The folder of this installation; made where it is missing."""
    folder = Path(os.environ.get("WINNOW_HOME") or CHECKOUT / "var").expanduser().absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def cache() -> Path:
    """The user's cache folder, shared by homes: what is there can always be made again."""
    root = os.environ.get("WINNOW_CACHE") or Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "winnow"
    return Path(root).expanduser().absolute()


def secret(name: str) -> str:
    """A secret from NAME or NAME_FILE; else one of this home's own, made at first use."""
    if value := setting(name):
        return value
    path = home() / name.removeprefix("WINNOW_").lower()
    if not path.exists():
        _write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()


def _write_once(path: Path, text: str) -> None:
    """Written beside and linked into place: of two first runs at once, one wins and both read its value."""
    draft = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    with contextlib.suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
