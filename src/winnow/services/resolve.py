"""Where an address leads: redirects and `rel=canonical` are followed by the worker, never in a request.

A permanent redirect is the site's own word that two addresses are one: it decides. A temporary one, or an address that
a page gives for itself, only speaks for it: titles or texts must agree as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from urllib.parse import urlsplit

from django.db import transaction
from django.utils import timezone

from winnow.core.errors import FetchError
from winnow.core.sites import Facet
from winnow.core.urls import canonical_url, facet_of, identity_keys
from winnow.ml.duplicates import same_work
from winnow.models import Item, ItemKey, Job
from winnow.services import publish
from winnow.services.holders import family_names, work_of
from winnow.services.jobs import enqueue
from winnow.services.log import record_event
from winnow.services.network import client
from winnow.services.review import are_apart, propose_copy
from winnow.sources.canonical import canonical_link

KIND = "resolve"
# Submissions are always followed; of what sources bring, so many a day, and not in the same minute as the source itself.
GATHERED_PER_DAY = 300
GATHERED_WAIT = timedelta(minutes=10)
HELD = (Item.State.ADMITTED, Item.State.IN_REVIEW, Item.State.PUBLISHED)
# An address that is a name already leads nowhere new, unless a repository has moved.
_MOVING = ("github:", "gitlab:", "huggingface:")
_DETOURS = (
    "login",
    "signin",
    "sign-in",
    "consent",
    "captcha",
    "sorry",
    "404",
    "error",
    "paywall",
    "subscribe",
    "unsupported",
)


@dataclass(frozen=True, slots=True)
class Destination:
    """Where an address leads: `moved_to` for good, `hints` for the moment or by the page's own word."""

    moved_to: str = ""
    hints: tuple[str, ...] = ()


def ask_to_resolve(item: Item, *, is_submitted: bool) -> bool:
    """Ask the worker to follow the address of a new Item. False where that is not worth it, or enough for today."""
    if not _is_worth(item.url):
        return False
    now = timezone.now()
    if is_submitted:
        return enqueue(KIND, str(item.pk))
    since = now - timedelta(days=1)
    if Job.objects.filter(kind=KIND, payload__gathered=True, created_at__gte=since).count() >= GATHERED_PER_DAY:
        return False
    return enqueue(KIND, str(item.pk), payload={"gathered": True}, run_at=now + GATHERED_WAIT)


def resolve_item(pk: int) -> Destination:
    """Follow an Item's address and act on where it leads. A place that does not answer is no fault of the work."""
    item = Item.objects.filter(pk=pk, state__in=HELD).first()
    if item is None:
        return Destination()
    try:
        destination = _follow(item.url)
    except FetchError as error:
        record_event("address.unreachable", item=item, is_public=False, code=error.code)
        return Destination()
    _act(item, destination)
    return destination


def _is_worth(url: str) -> bool:
    keys = identity_keys(url)
    return bool(keys) and (facet_of(url) is Facet.PAGE or keys[0].startswith(_MOVING))


def _follow(url: str) -> Destination:
    """Slow, and outside of any transaction."""
    response = client().fetch(url)
    page = canonical_link(response.url, response.headers, response.body)
    moved_to = response.moved_to if _is_telling(url, response.moved_to) else ""
    others = (response.url, page)
    hints = tuple(other for other in dict.fromkeys(others) if other != moved_to and _is_telling(url, other))
    return Destination(moved_to, hints)


def _is_telling(url: str, other: str) -> bool:
    """Whether an address is another name, and no front page, detour or wall that everything there leads to."""
    if not other or canonical_url(other) in (None, canonical_url(url)):
        return False
    path = urlsplit(other).path.strip("/").lower()
    is_front = not path and not urlsplit(other).query
    return not is_front and not any(part in path.split("/")[0] for part in _DETOURS)


@transaction.atomic
def _act(item: Item, destination: Destination) -> None:
    """Take the new names; a work that holds one of them already is the same, or may be."""
    item = Item.objects.select_for_update().get(pk=item.pk)
    if item.state not in HELD:
        return
    if destination.moved_to:
        item.moved_to = destination.moved_to[:2000]
        item.save(update_fields=["moved_to"])
        record_event("item.moved", item=item, to=destination.moved_to)
    for face in _bearers(item, (destination.moved_to,)):
        _merge(item, face, f"its address has moved to {destination.moved_to}")
        return
    for key in identity_keys(destination.moved_to):
        ItemKey.objects.get_or_create(key=key[:500], defaults={"item": item})
    for hint in destination.hints:
        for other in _bearers(item, (hint,)):
            _weigh(item, other, hint)
            return


def _bearers(item: Item, addresses: tuple[str, ...]) -> list[Item]:
    """The Items that are shown for these addresses, other than this one and what a person told apart from it."""
    keys = [key for address in addresses for key in identity_keys(address)]
    rows = ItemKey.objects.filter(key__in=keys).select_related("item__duplicate_of").order_by("pk")
    faces = {face.pk: face for face in (row.item.duplicate_of or row.item for row in rows)}
    return [face for face in faces.values() if face.pk != item.pk and not are_apart(item, face)]


def _weigh(item: Item, other: Item, hint: str) -> None:
    """A hint counts as a link from one work to the other."""
    names: Mapping[int, frozenset[str]] = family_names([item, other])
    mine, theirs = work_of(item, names[item.pk]), work_of(other, names[other.pk])
    verdict = same_work(replace(mine, links=mine.links | frozenset(identity_keys(hint))), theirs)
    evidence = f"its address leads to {hint}: {verdict.evidence}"
    if verdict.verdict == "same":
        _merge(item, other, evidence)
    elif verdict.verdict == "maybe":
        propose_copy(item=item, face=other, evidence=evidence)


def _merge(item: Item, other: Item, evidence: str) -> None:
    """What is shown stays shown; of two that are, or are not, the first that came is the face."""
    copy, face = (item, other) if _rank(other) < _rank(item) else (other, item)
    if not publish.mark_copy(copy, face=face, evidence=evidence):
        propose_copy(item=item, face=other, evidence=evidence)


def _rank(item: Item) -> tuple[bool, int]:
    return item.state != Item.State.PUBLISHED, item.pk
