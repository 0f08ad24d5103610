"""Add sources, switch them on and off, let them move, and say whether they are trusted."""

import re
import tomllib
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from winnow.core.errors import ConflictError, InputError
from winnow.core.urls import MAX_URL, canonical_url, site_of
from winnow.home import DATA
from winnow.models import Account, Source
from winnow.services.log import record_event
from winnow.services.turns import take_turn
from winnow.sources.base import Connector
from winnow.sources.dispatch import connector_of, recognise
from winnow.sources.tables import open_file

# More feeds of one host than this are no reader's wish, and would keep that host busy with us alone.
MAX_PER_HOST = 200
BY_HAND = "an operator decided so"
NEW = "it is new: people decide about what it brings until there is a history to agree with"


def add_source(
    *,
    address: str,
    kind: str = "",
    name: str = "",
    title: str = "",
    folder: str = "",
    account: Account | None = None,
) -> tuple[Source, bool]:
    """The source at an address, made where it is new (the second value); its kind is told from its form where it is not said.

    A name that another source has is numbered. A new source is on probation, but for the examples that come along.
    Raises InputError for an address that nothing reads, and for one more of a host that has MAX_PER_HOST already.
    """
    connector = connector_of(kind) if kind else recognise(address)
    address = settled_address(address, connector)
    if connector.kind == "file" and not Path(address).is_dir() and not Source.objects.filter(address=address).exists():
        # A file that cannot be opened is a slip of the pen and no source; a place on the web may come back.
        with open_file(address):
            pass
    host = "" if connector.kind == "file" else site_of(address)[:255]
    is_trusted = _is_example(address, connector.kind)
    with transaction.atomic():
        take_turn("add source")
        known = Source.objects.filter(address=address).first()
        if known is not None:
            return known, False
        _refuse_crowd(host)
        source = Source.objects.create(
            name=_free_name(name or _name_from(address)),
            kind=connector.kind,
            address=address,
            title=title[:200],
            folder=folder[:200],
            host=host,
            next_fetch_at=timezone.now(),
            trust=Source.Trust.TRUSTED if is_trusted else Source.Trust.PROBATION,
            probation_reason="" if is_trusted else NEW,
        )
        record_event("source.added", account=account, source=source.name, kind=source.kind, address=address)
    return source, True


def set_active(*, source: Source, is_active: bool, account: Account | None) -> None:
    """Switch a source on or off; what it brought stays."""
    if source.is_active == is_active:
        return
    source.is_active = is_active
    source.next_fetch_at = timezone.now() if is_active else None
    source.save(update_fields=["is_active", "next_fetch_at"])
    record_event("source.switched_on" if is_active else "source.switched_off", account=account, source=source.name)


def missing_credentials(source: Source) -> str:
    """What keeps a source from being read, in one line; empty where nothing does."""
    return connector_of(source.kind, settings.CREDENTIALS).missing(source.address)


def set_trust(
    *, source: Source, is_trusted: bool, reason: str, account: Account | None, is_by_hand: bool = False
) -> bool:
    """Trust a source, or put it on probation, with the reason in the log. False where it is so already.

    A person's trust is a judgement about what was odd too: from then on it counts as history.
    """
    trust = Source.Trust.TRUSTED if is_trusted else Source.Trust.PROBATION
    with transaction.atomic():
        if is_by_hand and is_trusted:
            source.readings.exclude(broke=[]).update(broke=[])
        is_held = not is_trusted and is_by_hand
        changes = {
            "trust": trust,
            "probation_reason": "" if is_trusted else reason[:500],
            "is_held": is_held,
            "trust_changed_at": timezone.now(),
        }
        same = Source.objects.filter(pk=source.pk, trust=trust, is_held=is_held)
        is_changed = not same.exists() and bool(Source.objects.filter(pk=source.pk).update(**changes))
        if is_changed:
            kind = "source.trusted" if is_trusted else "source.on_probation"
            record_event(kind, account=account, source=source.name, reason=reason)
    source.refresh_from_db()
    return is_changed


def accept_move(*, source: Source, account: Account | None) -> Source:
    """Ask the source from now on where it says that it has moved to. Raises ConflictError where it says no such thing."""
    moved_to = source.moved_to
    if not moved_to:
        raise ConflictError(f"{source.name} does not say that it has moved")
    if Source.objects.filter(address=moved_to).exists():
        raise ConflictError(f"another source is at {moved_to} already; switch {source.name} off instead")
    with transaction.atomic():
        Source.objects.filter(pk=source.pk).update(address=moved_to, host=site_of(moved_to)[:255], moved_to="")
        record_event("source.moved", account=account, source=source.name, before=source.address, after=moved_to)
    source.refresh_from_db()
    return source


def load_starter_sources(path: Path) -> int:
    """Make the starter list known, switched off until somebody wants it; returns how many are new."""
    n_new = 0
    for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sources"]:
        address = settled_address(entry["address"], connector_of(entry["kind"]))
        defaults = {"name": entry["name"], "title": entry["title"], "kind": entry["kind"], "is_active": False}
        defaults |= {"host": site_of(address), "trust": Source.Trust.TRUSTED}
        _, is_new = Source.objects.get_or_create(address=address, defaults=defaults)
        n_new += is_new
    return n_new


def settled_address(address: str, connector: Connector) -> str:
    """The address as it is stored: a file's in full, otherwise what the connector asks for what was typed.

    Raises InputError for what is none, or too long.
    """
    if connector.kind == "file":
        path = unquote(urlsplit(address).path) if address.startswith("file://") else address
        settled = str(Path(path).expanduser().resolve())
    elif canonical_url(address) is None:
        raise InputError(f"{address}: not an address of the form https://host/path, and no such file")
    else:
        settled = connector.settled(address.strip())
    if len(settled.encode()) > MAX_URL:
        raise InputError(f"{settled[:40]} ...: longer than {MAX_URL} characters; give a shorter address")
    return settled


def _refuse_crowd(host: str) -> None:
    if host and Source.objects.filter(host=host, is_active=True).count() >= MAX_PER_HOST:
        raise InputError(f"{host} has {MAX_PER_HOST} sources in use already; switch some off first")


def _is_example(address: str, kind: str) -> bool:
    """The example feeds that come with the project are of the starter list."""
    return kind == "file" and DATA / "feeds" in Path(address).parents


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
