"""Add sources and switch them on and off."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import InputError
from winnow.core.urls import MAX_URL, canonical_url, site_of
from winnow.models import Account, Source
from winnow.services.log import record_event
from winnow.services.turns import take_turn
from winnow.sources.dispatch import connector_of, recognise
from winnow.sources.tables import open_file


def add_source(*, address: str, kind: str = "", name: str = "", account: Account | None = None) -> tuple[Source, bool]:
    """The source at an address, made where it is new (the second value); its kind is found out where it is not said.

    A name that another source has is numbered. Raises InputError for an address that nothing reads.
    """
    connector = connector_of(kind) if kind else recognise(address)
    address = _settled(address, connector.kind)
    if len(address.encode()) > MAX_URL:
        raise InputError(f"{address[:40]} ...: longer than {MAX_URL} characters; give a shorter address")
    known = Source.objects.filter(address=address).first()
    if known is not None:
        return known, False
    if connector.kind == "file":
        # A file that cannot be opened is a slip of the pen and no source; a place on the web may come back.
        with open_file(address):
            pass
    with transaction.atomic():
        take_turn("add source")
        # Somebody else may have added it between the look and the leap.
        source, is_new = Source.objects.get_or_create(
            address=address,
            defaults={
                "name": _free_name(name or _name_from(address)),
                "kind": connector.kind,
                "next_fetch_at": timezone.now(),
            },
        )
        if is_new:
            record_event("source.added", account=account, source=source.name, kind=source.kind, address=address)
    return source, is_new


def set_active(*, source: Source, is_active: bool, account: Account | None) -> None:
    """Switch a source on or off; what it brought stays."""
    if source.is_active == is_active:
        return
    source.is_active = is_active
    source.next_fetch_at = timezone.now() if is_active else None
    source.save(update_fields=["is_active", "next_fetch_at"])
    record_event("source.switched_on" if is_active else "source.switched_off", account=account, source=source.name)


def load_starter_sources(path: Path) -> int:
    """Make the starter list known, switched off until somebody wants it; returns how many are new."""
    n_new = 0
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]:
        address = _settled(entry["address"], entry["kind"])
        _, is_new = Source.objects.get_or_create(
            address=address,
            defaults={"name": entry["name"], "title": entry["title"], "kind": entry["kind"], "is_active": False},
        )
        n_new += is_new
    return n_new


def _settled(address: str, kind: str) -> str:
    """The address as it is stored: a file's in full, a network address as typed."""
    if kind == "file":
        path = unquote(urlsplit(address).path) if address.startswith("file://") else address
        return str(Path(path).expanduser().resolve())
    if canonical_url(address) is None:
        raise InputError(f"{address}: not an address of the form https://host/path, and no such file")
    return address.strip()


def _name_from(address: str) -> str:
    """A short name for addresses and commands: the host and the telling end of the path."""
    site = site_of(address)
    tail = address.rsplit("/", 1)[-1] if not site else f"{site} {re.sub('^https?://[^/]*', '', address)}"
    return re.sub(r"[^a-z0-9]+", "-", tail.lower()).strip("-")[:60] or "source"


def _free_name(wanted: str) -> str:
    wanted = re.sub(r"[^a-zA-Z0-9_-]+", "-", wanted).strip("-")[:70] or "source"
    taken = set(Source.objects.filter(name__startswith=wanted).values_list("name", flat=True))
    numbered = (f"{wanted}-{n}" for n in range(2, len(taken) + 3))
    return wanted if wanted not in taken else next(name for name in numbered if name not in taken)
