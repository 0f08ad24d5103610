"""On which side of an experiment a reader is: drawn once, kept by their own browser, and counted without their name.

The cookie holds the sides themselves and what was counted of this reader on the first day, so that nobody counts twice;
it holds no identifier. Who lets nothing be remembered, or whose browser has shown no cookie yet, is in no experiment.
"""

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from winnow.core.experiments import KNOBS, PARTS, READER, TAGS, Arm, arm_at, place_of
from winnow.models import Experiment, Item, Tag
from winnow.queries.experiments import model_at_last_stage, running_experiments, split_tags
from winnow.services.value import count_side, today
from winnow.web.access import account_of
from winnow.web.reader import reader_of

COOKIE, SALT = "winnow-side", "winnow.side"
# As long as an experiment lasts at the most, and a little.
LIVES_SECONDS = 60 * 24 * 3600
OURS = "winnow-"
_KEPT = "winnow.sides"


@dataclass(frozen=True, slots=True)
class Place:
    """A reader's side in one experiment since a day, and what they `did` on it; without a day they are not counted."""

    arm: Arm
    day: str = ""
    did: tuple[str, ...] = ()


@dataclass(slots=True)
class Sides:
    """All that is known of a visitor's sides while a request lasts, by the number of the experiment."""

    kept: dict[int, Place]
    is_gone: bool = False
    new: set[int] = field(default_factory=set)
    is_changed: bool = False
    running: list[Experiment] | None = None

    def put(self, pk: int, place: Place) -> None:
        """Keep a place, in the cookie too once the answer goes out."""
        self.kept[pk], self.is_changed = place, True


def factor_of(request: HttpRequest, knob: str) -> float:
    """What this reader's side multiplies by; what everybody has where nothing varies for them."""
    experiment = _experiment_on(request, knob)
    return KNOBS[knob].factor(_arm(request, experiment) if experiment else Arm.NONE)


def seen_tags(request: HttpRequest, *, among: Collection[int] | None = None, tag: str = "") -> dict[int, str]:
    """The slugs of the tags that this reader sees instead, by the number of the work; see `split_tags`.

    Who is shown nothing that differs does not take part: both sides of a page differ in the same works.
    """
    experiment = _experiment_on(request, TAGS)
    version = model_at_last_stage() if experiment else None
    if experiment is None or version is None or version.pk != experiment.model_version_id:
        return {}
    split = split_tags(version, among=among, tag=tag)
    arm = _arm(request, experiment) if split else Arm.NONE
    return {} if arm is Arm.NONE else {pk: pair[arm is Arm.VARIANT] for pk, pair in split.items()}


def tagged(request: HttpRequest, items: Iterable[Item], tags: Iterable[Tag]) -> dict[int, str]:
    """Let each work bear the tag that this reader sees, on this page alone; `tags` are the approved ones."""
    rows = list(items)
    seen = seen_tags(request, among=[item.pk for item in rows])
    bear(rows, seen, tags)
    return seen


def bear(items: Iterable[Item], seen: Mapping[int, str], tags: Iterable[Tag]) -> None:
    """The same where what is seen is known already."""
    if seen:
        by_slug = {tag.slug: tag for tag in tags}
        for item in items:
            slug = seen.get(item.pk, item.tag_id)
            item.seen_tag = by_slug.get(slug or "") if slug != item.tag_id else None


def note(request: HttpRequest, what: str) -> None:
    """The reader did something: one more on each of their sides, once, and on the first day alone."""
    if COOKIE not in request.COOKIES:
        return
    sides, day = _sides(request), today().isoformat()
    for row in _running(sides) if sides.kept else ():
        place = sides.kept.get(row.pk)
        if place is not None and place.day == day and what not in place.did and row.pk not in sides.new:
            count_side(row.pk, place.arm, what, day=day)
            sides.put(row.pk, replace(place, did=(*place.did, what)))


def keep(request: HttpRequest, response: HttpResponse) -> None:
    """Let the browser keep what has changed, and count who came new; what went wrong makes nobody take part."""
    sides: Sides | None = request.META.get(_KEPT)
    if sides is None:
        return
    if sides.is_gone:
        response.delete_cookie(COOKIE, samesite="Lax")
    elif sides.is_changed and (response.status_code == 200 or not sides.new):
        for pk in sides.new:
            place = sides.kept[pk]
            if place.day:
                count_side(pk, place.arm, READER, day=place.day)
        _set(response, sides)


def is_person(request: HttpRequest) -> bool:
    """Whether somebody is here to read: no page that is fetched ahead, no robot."""
    is_ahead = "prefetch" in request.headers.get("Sec-Purpose", "")
    is_robot = "bot" in request.headers.get("User-Agent", "").lower()
    return request.method == "GET" and not is_ahead and not is_robot


def _experiment_on(request: HttpRequest, knob: str) -> Experiment | None:
    """What varies this for this visitor, whose browser has shown that it keeps what we give it."""
    is_known = account_of(request) is not None or any(name.startswith(OURS) for name in request.COOKIES)
    if not is_known or not reader_of(request).is_learning:
        if COOKIE in request.COOKIES:
            _sides(request)
        return None
    return next((row for row in _running(_sides(request)) if row.knob == knob), None)


def _arm(request: HttpRequest, experiment: Experiment) -> Arm:
    """The side of an account by its number, of anybody else as it was drawn; who changes sides is counted no more."""
    sides, account = _sides(request), account_of(request)
    place = sides.kept.get(experiment.pk)
    if account is not None:
        arm = arm_at(place_of(f"account:{account.pk}", experiment.name), experiment.share)
    else:
        arm = place.arm if place else arm_at(secrets.randbelow(PARTS) / PARTS, experiment.share)
    if place is not None and place.arm is not arm:
        sides.put(experiment.pk, Place(arm))
    if place is None and not is_person(request):
        return arm if account is not None else Arm.NONE
    if place is None:
        sides.put(experiment.pk, Place(arm, "" if arm is Arm.NONE else today().isoformat()))
        sides.new.add(experiment.pk)
    return arm


def _running(sides: Sides) -> list[Experiment]:
    if sides.running is None:
        sides.running = running_experiments()
    return sides.running


def _sides(request: HttpRequest) -> Sides:
    """What the browser kept, read once a request; nothing, and no more, of who lets nothing be remembered."""
    if _KEPT not in request.META:
        is_kept = COOKIE in request.COOKIES
        is_gone = is_kept and not reader_of(request).is_learning
        request.META[_KEPT] = Sides(load(request.COOKIES[COOKIE]) if is_kept and not is_gone else {}, is_gone)
    sides: Sides = request.META[_KEPT]
    return sides


def load(value: str) -> dict[int, Place]:
    """The places that `dump` wrote; none where it was not we who wrote them."""
    try:
        plain: Mapping[str, Any] = signing.loads(value, salt=SALT)
        return {int(pk): Place(Arm(arm), day, tuple(did)) for pk, (arm, day, did) in plain.items()}
    except (signing.BadSignature, ValueError, TypeError, AttributeError):
        return {}


def dump(places: Mapping[int, Place]) -> str:
    """Places as the value of a cookie."""
    return signing.dumps({str(pk): [one.arm, one.day, one.did] for pk, one in places.items()}, salt=SALT)


def _set(response: HttpResponse, sides: Sides) -> None:
    """Of what runs alone, so that the cookie stays small."""
    current = {row.pk for row in _running(sides)}
    response.set_cookie(
        COOKIE,
        dump({pk: place for pk, place in sides.kept.items() if pk in current}),
        max_age=LIVES_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=bool(settings.SESSION_COOKIE_SECURE),
    )
