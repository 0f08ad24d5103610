"""The front page: the best few of each tag of the day, and an end."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from winnow.core.readers import Reader
from winnow.ml.ranking import paced, spread_out
from winnow.models import Item, Tag
from winnow.queries.items import Hot, hottest_of_tags, shown_items

PER_TAG = 4
# The day; where so little came that there is nothing to read, a longer time, and at last whatever there is.
SPANS = (("day", timedelta(days=1)), ("week", timedelta(days=7)), ("month", timedelta(days=31)))
LEAST = 3


@dataclass(frozen=True, slots=True)
class Front:
    """The sections, of which time they are ("day", "week", "month", or empty for all), and the tags without a work in it.

    `n_new` of the works came since the reader was last here.
    """

    sections: list[tuple[Tag, list[Item]]]
    span: str
    quiet: list[Tag]
    n_new: int


def front_page(
    *, tags: Sequence[Tag], reader: Reader, now: datetime, pace: float = 1.0, seen: Mapping[int, str] | None = None
) -> Front:
    """What came within the last day, the hottest of each tag, no source more often than its share; followed tags first.

    What came is counted from when it was published here: a work that people looked at for a week is news today.
    Experiments vary the `pace` at which works grow old, and under which tag a work is `seen`, by number.
    """
    order = sorted(tags, key=lambda tag: (tag.slug not in reader.followed, tag.position))
    hottest = _paced(_moved(hottest_of_tags(order, hidden=reader.hidden), seen or {}), pace)
    span, since = _span(hottest, now)
    of_the_time = {
        slug: [(one.pk, one.source_id) for one in rows if _came(one, since)] for slug, rows in hottest.items()
    }
    chosen = spread_out(of_the_time, per_section=PER_TAG)
    found = {item.pk: item for item in shown_items([pk for pks in chosen.values() for pk in pks])}
    pairs = [(tag, [found[pk] for pk in chosen[tag.slug] if pk in found]) for tag in order]
    n_new = sum(is_new(item, reader) for _, items in pairs for item in items)
    return Front([pair for pair in pairs if pair[1]], span, [tag for tag, items in pairs if not items], n_new)


def is_new(item: Item, reader: Reader) -> bool:
    """Whether it came since the reader was last here."""
    return reader.left_at is not None and item.published_at is not None and item.published_at > reader.left_at


def _moved(hottest: dict[str, list[Hot]], seen: Mapping[int, str]) -> dict[str, list[Hot]]:
    """Each work under the tag that it is seen under."""
    if not seen:
        return hottest
    moved: dict[str, list[Hot]] = {slug: [] for slug in hottest}
    for slug, rows in hottest.items():
        for one in rows:
            moved.setdefault(seen.get(one.pk, slug), []).append(one)
    return {slug: sorted(moved[slug], key=lambda one: (-one.hotness, -one.pk)) for slug in hottest}


def _paced(hottest: dict[str, list[Hot]], pace: float) -> dict[str, list[Hot]]:
    """The same works in the order of another pace."""
    if pace == 1.0:
        return hottest
    return {
        slug: sorted(rows, key=lambda one: (-paced(one.hotness, one.score, pace), -one.pk))
        for slug, rows in hottest.items()
    }


def _span(hottest: dict[str, list[Hot]], now: datetime) -> tuple[str, datetime | None]:
    """The shortest time in which there is something to read."""
    rows = [one for rows in hottest.values() for one in rows]
    for name, length in SPANS:
        if sum(_came(one, now - length) for one in rows) >= LEAST:
            return name, now - length
    return "", None


def _came(one: Hot, since: datetime | None) -> bool:
    return since is None or (one.published_at is not None and one.published_at >= since)
