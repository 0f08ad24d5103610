"""Change a document of a release from a page. Its file is the only text; what is kept beside it is who changed what."""

import hashlib
import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from winnow.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from winnow.ml.durable import put_file
from winnow.models import Account
from winnow.services.log import record_event
from winnow.services.release import TEMPLATES, Checked, check_release, documents_of
from winnow.services.release_history import record_change
from winnow.services.turns import take_turn

# As signs; a sign takes up to nine bytes in a form, and a form may have 2 MB.
MAX_TEXT = 200_000
MAX_COMMENT = 300
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]|[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Opened:
    """A document as it stands: `path` below the project's folder, `sha256` of its text."""

    stem: str
    path: str
    file: Path
    text: str
    is_writable: bool

    @property
    def sha256(self) -> str:
        """What a save names as the text that it began from."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def open_document(name: str, stem: str, *, project: Path, templates: Path = TEMPLATES) -> Opened:
    """A document of a release, or of the whole project. Raises NotFoundError for any name but theirs, InputError."""
    file = documents_of(name, project=project, templates=templates).get(stem)
    if file is None:
        raise NotFoundError(f"{name} has no document {stem}")
    path = file.relative_to(project).as_posix()
    if not file.resolve().is_relative_to(project.resolve()):
        raise InputError(f"{path} leads out of the project's folder")
    try:
        text = file.read_bytes().decode().replace("\r\n", "\n") if file.exists() else ""
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as text; mend the file") from error
    place = file if file.exists() else file.parent
    return Opened(stem, path, file, text, os.access(place, os.W_OK) and os.access(file.parent, os.W_OK))


def tidy(text: str) -> str:
    """A text as it is kept: lines end with a line feed, the last one too. Raises InputError for what is no text."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(text) > MAX_TEXT:
        raise InputError(f"the text has {len(text):,} signs; {MAX_TEXT:,} are the most here, more only in the file")
    if found := _CONTROL.search(text):
        line = text[: found.start()].count("\n") + 1
        raise InputError(f"line {line} holds a sign that is no text; take it out")
    return text.rstrip("\n") + "\n"


def check_draft(name: str, opened: Opened, text: str, *, project: Path, templates: Path = TEMPLATES) -> Checked:
    """The release as it would be judged with this text in place of the document's."""
    return check_release(name, project=project, templates=templates, texts={opened.file: text})


def save_document(
    name: str,
    stem: str,
    *,
    project: Path,
    templates: Path = TEMPLATES,
    account: Account,
    text: str,
    began: str,
    comment: str = "",
) -> Opened:
    """Put a text in the place of a document's, and keep who did so; a text with faults is kept too, as a draft.

    `began` is the hash of the text that was opened: ConflictError where another stands there by now, and nothing is
    written. Of several at once one is first. Raises InputError, NotFoundError, and UnavailableError where the file
    cannot be written.
    """
    text, comment = tidy(text), " ".join(comment.split())
    if len(comment) > MAX_COMMENT or _CONTROL.search(comment):
        raise InputError(f"the comment is too long or no text; say it in {MAX_COMMENT} signs")
    with transaction.atomic():
        take_turn("release")
        opened = open_document(name, stem, project=project, templates=templates)
        if opened.sha256 != began:
            raise ConflictError(f"{opened.path} has been changed since you opened it")
        if text != opened.text:
            record_event("release.edited", account=account, release=name, document=stem)
            record_change(account=account, path=opened.path, before=opened.text, after=text, comment=comment)
            _put(opened, text)
    return open_document(name, stem, project=project, templates=templates)


def _put(opened: Opened, text: str) -> None:
    """Last in the transaction: a file that cannot be written leaves no Event."""
    try:
        mode = opened.file.stat().st_mode & 0o777 if opened.file.exists() else 0o644
        put_file(opened.file, text.encode())
        opened.file.chmod(mode)
    except OSError as error:
        raise UnavailableError(f"{opened.path} cannot be written: {error.strerror}; nothing was saved") from error
