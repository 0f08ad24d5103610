"""Sign a release: the act of an account with a role, logged, and a line of a file that needs no database to be read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction
from django.utils import timezone

from winnow.core.criteria.functions import ROLES
from winnow.core.criteria.judge import Measured
from winnow.core.errors import ConflictError, InputError, NotFoundError, UnavailableError
from winnow.core.tree import tree_sha256
from winnow.ml.durable import put_file
from winnow.models import Account, Event
from winnow.services.log import record_event
from winnow.services.turns import take_turn

SIGNATURES = "signatures.md"
KIND = "release.signed"
MAX_COMMENT = 300
_SIGNED = re.compile(r"- (\d{4}-\d\d-\d\d) (\w+) (.+?) ([0-9a-f]{64})(?:: (.*))?$")


@dataclass(frozen=True, slots=True)
class Signature:
    """A line under a release: `sha256` is of the documents that were signed, `day` is written as 2026-11-27."""

    day: str
    role: str
    person: str
    sha256: str
    comment: str = ""

    def __str__(self) -> str:
        said = f": {self.comment}" if self.comment else ""
        return f"- {self.day} {self.role} {self.person} {self.sha256}{said}"


@dataclass(frozen=True, slots=True)
class Standing:
    """A signature with whether it holds for the documents as they are, and whether it was given on this site."""

    signature: Signature
    is_current: bool
    is_logged: bool


def content_sha256(project: Path, name: str) -> str:
    """The hash of a release's own documents, without its signatures."""
    paths = [f"{name}/{path.name}" for path in (project / name).glob("*.md") if path.name != SIGNATURES]
    return tree_sha256(project, paths)


def read_signatures(name: str, *, project: Path) -> list[Signature]:
    """The signatures in the file of a release, the oldest first; what is no signature is passed over."""
    path = project / name / SIGNATURES
    lines = path.read_text(errors="replace").splitlines() if path.exists() else []
    return [Signature(*match.groups(default="")) for match in map(_SIGNED.match, lines) if match]


def measured_signature(name: str, role: str, *, project: Path) -> Measured | None:
    """The last signature of a role as evidence, which is of the past once a document has changed."""
    found = [one for one in read_signatures(name, project=project) if one.role == role]
    if not found:
        return None
    last, now = found[-1], content_sha256(project, name)
    said = f"{last.person} signed as {role} on {last.day}"
    return Measured(1, 1, said, last.sha256[:8], is_current=last.sha256 == now)


def signatures_today(name: str, *, project: Path) -> Sequence[Standing]:
    """Every signature with what it is worth today, the newest first."""
    now = content_sha256(project, name)
    logged = {
        (data.get("role"), data.get("sha256"), data.get("day"))
        for data in Event.objects.filter(kind=KIND, data__release=name).values_list("data", flat=True)
    }
    return [
        Standing(one, one.sha256 == now, (one.role, one.sha256, one.day) in logged)
        for one in reversed(read_signatures(name, project=project))
    ]


def sign_release(
    name: str, *, project: Path, account: Account, comment: str = "", seen: str | None = None
) -> Signature:
    """Sign a release as it stands, as the account's role; what is changed later is not signed.

    `seen` is the hash of the documents that the person has read: ConflictError where they have changed since.
    Raises InputError for a role that signs nothing or a comment that is too long, NotFoundError, UnavailableError.
    """
    comment, person = " ".join(comment.split()), " ".join(account.name.split())
    if account.role not in ROLES or not account.is_active:
        raise InputError(f"{account.name} is {account.role}; a release is signed by {', '.join(ROLES)}")
    if len(comment) > MAX_COMMENT:
        raise InputError(f"comment: {len(comment)} signs; say it in {MAX_COMMENT}")
    if name not in {path.name for path in project.glob("*") if path.is_dir()}:
        raise NotFoundError(f"{project / name} is not there")
    with transaction.atomic():
        take_turn("release")
        now = content_sha256(project, name)
        if seen not in (None, now):
            raise ConflictError("the documents have changed since you opened the page; read them again, then sign")
        signature = Signature(f"{timezone.now():%Y-%m-%d}", account.role, person, now, comment)
        record_event(
            KIND, account=account, release=name, role=account.role, sha256=now, day=signature.day, comment=comment
        )
        _append(project / name / SIGNATURES, str(signature))
    return signature


def _append(path: Path, line: str) -> None:
    """Last in the transaction: without the file there is no Event either."""
    try:
        before = path.read_text() if path.exists() else "# Signatures\n"
        put_file(path, f"{before.rstrip()}\n{line}\n".encode())
        path.chmod(0o644)
    except OSError as error:
        raise UnavailableError(f"{path} cannot be written: {error.strerror}; nothing was signed") from error
